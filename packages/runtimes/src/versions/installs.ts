/**
 * Installs the tarballs of `pnpm release:check` with each install command of the documents, and runs README's program, `require`
 * and the compilation of the declarations. It needs the npm registry.
 */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runtimes } from "../runtimes/Runtime.ts"
import { type InstallLine, installLines, nameAndVersion } from "./installLines.ts"
import { oldest } from "./oldest.ts"
import { pnpm, root, run } from "./run.ts"

const scope = "@effect-signalwire/"

const packed = new Map(
  (await readdir(join(root, "packed"))).flatMap(file => {
    const name = /^effect-signalwire-(?<name>[a-z-]+)-\d.*\.tgz$/.exec(file)?.groups?.["name"]
    return name === undefined ? [] : [[scope + name, `file:${join(root, "packed", file)}`] as const]
  })
)

const folder = await mkdtemp(join(tmpdir(), "installs-"))
let projects = 0

const project = async (manifest: object = {}): Promise<string> => {
  const path = join(folder, String(++projects))
  await mkdir(path)
  await writeFile(join(path, "package.json"), JSON.stringify({ name: "application", private: true, ...manifest }))
  return path
}

/** The tarballs that replace the published packages. */
const ours = Object.fromEntries(packed)

const installers: Readonly<Record<InstallLine["manager"], (packages: ReadonlyArray<string>) => Promise<string>>> = {
  npm: async packages => {
    const path = await project()
    const args = ["install", "--strict-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"]
    // without it, npm would install core from the registry
    const core = packages.some(name => name.startsWith(scope)) ? [`${ours[`${scope}core`]}`] : []
    await run("npm", [...args, ...packages.map(name => ours[name] ?? name), ...core], path)
    return path
  },
  pnpm: async packages => {
    const path = await project({ pnpm: { overrides: ours } })
    await pnpm(["add", "--ignore-scripts", ...packages.map(name => ours[name] ?? name)], path)
    return path
  },
  yarn: async packages => {
    const path = await project({ resolutions: ours })
    // the default cache of yarn may have tarballs of an earlier run
    const cache = ["--cache-folder", join(folder, "cache")]
    const args = ["-y", "yarn@1.22.22", "add", "--ignore-scripts", "--non-interactive", "--no-progress", ...cache]
    await run(
      "npx",
      [...args, ...packages.map(name => ours[name] === undefined ? name : `${name}@${ours[name]}`)],
      path
    )
    return path
  }
}

const versionOfEffect = async (path: string): Promise<string> =>
  JSON.parse(await readFile(join(path, "node_modules/effect/package.json"), "utf8")).version

