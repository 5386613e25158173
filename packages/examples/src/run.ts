/** `pnpm example <file>`: runs an example. Without the variables of a space, it runs against a sandbox of its own. */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer, Redacted } from "effect"
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const [name = "", ...args] = process.argv.slice(2)
const file = fileURLToPath(new URL(`${name.replace(/\.ts$/, "")}.js`, import.meta.url))

const sandboxVariables = Effect.map(SandboxSpace.SandboxSpace, ({ apiToken, projectId, url }) => ({
  SIGNALWIRE_SPACE: new URL(url).host,
  SIGNALWIRE_PROJECT_ID: projectId,
  SIGNALWIRE_API_TOKEN: Redacted.value(apiToken)
}))

const run = (variables: NodeJS.ProcessEnv) =>
  Effect.async<number>(resume => {
    const child = spawn(process.execPath, [file, ...args], { stdio: "inherit", env: { ...process.env, ...variables } })
    child.once("close", code => resume(Effect.succeed(code ?? 1)))
    return Effect.async<void>(resume => {
      child.once("close", () => resume(Effect.void))
      child.kill()
    })
  })

const hasSpace = Object.keys(process.env).some(variable => variable.startsWith("SIGNALWIRE_"))

const program = hasSpace
  ? run({})
  : Effect.flatMap(sandboxVariables, run).pipe(Effect.provide(Layer.orDie(SandboxSpace.layerTest)))

NodeRuntime.runMain(
  existsSync(file)
    ? Effect.tap(program, code => Effect.sync(() => process.exitCode = code))
    : Effect.zipRight(Console.error(`There is no example ${name}`), Effect.sync(() => process.exitCode = 2))
)
