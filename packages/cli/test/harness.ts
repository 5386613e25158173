/** Runs the commands in this process: the real parser, commands and stack, with a terminal and an environment of the test. */
import type { SandboxSpace } from "@effect-signalwire/sandbox"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { ConfigProvider, Console, DateTime, Effect, Layer, Redacted } from "effect"
import { Display } from "../src/display.ts"
import { runRoomSession, runStart } from "../src/run.ts"
import { spaceOrSandbox } from "../src/sandboxTarget.ts"
import { type Live, space } from "../src/target.ts"

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

type Environment = Readonly<Record<string, string>>

const display = Layer.succeed(Display, { color: false, timeZone: DateTime.zoneMakeOffset(0), width: 100 })

const capture = (run: Effect.Effect<number, never, Display | NodeContext.NodeContext>, env: Environment) =>
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
      Effect.provide([display, NodeContext.layer])
    )
    return { code, ...written } satisfies Ran
  })

export const roomSession = (args: ReadonlyArray<string>, env: Environment = {}, live: Live = space) =>
  capture(runRoomSession(args, live), env)

export const start = (args: ReadonlyArray<string>, env: Environment = {}) =>
  capture(runStart(args, spaceOrSandbox), env)

/** The environment that leads to a sandbox. */
export const environmentOf = ({ apiToken, projectId, url }: SandboxSpace.Service): Environment => ({
  SIGNALWIRE_REST_BASE_URL: url,
  SIGNALWIRE_PROJECT_ID: projectId,
  SIGNALWIRE_API_TOKEN: Redacted.value(apiToken)
})
