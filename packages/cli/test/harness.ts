/** Runs the commands in this process through the real parser, client and transport, with a console and an environment of the test. */
import type { SandboxSpace } from "@effect-signalwire/sandbox"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { ConfigProvider, Console, type Context, DateTime, Effect, Layer, Redacted } from "effect"
import { runRoomSession, runStart } from "../src/run.ts"
import { spaceOrSandbox } from "../src/sandboxTarget.ts"
import * as spaceTarget from "../src/spaceTarget.ts"
import type { MakeTarget } from "../src/target.ts"
import { Streams, ViewOptions } from "../src/terminal.ts"

export interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

type Environment = Readonly<Record<string, string>>

export const viewOptions = {
  color: false,
  timeZone: DateTime.zoneMakeOffset(0),
  width: 100,
  tableWidth: 100
}

const capture = (
  run: Effect.Effect<number, never, ViewOptions | Streams | NodeContext.NodeContext>,
  env: Environment,
  streams: Partial<Context.Tag.Service<Streams>> = {}
) =>
  Effect.gen(function*() {
    const written = { stdout: "", stderr: "" }
    const to = (stream: keyof typeof written) => (...texts: ReadonlyArray<unknown>): void => {
      written[stream] += `${texts.join(" ").trimEnd()}\n`
    }
    const [log, error] = [to("stdout"), to("stderr")]
    const console = yield* Console.consoleWith(console => Effect.succeed(console))
    const code = yield* run.pipe(
      Effect.withConsole({
        ...console,
        log: (...texts) => Effect.sync(() => log(...texts)),
        error: (...texts) => Effect.sync(() => error(...texts)),
        unsafe: { ...console.unsafe, log, error }
      }),
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(env)))),
      Effect.provide([
        Layer.succeed(ViewOptions, viewOptions),
        NodeContext.layer,
        Layer.succeed(Streams, {
          write: bytes =>
            Effect.sync(() => {
              written.stdout += Buffer.from(bytes).toString()
            }),
          isOutputTerminal: false,
          outputSize: () => ({ columns: 80, rows: 24 }),
          isErrorTerminal: false,
          errorWidth: () => Infinity,
          errorColor: false,
          ...streams
        })
      ])
    )
    return { code, ...written } satisfies Result
  })

export const roomSession = (
  args: ReadonlyArray<string>,
  env: Environment = {},
  make: MakeTarget = spaceTarget.make,
  streams: Partial<Context.Tag.Service<Streams>> = {}
) => capture(runRoomSession(args, make), env, streams)

export const start = (args: ReadonlyArray<string>, env: Environment = {}) =>
  capture(runStart(args, spaceOrSandbox), env)

/** The environment with which the commands reach a sandbox. */
export const environmentOf = ({ apiToken, projectId, url }: SandboxSpace.Service): Environment => ({
  SIGNALWIRE_REST_BASE_URL: url,
  SIGNALWIRE_PROJECT_ID: projectId,
  SIGNALWIRE_API_TOKEN: Redacted.value(apiToken)
})
