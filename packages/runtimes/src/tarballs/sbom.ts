/**
 * Writes a software bill of materials in CycloneDX beside each tarball of `pnpm release:pack`, and checks the licenses of its
 * components. What is copied into a package must have its license in the LICENSES.txt of the package. It needs the npm registry.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { root, run } from "../versions/run.ts"
import { scope, type Tarball, tarballs, unpack } from "./tarballs.ts"

/** Licenses under which a dependency may be published with packages under MIT. */
const allowed = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"])

const licensesFile = "LICENSES.txt"

interface Component {
  readonly type: string
  readonly name: string
  readonly version: string
  readonly group?: string
  readonly purl?: string
  readonly licenses?: ReadonlyArray<{
    readonly expression?: string
    readonly license?: { readonly id?: string; readonly name?: string }
  }>
  readonly externalReferences?: ReadonlyArray<{ readonly type: string; readonly url: string }>
}

interface Sbom {
  readonly metadata: { readonly component: Component }
  readonly components: ReadonlyArray<Component>
}

const readJson = async (path: string) => JSON.parse(await readFile(path, "utf8"))

/** As npm installs the package, with core from its tarball. */
const ofDependencies = async (tarball: Tarball, temporary: string): Promise<Sbom> => {
  const folder = await unpack(tarball, temporary)
  const { dependencies = {}, description, license, name, peerDependencies, version } = await readJson(
    join(folder, "package.json")
  )
  const core = tarballs.find(({ name }) => name === `${scope}core`)
  const fromTarball = `${scope}core` in dependencies ? { [`${scope}core`]: `file:${core?.path}` } : {}
  const manifest = {
    name,
    version,
    license,
    description,
    peerDependencies,
    dependencies: { ...dependencies, ...fromTarball }
  }
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest))
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
  return JSON.parse(await run("npm", ["sbom", "--sbom-format=cyclonedx", "--sbom-type=library"], folder))
}

/** Of the packages in the bundle of the command, which has no dependencies. */
const ofBundle = async (_: Tarball, temporary: string): Promise<Sbom> => {
  const file = join(temporary, "sbom.json")
  const args = ["--mc-type=application", "--output-reproducible", `--output-file=${file}`]
  const folder = join(root, "packages/cli")
  await run(join(root, "node_modules/.bin/cyclonedx-esbuild"), [...args, "dist/metafile.json"], folder)
  return readJson(file)
}

/** The packages in a file with licenses. */
const componentsIn = (licenses: string): ReadonlyArray<Component> =>
  Array.from(licenses.matchAll(/^(?<name>@?[a-z][\w./-]*) (?<version>\d\S*) \((?<id>[^)\n]+)\)$/gm), ({ groups }) => {
    const { id = "", name = "", version = "" } = groups ?? {}
    return { type: "library", name, version, purl: `pkg:npm/${name}@${version}`, licenses: [{ license: { id } }] }
  })

/** The packages that are copied into the console of the sandbox, which the command contains too. */
const consoleComponents = async (): Promise<ReadonlyArray<Component>> =>
  componentsIn(await readFile(join(root, "packages/sandbox", licensesFile), "utf8"))

const fullNameOf = ({ group, name }: Component): string =>
  group === undefined || group === "" ? name : `${group}/${name}`

/** The packages that are copied into the files of a package, and whose license is not in it. */
const withoutLicenseText = async (
  tarball: Tarball,
  copied: ReadonlyArray<Component>
): Promise<ReadonlyArray<Component>> => {
  const path = tarball.name === `${scope}cli` ? `dist/bundle/${licensesFile}` : licensesFile
  const licenses = await run("tar", ["-xzOf", tarball.path, `package/${path}`], root)
  const found = new Set(componentsIn(licenses).map(({ name, version }) => `${name} ${version}`))
  return copied.filter(component => !found.has(`${fullNameOf(component)} ${component.version}`))
}

/** Leaves the paths of this machine out. */
const withoutPaths = (component: Component): Component => ({
  ...component,
  ...(component.externalReferences === undefined
    ? {}
    : { externalReferences: component.externalReferences.filter(({ url }) => !url.startsWith("file:")) })
})

const licenseOf = ({ licenses = [] }: Component): string =>
  licenses.map(({ expression, license }) => expression ?? license?.id ?? license?.name).join(" and ")

const write = async (tarball: Tarball): Promise<void> => {
  const temporary = await mkdtemp(join(tmpdir(), "sbom-"))
  try {
    const make = tarball.name === `${scope}cli` ? ofBundle : ofDependencies
    const sbom = await make(tarball, temporary)
    const isBundle = tarball.name === `${scope}cli`
    const ofConsole = isBundle || tarball.name === `${scope}sandbox` ? await consoleComponents() : []
    const components = [...sbom.components.map(withoutPaths), ...ofConsole]
    const path = tarball.path.replace(/\.tgz$/, ".cdx.json")
    const metadata = { ...sbom.metadata, component: { ...sbom.metadata.component, name: tarball.name } }
    await writeFile(path, `${JSON.stringify({ ...sbom, metadata, components }, undefined, 2)}\n`)
    console.log(`${basename(path)}: ${components.length} components`)
    if (components.length === 0) throw new Error(`${tarball.name} has no components`)
    const problems = components.flatMap(component => {
      const license = licenseOf(component)
      return allowed.has(license) ? [] : [
        `${fullNameOf(component)} ${component.version} has the license ${
          license || "(none)"
        }. Replace the dependency, or add the license to allowed in packages/runtimes/src/tarballs/sbom.ts if it may be published with packages under MIT`
      ]
    })
    const copied = components.filter(component =>
      ofConsole.includes(component) || (isBundle && !fullNameOf(component).startsWith(scope))
    )
    const missing = copied.length === 0 ?
      [] :
      (await withoutLicenseText(tarball, copied)).map(component =>
        `${
          fullNameOf(component)
        } ${component.version} is in the files of the package, and its license is not in ${licensesFile}: see scripts/licenses.mjs`
      )
    for (const problem of [...problems, ...missing]) console.error(`${tarball.name}: ${problem}`)
    if (problems.length + missing.length > 0) process.exitCode = 1
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

if (tarballs.length === 0) throw new Error("There are no tarballs: run pnpm release:pack before")
// oxlint-disable-next-line no-await-in-loop -- npm uses the processors
for (const tarball of tarballs) await write(tarball)
