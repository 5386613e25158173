/** Runs the command of the sandbox as the program of this process. */
import * as CliConfig from "@effect/cli/CliConfig"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import { closeSync } from "node:fs"
import { exitCode, run } from "./internal/command/command.ts"

/** Ends the output of `--export` for a shell that waits for its end, while the sandbox runs. Node has no way to close the stream. */
const closeOutput = Effect.sync(() => {
  if (!process.stdout.isTTY) closeSync(1)
})

/**
 * Runs the command of the sandbox as the program of this process, for a command that has it as a subcommand.
 *
 * @param name the command as users call it
 * @param args the arguments after it
 * @since 1.0.0
 * @category commands
 */
export const main = (name: string, args: ReadonlyArray<string>): void => {
  // the sandbox continues when its log is no longer read
  process.stdout.on("error", () => {})
  process.stderr.on("error", () => {})
  run(["", "", ...args], closeOutput, name).pipe(
    Effect.provide([NodeContext.layer, CliConfig.layer({ showBuiltIns: false })]),
    NodeRuntime.runMain({
      disableErrorReporting: true,
      teardown: (exit, onExit) => onExit(exitCode(exit))
    })
  )
}
