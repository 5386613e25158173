/** Compiles the declarations of the tarballs, without `skipLibCheck` and with declarations of the application. */
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { scope } from "../../tarballs/tarballs.ts"
import { run } from "../../versions/run.ts"
import type { Row } from "../Row.ts"
import { newestApplication, oldestApplication, writeJson } from "../application.ts"
import { subpaths } from "../subpaths.ts"

const versions = ["5.7", "5.8", "5.9", "6", "7"] as const
type Version = typeof versions[number]

const resolutions = {
  node16: { module: "node16" },
  nodenext: { module: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" }
} as const
type Resolution = keyof typeof resolutions

/** Exports values with inferred types, which the declarations of the application have to name. */
const application = `
import { RoomSession, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { RoomSessionsTest } from "@effect-signalwire/core/testing"
import { VideoApi } from "@effect-signalwire/core/VideoApi"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect, Layer } from "effect"

export const found: Effect.Effect<RoomSession.RoomSessionSummary, unknown> = Effect.provide(
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get("")),
  NodeSignalWire.layerConfig()
)
export const get = (id: string) => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))
export const caught = Effect.catchTag(get(""), "SignalWireNotFound", error => Effect.succeed(error.attempts))
export const layers = Layer.merge(NodeSignalWire.layerConfig(), RoomSessionsTest.layer([]))
export const client = SignalWireClient.layer
export const api = VideoApi
export class Sessions extends Effect.Service<Sessions>()("Sessions", {
  effect: Effect.map(RoomSessions.RoomSessions, sessions => ({ get: sessions.get, list: sessions.list }))
}) {}
`

/** Prints the paths of all values that a module exports, also of those in its namespaces. */
const listValues = `
const isModule = value => value?.[Symbol.toStringTag] === "Module"
const pathsOf = module => Object.entries(module).flatMap(([name, value]) =>
  isModule(value) ? pathsOf(value).map(path => [name, ...path]) : [[name]]
)
const modules = await Promise.all(process.argv.slice(2).map(specifier => import(specifier)))
console.log(JSON.stringify(modules.map(pathsOf)))
`

/** Exports every public value with its inferred type: the compiler fails with TS4023 where a type cannot be named. */
const everyValue = async (path: string, packages: ReadonlyArray<string>): Promise<string> => {
  const specifiers = packages.flatMap(name => subpaths(name))
  await writeFile(join(path, "values.mjs"), listValues)
  const modules: ReadonlyArray<ReadonlyArray<ReadonlyArray<string>>> = JSON.parse(
    await run(process.execPath, ["values.mjs", ...specifiers], path)
  )
  return modules.flatMap((values, index) => [
    `import * as module${index} from "${specifiers[index]}"\n`,
    ...values.map((names, value) => `export const value${index}_${value} = module${index}.${names.join(".")}\n`)
  ]).join("")
}

/** CommonJS can import ES modules with `import()` only, except with nodenext from TypeScript 5.8 on. A bundler has no CommonJS. */
const dynamic = `
export const load = async () => {
  const { RoomSessions } = await import("@effect-signalwire/core")
  const { NodeSignalWire } = await import("@effect-signalwire/node-runtime")
  return { tag: RoomSessions.RoomSessions, layer: NodeSignalWire.layerConfig() }
}
`

const filesFor = (typescript: Version, resolution: Resolution, values: string) => ({
  "application.mts": application,
  "values.mts": values,
  ...(resolution === "bundler" ? {} : { "dynamic.cts": dynamic }),
  ...(resolution === "nodenext" && typescript !== "5.7" ? { "application.cts": application } : {})
})

const compile = async (
  path: string,
  typescript: Version,
  resolution: Resolution,
  names: ReadonlyArray<string>
): Promise<void> => {
  const folder = join(path, `types-${typescript}-${resolution}`)
  const files = filesFor(typescript, resolution, await everyValue(path, names.map(name => scope + name)))
  await mkdir(folder)
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))
  await writeJson(join(folder, "tsconfig.json"), {
    compilerOptions: {
      ...resolutions[resolution],
      target: "es2022",
      lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
      // the declarations of the sandbox have types of node:net
      types: names.includes("sandbox") ? ["node"] : [],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      declaration: true,
      outDir: "out"
    },
    files: Object.keys(files)
  })
  await run("npx", ["-y", "-p", `typescript@${typescript}`, "tsc", "-p", "."], folder)
}

export const types: ReadonlyArray<Row> = [
  ...versions.flatMap(typescript =>
    (["node16", "nodenext", "bundler"] as const).map(resolution => ({
      name: `types: TypeScript ${typescript}, ${resolution}`,
      run: async () => compile(await newestApplication(), typescript, resolution, ["core", "node-runtime", "sandbox"])
    }))
  ),
  ...versions.map(typescript => ({
    name: `types: TypeScript ${typescript}, nodenext, oldest peers`,
    run: async () => compile(await oldestApplication(), typescript, "nodenext", ["core", "node-runtime"])
  }))
]