const check = async (name: string, action: () => Promise<void>): Promise<void> => {
  const start = performance.now()
  await action()
  console.log(`${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
}

const expect = (found: string, expected: string): void => {
  if (found !== expected) throw new Error(`Expected ${JSON.stringify(expected)}, got ${JSON.stringify(found)}`)
}

const runtime = ManagedRuntime.make(SandboxSpace.layerTest)
const { apiToken, projectId, url } = await runtime.runPromise(SandboxSpace.SandboxSpace)
const environment = {
  SIGNALWIRE_REST_BASE_URL: url,
  SIGNALWIRE_PROJECT_ID: projectId,
  SIGNALWIRE_API_TOKEN: Redacted.value(apiToken)
}
const expectedOutput = "Design review is completed\n"

const readmeProgram = join(root, "packages/examples/src/application.ts")

/** README's program in CommonJS, which loads the CommonJS build of Effect. */
const commonJs = `
const { RoomSessions } = require("@effect-signalwire/core")
const { NodeSignalWire } = require("@effect-signalwire/node-runtime")
const { Effect } = require("effect")
const get = id => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))
const named = Effect.map(get("${
  SandboxSpace.seeds[0].id
}"), ({ display_name, status }) => display_name + " is " + status)
const unknown = Effect.catchTag(get("ffffffff-ffff-4fff-8fff-ffffffffffff"), "SignalWireNotFound", () => named)
Effect.runPromise(Effect.provide(unknown, NodeSignalWire.layerConfig())).then(console.log)
`

const nodes = runtimes.flatMap(({ name, path }) =>
  name.startsWith("Node") && path !== undefined ? [{ name, path }] : []
)

/** Copies README's program as `main.ts` into a package of this type. */
const programOfType = async (path: string, type: "commonjs" | "module"): Promise<string> => {
  const nested = join(path, type)
  await mkdir(nested)
  await writeFile(join(nested, "package.json"), JSON.stringify({ type }))
  await cp(readmeProgram, join(nested, "main.ts"))
  return join(nested, "main.ts")
}

/** Runs README's program, on Node 20 with tsx, and its CommonJS variant. */
const runPrograms = async (path: string): Promise<void> => {
  await cp(readmeProgram, join(path, "main.mts"))
  await writeFile(join(path, "main.cjs"), commonJs)
  const ofModule = await programOfType(path, "module")
  const ofCommonJs = await programOfType(path, "commonjs")
  // oxlint-disable no-await-in-loop -- each one uses the processors
  for (const node of nodes) {
    expect(await run(node.path, ["main.cjs"], path, environment), expectedOutput)
    if (node.name === "Node 20") {
      expect(await run("npx", ["-y", "tsx@4", "main.mts"], path, environment), expectedOutput)
    } else {
      expect(await run(node.path, ["main.mts"], path, environment), expectedOutput)
      expect(await run(node.path, [ofModule], path, environment), expectedOutput)
      const error = await run(node.path, [ofCommonJs], path, environment).catch(String)
      if (!error.includes("Cannot use import statement outside a module")) throw new Error(error)
    }
  }
  // oxlint-enable no-await-in-loop
}

/** A module that imports all declarations. It is compiled without `skipLibCheck`. */
const declarations = `
import { RoomSession, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { make } from "@effect-signalwire/core/FastDecoder"
import { RoomSessionsTest } from "@effect-signalwire/core/testing"
import { layerReplay } from "@effect-signalwire/core/testing/recording"
import { VideoApi } from "@effect-signalwire/core/VideoApi"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect } from "effect"
export const found: Effect.Effect<RoomSession.RoomSessionSummary, unknown> = Effect.provide(
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get("")),
  NodeSignalWire.layerConfig()
)
export const others = [make, VideoApi, RoomSessionsTest.layer, layerReplay, SignalWireClient.layer]
`

const compile = async (path: string, typescript: string): Promise<void> => {
  const compilerOptions = {
    module: "nodenext",
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true
  }
  // TypeScript 5.7 does not allow CommonJS files to import ES modules
  const files = typescript === "5.7" ? ["types.mts"] : ["types.mts", "types.cts"]
  await Promise.all(["types.mts", "types.cts"].map(file => writeFile(join(path, file), declarations)))
  await writeFile(join(path, "tsconfig.json"), JSON.stringify({ compilerOptions, files }))
  await run("npx", ["-y", "-p", `typescript@${typescript}`, "tsc", "-p", "."], path)
}

try {
  // oxlint-disable no-await-in-loop -- each one uses the processors, and the output is in order
  const lines = new Map(installLines.map(line => [`${line.manager} ${line.packages.join(" ")}`, line]))
  for (const [line, { manager, packages }] of lines) {
    await check(line, async () => {
      const path = await installers[manager](packages)
      if (packages.some(name => /^@?effect/.test(name))) expect((await versionOfEffect(path)).slice(0, 2), "3.")
      if (packages.some(name => nameAndVersion(name)[0] === "@effect/platform-node")) await runPrograms(path)
    })
  }
  const exact = Object.entries(oldest).map(([name, version]) => `${name}@${version}`)
  for (const versions of [exact, ["effect@3", "@effect/platform@0.97"]]) {
    await check(`${versions.join(" ")}: TypeScript 5.7, 5.8 and 7`, async () => {
      const path = await installers.npm([`${scope}core`, `${scope}node-runtime`, ...versions])
      for (const typescript of ["5.7", "5.8", "7"]) await compile(path, typescript)
    })
  }
  // oxlint-enable no-await-in-loop
} finally {
  await runtime.dispose()
  await rm(folder, { recursive: true, force: true })
}
