/** Runs a command as the program of this process. */
import type * as CliApp from "@effect/cli/CliApp"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as terminal from "./terminal.ts"

const environment = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer, NodeTerminal.layer, terminal.layer)

/** The exit codes of shells: 128 plus the number of the signal. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 }

/** Runs a program that returns an exit code. The code is set without `process.exit`, so that all output reaches its pipe. */
export const main = (
  program: Effect.Effect<number, never, terminal.ViewOptions | terminal.Streams | CliApp.CliApp.Environment>
): void => {
  let signal: keyof typeof exitCodes = "SIGINT"
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
      // it writes to standard output; the command logs to standard error
      disablePrettyLogger: true,
      teardown: (exit, onExit) => {
        if (Exit.isSuccess(exit)) return onExit(0)
        onExit(Cause.isInterruptedOnly(exit.cause) ? exitCodes[signal] : 1)
      }
    })
  )
}
