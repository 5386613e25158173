/** Checks the tarballs of `pnpm release:pack`: their manifests, their source maps and their sizes. */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join, normalize } from "node:path"
import { filesOf, type Tarball, tarballs, unpack } from "./tarballs.ts"

/** The limits of the compressed tarballs, in KB (1,000 bytes). They leave room for new resources: one adds 5 KB to core. */
const maxSizes: Readonly<Record<string, number>> = {
  "@effect-signalwire/core": 440,
  "@effect-signalwire/node-runtime": 80,
  "@effect-signalwire/sandbox": 610,
  "@effect-signalwire/cli": 1230
}

interface Unpacked extends Tarball {
  readonly folder: string
  readonly files: ReadonlySet<string>
}

const readJson = async (path: string) => JSON.parse(await readFile(path, "utf8"))

/** A script of the repository would need files that are not in the package. */
const manifestProblems = async ({ files, folder }: Unpacked): Promise<ReadonlyArray<string>> => {
  const { bin = {}, exports, scripts = {} } = await readJson(join(folder, "package.json"))
  const targets = [...Object.values(bin), ...Object.values(exports).flatMap(target => Object.values(target ?? {}))]
  return [
    ...Object.keys(scripts).map(name => `package.json has the script ${name}`),
    ...targets.flatMap(target =>
      typeof target !== "string" || target.length === 1 || target.includes("*") || files.has(normalize(target))
        ? []
        : [`package.json names ${target}, which is not in the package`]
    ),
    ...["CHANGELOG.md", "LICENSE", "README.md"].filter(file => !files.has(file)).map(file => `${file} is missing`)
  ]
}

/** A module that the exports do not close can be imported, by the pattern of core's exports too. */
const internalProblems = async ({ files, folder, name }: Unpacked): Promise<ReadonlyArray<string>> => {
  // a package resolves its own name by its exports, as other packages do
  const { resolve } = createRequire(join(folder, "package.json"))
  const modules = Array.from(files).flatMap(file => {
    const module = /^dist\/(?<module>(?:.+\/)?(?:internal|endpoints)\/.+)\.js$/.exec(file)?.groups?.["module"]
    return module === undefined ? [] : [module]
  })
  const { exports } = await readJson(join(folder, "package.json"))
  const named = Object.keys(exports).filter(path => exports[path] !== null && /\/(?:internal|endpoints)\//.test(path))
  const reachable = modules.filter(module => {
    try {
      return resolve(`${name}/${module}`) !== ""
    } catch {
      return false
    }
  })
  return Array.from(
    new Set([...named, ...reachable.map(module => `./${module}`)]),
    path => `${path} is internal and can be imported: make it null in publishConfig.exports of package.json`
  )
}

const adviceOnMaps =
  "add it to \"files\" in the package.json of the package, or leave the map and the line that names it out, as packages/sandbox/scripts/withoutMaps.mjs does"

/** Each source map must lead to sources of the package, unless it has their texts. */
const mapProblems = async ({ files, folder }: Unpacked): Promise<ReadonlyArray<string>> => {
  const maps = Array.from(files).filter(file => file.endsWith(".map"))
  const ofMaps = await Promise.all(maps.map(async file => {
    const { sourceRoot = "", sources, sourcesContent } = await readJson(join(folder, file))
    if (sourcesContent !== undefined) return []
    const missing = sources.filter((source: string) => !files.has(join(dirname(file), sourceRoot, source)))
    return missing.map((source: string) => `${file} leads to ${source}, which is not in the package: ${adviceOnMaps}`)
  }))
  const ofModules = await Promise.all(
    Array.from(files).filter(file => /\.(?:js|d\.ts)$/.test(file)).map(async file => {
      const text = await readFile(join(folder, file), "utf8")
      const map = /^\/\/# sourceMappingURL=(?<map>\S+)$/m.exec(text.slice(-500))?.groups?.["map"]
      const isMissing = map !== undefined && !files.has(join(dirname(file), map))
      return isMissing ? [`${file} names ${map}, which is not in the package: ${adviceOnMaps}`] : []
    })
  )
  return [...ofMaps, ...ofModules].flat()
}

const sizeProblems = async ({ name, path }: Unpacked): Promise<ReadonlyArray<string>> => {
  const kilobytes = (await stat(path)).size / 1000
  const max = maxSizes[name]
  console.log(`${name}: ${kilobytes.toFixed(0)} KB of ${max ?? 0}`)
  if (max === undefined) {
    return ["the package has no limit: add it to maxSizes in packages/runtimes/src/tarballs/check.ts"]
  }
  return kilobytes <= max ? [] : [
    `${
      kilobytes.toFixed(1)
    } KB are more than the limit of ${max} KB. If all of it belongs in the package, raise the limit: maxSizes in packages/runtimes/src/tarballs/check.ts`
  ]
}

const checks = [manifestProblems, internalProblems, mapProblems, sizeProblems]

const problemsOf = async (tarball: Tarball): Promise<ReadonlyArray<string>> => {
  const temporary = await mkdtemp(join(tmpdir(), "packed-"))
  try {
    const folder = await unpack(tarball, temporary)
    const unpacked = { ...tarball, folder, files: new Set(await filesOf(tarball)) }
    return (await Promise.all(checks.map(check => check(unpacked)))).flat()
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

if (tarballs.length === 0) throw new Error("There are no tarballs: run pnpm release:pack before")
const problems = await Promise.all(
  tarballs.map(async tarball => (await problemsOf(tarball)).map(problem => `${tarball.name}: ${problem}`))
)
for (const problem of problems.flat()) console.error(problem)
if (problems.flat().length > 0) process.exitCode = 1
