/** From arguments to an exit code. */
import type * as CliApp from "@effect/cli/CliApp"
import * as CliConfig from "@effect/cli/CliConfig"
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as commandLine from "./commandLine.ts"
import { roomSession, start } from "./commands.ts"
import type { Display } from "./display.ts"
import { CommandFailed } from "./report.ts"
import type { Live } from "./target.ts"
import { version } from "./version.ts"

/** What was asked for was done. */
const success = 0
/** It could not be done. */
const failure = 1
/** The command line says something that cannot be meant. */
const usage = 2

type Run = (
  args: ReadonlyArray<string>,
  live: Live
) => Effect.Effect<number, never, Display | CliApp.CliApp.Environment>

const say = (name: string, [what, ...next]: CommandFailed["lines"]) =>
  Console.error([`${name}: ${what}`, ...next].join("\n"))

const fault = [
  "this is a fault of the command itself.",
  "Run it with --log-level debug to see where, and report it."
] as const

const conclude = <R>(
  name: string,
  args: ReadonlyArray<string>,
  command: (argv: ReadonlyArray<string>) => Effect.Effect<void, CommandFailed | ValidationError.ValidationError, R>
): Effect.Effect<number, never, R> =>
  commandLine.read(args).pipe(
    Effect.flatMap(({ args, logLevel }) => {
      const run = command(["", "", ...args])
      return logLevel === undefined ? run : Logger.withMinimumLogLevel(run, logLevel)
    }),
    Effect.as(success),
    Effect.catchAll(failed =>
      ValidationError.isValidationError(failed)
        ? Effect.as(Console.error(`See ${name} --help`), usage)
        : Effect.as(say(name, failed.lines), failure)
    ),
    Effect.catchAllDefect(defect =>
      Effect.as(say(name, defect instanceof CommandFailed ? defect.lines : fault), failure)
    ),
    Effect.provide(CliConfig.layer({ isCaseSensitive: true, showBuiltIns: false })),
    Effect.provide(Logger.replace(Logger.defaultLogger, Logger.withConsoleError(Logger.logfmtLogger)))
  )

const section = (title: string, lines: ReadonlyArray<string>) => [HelpDoc.h1(title), ...lines.map(HelpDoc.p)]

const footer = (examples: ReadonlyArray<string>) =>
  HelpDoc.blocks([
    ...section("EXAMPLES", examples.map(example => `$ ${example}`)),
    ...section("ANYWHERE", [
      "--help, --version: this text, and the version",
      "--log-level LEVEL: error leaves out warnings, debug says more of a fault of the command itself",
      "--completions SHELL: a script of completions for bash, zsh, fish or sh"
    ]),
    ...section("ENVIRONMENT", [
      "SIGNALWIRE_SPACE: the space, such as acme or acme.signalwire.com, or a server on this machine: 127.0.0.1:8080",
      "SIGNALWIRE_PROJECT_ID: the id of the project",
      "SIGNALWIRE_API_TOKEN: an API token of the project, with the Video scope",
      "SIGNALWIRE_REST_BASE_URL: any other address, in place of SIGNALWIRE_SPACE",
      "SIGNALWIRE_REST_CA_FILE: a file with certificates in PEM to trust in place of the well-known authorities",
      "SIGNALWIRE_DECODING: strict, or lenient to show as unset what the service sends in a wrong form",
      "HTTPS_PROXY, NO_PROXY: the proxy to go through, and the hosts to reach without it",
      "NO_COLOR: any value turns colours off"
    ]),
    ...section("EXIT CODES", [
      "0: done",
      "1: no session was fetched, a malformed id included, or it could not be written; standard error says why",
      "2: the command line is wrong",
      "130, 143: interrupted"
    ])
  ])

const id = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"

/** `room-session` with the arguments that follow it. */
export const runRoomSession: Run = (args, live) =>
  conclude(
    "room-session",
    args,
    Command.run(roomSession(live), {
      name: "room-session",
      version,
      executable: "room-session",
      footer: footer([`room-session get ${id}`, `room-session get ${id} --json`, "room-session --version"])
    })
  )

/** `start` with the arguments that follow it. */
export const runStart: Run = (args, live) =>
  conclude(
    "start",
    args,
    Command.run(start(live), {
      name: "start",
      version,
      executable: "start",
      footer: footer(["pnpm start", `pnpm start ${id}`, "pnpm --silent start --json"])
    })
  )
