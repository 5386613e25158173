/** Applications that install the tarballs, each in a folder of its own. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runtimes } from "../runtimes/Runtime.ts"
import { scope, tarballs as packed } from "../tarballs/tarballs.ts"
import { oldest } from "../versions/oldest.ts"
import { pnpm, run } from "../versions/run.ts"

/** The tarballs by the names of the packages, for the overrides of a package manager. */
const tarballs: Readonly<Record<string, string>> = Object.fromEntries(
  packed.map(({ name, path }) => [name, `file:${path}`])
)

const folder = await mkdtemp(join(tmpdir(), "consumers-"))
let applications = 0

export const removeAll = (): Promise<void> => rm(folder, { recursive: true, force: true })

export const writeJson = (path: string, content: object): Promise<void> => writeFile(path, JSON.stringify(content))

const create = async (manifest: object = {}): Promise<string> => {
  const path = join(folder, String(++applications))
  await mkdir(path)
  await writeJson(join(path, "package.json"), { name: "application", private: true, ...manifest })
  return path
}

/** Replaces the names of our packages by their tarballs, for npm and pnpm. */
const asTarballs = (packages: ReadonlyArray<string>): ReadonlyArray<string> =>
  packages.map(name => tarballs[name] ?? name)

/** The same for yarn and bun, which need the name before the path. */
const asNamedTarballs = (packages: ReadonlyArray<string>): ReadonlyArray<string> =>
  packages.map(name => tarballs[name] === undefined ? name : `${name}@${tarballs[name]}`)

const bunPath = runtimes.find(({ name }) => name === "Bun")?.path

/** Each installs packages into a new application, and returns its path. */
export const installers = {
  npm: async packages => {
    const path = await create()
    const args = ["install", "--strict-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"]
    // without it, npm would install core from the registry
    const core = packages.some(name => name.startsWith(scope)) ? [`${scope}core`] : []
    await run("npm", [...args, ...asTarballs([...packages, ...core])], path)
    return path
  },
  pnpm: async packages => {
    const path = await create({ pnpm: { overrides: tarballs } })
    await pnpm(["add", "--ignore-scripts", ...asTarballs(packages)], path)
    return path
  },
  yarn: async packages => {
    const path = await create({ resolutions: tarballs })
    // the default cache of yarn may have tarballs of an earlier run
    const cache = ["--cache-folder", join(folder, "yarnCache")]
    const args = ["-y", "yarn@1.22.22", "add", "--ignore-scripts", "--non-interactive", "--no-progress", ...cache]
    await run("npx", [...args, ...asNamedTarballs(packages)], path)
    return path
  },
  yarnPnp: async packages => {
    const path = await create({ resolutions: tarballs })
    const settings = [
      "nodeLinker: pnp",
      "enableTelemetry: false",
      "enableScripts: false",
      "enableGlobalCache: false",
      `cacheFolder: ${join(folder, "yarnPnpCache")}`
    ]
    await writeFile(join(path, ".yarnrc.yml"), `${settings.join("\n")}\n`)
    await writeFile(join(path, "yarn.lock"), "")
    await yarnPnp(["add", ...asNamedTarballs(packages)], path)
    return path
  },
  bun: async packages => {
    const path = await create({ overrides: tarballs })
    // the default cache of Bun may have tarballs of an earlier run
    const cache = { BUN_INSTALL_CACHE_DIR: join(folder, "bunCache") }
    await run(String(bunPath), ["add", "--ignore-scripts", ...asNamedTarballs(packages)], path, cache)
    return path
  }
} as const satisfies Readonly<Record<string, (packages: ReadonlyArray<string>) => Promise<string>>>

/** Runs a command of yarn 4. */
export const yarnPnp = (
  args: ReadonlyArray<string>,
  path: string,
  env?: Readonly<Record<string, string>>
): Promise<string> => run("npx", ["-y", "-p", "@yarnpkg/cli-dist@4.18.1", "yarn", ...args], path, env)

export const versionOf = async (path: string, name: string): Promise<string> =>
  JSON.parse(await readFile(join(path, "node_modules", name, "package.json"), "utf8")).version

/** Installs at the first call, for the rows that need the same application. */
const shared = (packages: ReadonlyArray<string>): () => Promise<string> => {
  let installed: Promise<string> | undefined
  return () => installed ??= installers.npm(packages)
}

/** What the declarations need without `skipLibCheck`. */
const typesOfNode = ["@types/node@20", "@types/ws"]

/** The newest supported versions of Effect. */
export const newestApplication = shared([
  ...["core", "node-runtime", "sandbox"].map(name => scope + name),
  "effect@3",
  "@effect/platform@0.97",
  "@effect/platform-node@0.108",
  ...typesOfNode
])

/** The oldest supported versions of Effect. The sandbox needs newer ones. */
export const oldestApplication = shared([
  ...["core", "node-runtime"].map(name => scope + name),
  ...Object.entries(oldest).map(([name, version]) => `${name}@${version}`)
])
