/** Runs programs of applications on each runtime, against servers. */
import { cp, mkdir } from "node:fs/promises"
import { join } from "node:path"
import { type Name, type Runtime, runtimes } from "../../runtimes/Runtime.ts"
import { check } from "../../runtimes/check.ts"
import { comparable, type Observation } from "../../suite/Report.ts"
import { expected, fetch, unsupported } from "../../suite/expected.ts"
import { run } from "../../versions/run.ts"
import { expectOutput, type Row } from "../Row.ts"
import { newestApplication, oldestApplication, writeJson } from "../application.ts"
import { bundle } from "../bundle.ts"
import { copyPrograms, environment, expectedOutput, readmeProgram, runVariant, type Variant } from "../programs.ts"

const isNode = ({ name }: Runtime): boolean => name.startsWith("Node")

/** A row that is skipped where its runtime is not installed. */
const rowOn = (runtime: Runtime, title: string, action: (path: string) => Promise<void>): Row => ({
  name: `${runtime.name}: ${title}`,
  skip: runtime.path === undefined ? `${runtime.name} is not installed (pnpm runtimes:install)` : undefined,
  run: () => action(String(runtime.path))
})

/** Copies README's program as `main.ts` into a package of this type. */
const programOfType = async (path: string, type: "commonjs" | "module", file = "main.ts"): Promise<string> => {
  const nested = join(path, type)
  await mkdir(nested, { recursive: true })
  await writeJson(join(nested, "package.json"), { type })
  await cp(readmeProgram, join(nested, file))
  return join(nested, file)
}

/** README's program by the commands of docs/installation.md. */
const readme = async (name: Name, node: string): Promise<void> => {
  const path = await newestApplication()
  const runFile = async (...args: ReadonlyArray<string>) => run(node, args, path, await environment())
  if (name === "Node 20") {
    const file = await programOfType(path, "module", "main.mts")
    expectOutput(await run("npx", ["-y", "tsx@4", file], path, await environment()), expectedOutput)
    return
  }
  expectOutput(await runFile(await programOfType(path, "commonjs", "main.mts")), expectedOutput)
  expectOutput(await runFile(await programOfType(path, "module")), expectedOutput)
  const error = await runFile(await programOfType(path, "commonjs")).catch(String)
  if (!error.includes("Cannot use import statement outside a module")) throw new Error(error)
}

const titles: Readonly<Record<Variant, string>> = {
  "import.mjs": "an ES module",
  "require.cjs": "CommonJS with require()",
  "dynamic.cjs": "CommonJS with import()"
}

const variantRows = (peers: string, application: () => Promise<string>) => (runtime: Runtime): ReadonlyArray<Row> =>
  (["import.mjs", "require.cjs", "dynamic.cjs"] as const).map(variant =>
    rowOn(
      runtime,
      `${titles[variant]}, ${peers} peers`,
      async path => runVariant(await application(), variant, path)
    )
  )

const expectReport = async (
  runtime: Runtime & { readonly path: string },
  file: string,
  wanted: Readonly<Record<string, Observation>>
): Promise<void> => {
  const { results } = await check(runtime, file)
  const observed = new Map(results.map(result => [result.name, result.observed]))
  const differences = Object.entries(wanted).flatMap(([name, expectation]) => {
    if ("absent" in expectation) return []
    const found = comparable(observed.get(name) ?? { defect: "not reported" }, expectation)
    const [left, right] = [found, expectation].map(value => JSON.stringify(value, Object.keys(value).toSorted()))
    return left === right ? [] : [`${name}: expected ${right}, got ${left}`]
  })
  if (differences.length > 0) throw new Error(differences.join("\n"))
}

/** The program as a file for the runtime: a bundle for a worker and for a page, as developers make them. */
const fileFor = async (name: Name): Promise<string> => {
  const path = await newestApplication()
  const programs = await copyPrograms(path)
  if (name === "workerd") return bundle("esbuild for workers", join(programs, "worker.js"), join(path, "worker.mjs"))
  if (name === "Chromium") return bundle("Vite for browsers", join(programs, "browser.js"), join(path, "browser.mjs"))
  return join(programs, "fetch.js")
}

const overFetch = (runtime: Runtime): Row =>
  rowOn(
    runtime,
    "the checks of core over fetch",
    async path => expectReport({ ...runtime, path }, await fileFor(runtime.name), expected(fetch[runtime.name]))
  )

const overUndici = (runtime: Runtime): Row =>
  rowOn(runtime, "the checks of node-runtime", async path => {
    const programs = await copyPrograms(await newestApplication())
    const wanted = runtime.name === "Bun" ? unsupported : expected({})
    await expectReport({ ...runtime, path }, join(programs, "nodeRuntime.js"), wanted)
  })

export const programs: ReadonlyArray<Row> = [
  ...runtimes.filter(isNode).flatMap(runtime => [
    rowOn(runtime, "README's program in TypeScript", path => readme(runtime.name, path)),
    ...variantRows("newest", newestApplication)(runtime),
    ...variantRows("oldest", oldestApplication)(runtime)
  ]),
  ...runtimes.map(overFetch),
  ...runtimes.filter(({ name }) => name !== "workerd" && name !== "Chromium").map(overUndici)
]
