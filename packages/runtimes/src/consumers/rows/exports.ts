/** What can be imported from the tarballs, and what cannot. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { filesOf, scope, type Tarball, tarballs } from "../../tarballs/tarballs.ts"
import { run } from "../../versions/run.ts"
import { expectOutput, type Row } from "../Row.ts"
import { newestApplication } from "../application.ts"
import { documented, subpaths } from "../subpaths.ts"

/** Prints the specifiers that can be imported or required. The pattern of core's exports makes a path of each one, where no file is. */
const notResolving = (specifiers: ReadonlyArray<string>): string => `
import { createRequire } from "node:module"
const require = createRequire(import.meta.url)
for (const specifier of ${JSON.stringify(specifiers)}) {
  for (const load of [specifier => import(specifier), async specifier => require(specifier)]) {
    const code = await load(specifier).then(() => "loaded", error => error.code)
    const isAbsent = specifier.includes("/dist/") && ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(code)
    if (code !== "ERR_PACKAGE_PATH_NOT_EXPORTED" && !isAbsent) console.log(specifier, code)
  }
}
`

const importing = (specifiers: ReadonlyArray<string>): string =>
  specifiers.map((specifier, index) => `import * as module${index} from "${specifier}"\n`).join("") +
  specifiers.map((specifier, index) =>
    `if (Object.keys(module${index}).length === 0) console.log("${specifier} is empty")\n`
  ).join("")

/** Runs a module in the application that prints what is not as expected. */
const expectNothing = async (name: string, source: string): Promise<void> => {
  const path = await newestApplication()
  await writeFile(join(path, name), source)
  expectOutput(await run(process.execPath, [name], path), "")
}

const installed = tarballs.filter(({ name }) => name !== `${scope}cli`)

/** The specifiers of all shipped modules that are not public. */
const internal = async (tarball: Tarball): Promise<ReadonlyArray<string>> => {
  const { name } = tarball
  const isPublic = new Set(subpaths(name))
  const modules = (await filesOf(tarball)).filter(file => file.startsWith("dist/") && file.endsWith(".js")).map(file =>
    file.slice("dist/".length, -".js".length)
  )
  return modules
    // the modules below core's `testing` can be imported one by one
    .filter(module => name !== `${scope}core` || !/^testing\/[A-Z]\w+$/.test(module))
    .flatMap(module => [`${name}/${module}`, `${name}/dist/${module}.js`])
    .filter(specifier => !isPublic.has(specifier))
}

export const exportRows: ReadonlyArray<Row> = [
  ...installed.map(tarball => ({
    name: `exports: internal modules of ${tarball.name.slice(scope.length)} cannot be imported`,
    run: async () => {
      const specifiers = await internal(tarball)
      if (!specifiers.some(specifier => specifier.includes("/internal/"))) {
        throw new Error("No internal module is shipped")
      }
      await expectNothing("internal.mjs", notResolving(specifiers))
    }
  })),
  {
    name: "exports: every public subpath can be imported",
    run: () => expectNothing("public.mjs", importing(installed.flatMap(({ name }) => subpaths(name))))
  },
  {
    name: "exports: every subpath in the documents can be imported",
    run: () => expectNothing("documented.mjs", importing(documented()))
  }
]
