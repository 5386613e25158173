/** Runs a command with its arguments, and returns the exit code. */
import type * as CliApp from "@effect/cli/CliApp"
import * as CliConfig from "@effect/cli/CliConfig"
import * as Command from "@effect/cli/Command"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as HashMap from "effect/HashMap"
import * as Logger from "effect/Logger"
import { CommandError } from "./CommandError.ts"
import * as commandLine from "./commandLine.ts"
import { roomSession, start } from "./commands.ts"
import * as help from "./help.ts"
import { OutputClosed } from "./output.ts"
import type { TargetLayer } from "./target.ts"
import type { ViewOptions } from "./terminal.ts"
import { version } from "./version.ts"

/** `usage` is for an invalid command line. */
const exitCodes = { success: 0, error: 1, usage: 2 }

const printError = (name: string, [description, ...advice]: CommandError["lines"]) =>
  Console.error([`${name}: ${description}`, ...advice].join("\n"))

const internalError = [
  "internal error of the command.",
  "Run it with --log-level debug for the details, and report them."
] as const

const logger = Logger.withConsoleError(Logger.logfmtLogger)

/** Leaves out the warnings of calls that needed retries: the command prints the error, or succeeds. */
const withoutRetries = Logger.make<unknown, void>(entry => {
  if (!HashMap.has(entry.annotations, "attempts")) logger.log(entry)
})

const run = <Name extends string, R, A>(
  name: Name,
  command: Command.Command<Name, R, CommandError, A>,
  args: ReadonlyArray<string>,
  examples: ReadonlyArray<string>
): Effect.Effect<number, never, R | CliApp.CliApp.Environment> => {
  const parseAndHandle = Command.run(command, { name, version, executable: name, footer: help.footer(examples) })
  return commandLine.read(args).pipe(
    Effect.flatMap(({ args, logLevel }) => {
      const handled = parseAndHandle(["", "", ...args])
      return logLevel === undefined
        ? Effect.provide(handled, Logger.replace(logger, withoutRetries))
        : Logger.withMinimumLogLevel(handled, logLevel)
    }),
    Effect.as(exitCodes.success),
    Effect.catchAll(error =>
      ValidationError.isValidationError(error)
        ? Effect.as(Console.error(`See ${name} --help`), exitCodes.usage)
        : Effect.as(printError(name, error.lines), exitCodes.error)
    ),
    Effect.catchAllDefect(defect =>
      defect instanceof OutputClosed
        ? Effect.succeed(exitCodes.success)
        : Effect.as(printError(name, defect instanceof CommandError ? defect.lines : internalError), exitCodes.error)
    ),
    Effect.provide(CliConfig.layer({ isCaseSensitive: true, showBuiltIns: false })),
    Effect.provide(Logger.replace(Logger.defaultLogger, logger))
  )
}

/** Runs a command with the arguments after its name. It cannot fail: it prints errors, and returns the exit code. */
type Run = (
  args: ReadonlyArray<string>,
  target: TargetLayer
) => Effect.Effect<number, never, ViewOptions | CliApp.CliApp.Environment>

const id = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"

export const runRoomSession: Run = (args, target) =>
  run("room-session", roomSession(target), args, [
    "room-session list --status in-progress --limit 20",
    `room-session get ${id} --members`,
    `room-session members ${id} --json`,
    "room-session --version"
  ])

export const runStart: Run = (args, target) =>
  run("start", start(target), args, ["pnpm start", `pnpm start ${id}`, "pnpm --silent start --json"])
