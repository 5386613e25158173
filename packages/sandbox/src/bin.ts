#!/usr/bin/env node
/** The executable `signalwire-sandbox`. */
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

// the sandbox continues when its log is no longer read
process.stdout.on("error", () => {})
process.stderr.on("error", () => {})

run(process.argv, closeOutput).pipe(
  Effect.provide([NodeContext.layer, CliConfig.layer({ showBuiltIns: false })]),
  NodeRuntime.runMain({
    disableErrorReporting: true,
    teardown: (exit, onExit) => onExit(exitCode(exit))
  })
)
