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
import { exitCodes } from "./exitCodes.ts"
import * as terminal from "./terminal.ts"

const environment = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer, NodeTerminal.layer, terminal.layer)

/** The exit codes of shells: 128 plus the number of the signal. */
const signals = {
  SIGHUP: exitCodes.hungUp,
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated
}

/** Runs a program that returns an exit code. The code is set without `process.exit`, so that all output reaches its pipe. */
export const main = (
  program: Effect.Effect<number, never, terminal.ViewOptions | terminal.Streams | CliApp.CliApp.Environment>
): void => {
  let exitCode: number | undefined
  for (const [signal, code] of Object.entries(signals)) process.once(signal, () => exitCode ??= code)
  // the runtime interrupts the program on SIGINT and SIGTERM only
  process.once("SIGHUP", () => process.emit("SIGTERM"))
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
        onExit(Cause.isInterruptedOnly(exit.cause) ? exitCode ?? exitCodes.interrupted : exitCodes.other)
      }
    })
  )
}
