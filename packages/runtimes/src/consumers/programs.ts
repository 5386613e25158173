/** Programs of an application, and the sandbox that they call. */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import { cp, mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { root, run } from "../versions/run.ts"
import { expectOutput } from "./Row.ts"

const runtime = ManagedRuntime.make(SandboxSpace.layerTest)

export const closeSandbox = (): Promise<void> => runtime.dispose()

/** The environment variables of a space. */
export const environment = async (): Promise<Readonly<Record<string, string>>> => {
  const { apiToken, projectId, url } = await runtime.runPromise(SandboxSpace.SandboxSpace)
  return {
    SIGNALWIRE_REST_BASE_URL: url,
    SIGNALWIRE_PROJECT_ID: projectId,
    SIGNALWIRE_API_TOKEN: Redacted.value(apiToken)
  }
}

/** README's program, which needs @effect/platform-node. */
export const readmeProgram = join(root, "packages/examples/src/application.ts")

export const expectedOutput = "Design review is completed\n"

/** The same without @effect/platform-node, and with an error of the server on the way. */
const program = (load: string): string => `
${load}
const get = id => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))
const found = Effect.map(get("${SandboxSpace.seeds[0].id}"), session => session.display_name + " is " + session.status)
const unknown = Effect.catchTag(get("ffffffff-ffff-4fff-8fff-ffffffffffff"), "SignalWireNotFound", () => found)
return Effect.runPromise(Effect.provide(unknown, NodeSignalWire.layerConfig()))
`

const names = ["{ RoomSessions }", "{ NodeSignalWire }", "{ Effect }"] as const
const modules = ["@effect-signalwire/core", "@effect-signalwire/node-runtime", "effect"] as const

const statements = (statement: (name: string, module: string) => string): string =>
  names.map((name, index) => statement(name, String(modules[index]))).join("\n")

const asFunction = (load: string): string => `const main = async () => {${program(load)}}\nmain().then(console.log)\n`

/** The program by file name. `require("effect")` loads the CommonJS build of Effect. */
export const variants = {
  "import.mjs": `${statements((name, module) => `import ${name} from "${module}"`)}\n${asFunction("")}`,
  "require.cjs": asFunction(statements((name, module) => `const ${name} = require("${module}")`)),
  "dynamic.cjs": asFunction(statements((name, module) => `const ${name} = await import("${module}")`))
} as const satisfies Readonly<Record<string, string>>

export type Variant = keyof typeof variants

/** Writes the variant into an application, and returns its path. */
export const writeVariant = async (application: string, variant: Variant): Promise<string> => {
  const path = join(application, variant)
  await writeFile(path, variants[variant])
  return path
}

/** Runs the variant in an application with this executable. */
export const runVariant = async (application: string, variant: Variant, executable: string): Promise<void> => {
  const path = await writeVariant(application, variant)
  expectOutput(await run(executable, [path], application, await environment()), expectedOutput)
}

/** Copies the compiled programs of this package into an application, and returns their folder. */
export const copyPrograms = async (application: string): Promise<string> => {
  const folder = join(application, "compiled")
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }))
  for (const name of ["programs", "suite"]) {
    // oxlint-disable-next-line no-await-in-loop -- both are small
    await cp(join(root, "packages/runtimes/dist", name), join(folder, name), { recursive: true })
  }
  return join(folder, "programs")
}
