/** One run of a command as a process. */
import type * as CliApp from "@effect/cli/CliApp"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as display from "./display.ts"

const environment = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer, NodeTerminal.layer, display.layer)

/** What shells make of a process that a signal ended: 128 and its number. */
const interrupted = { SIGINT: 130, SIGTERM: 143 }

/** Sets the exit code and lets the process end by itself, so that everything written reaches its pipe. */
export const main = (
  program: Effect.Effect<number, never, display.Display | CliApp.CliApp.Environment>
): void => {
  let signal: keyof typeof interrupted = "SIGINT"
  process.once("SIGTERM", () => {
    signal = "SIGTERM"
  })
  program.pipe(
    Effect.map(code => {
      process.exitCode = code
    }),
    Effect.provide(environment),
    NodeRuntime.runMain({
      disableErrorReporting: true,
      teardown: (exit, onExit) => {
        if (Exit.isSuccess(exit)) return onExit(0)
        onExit(Cause.isInterruptedOnly(exit.cause) ? interrupted[signal] : 1)
      }
    })
  )
}
