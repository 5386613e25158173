/** Runs a command with its arguments, and returns the exit code. */
import type * as CliApp from "@effect/cli/CliApp"
import * as CliConfig from "@effect/cli/CliConfig"
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as HashMap from "effect/HashMap"
import * as Logger from "effect/Logger"
import { stripVTControlCharacters } from "node:util"
import { type AlreadyPrinted, CommandError } from "./CommandError.ts"
import * as commandLine from "./commandLine.ts"
import { commandNames, roomSession, start } from "./commands.ts"
import * as completions from "./completions.ts"
import { type ExitCode, exitCodes } from "./exitCodes.ts"
import * as format from "./format.ts"
import * as json from "./json.ts"
import { OutputClosed } from "./output.ts"
import { printJsonError } from "./print.ts"
import * as report from "./report.ts"
import type { MakeTarget } from "./target.ts"
import { notice, type Streams, ViewOptions } from "./terminal.ts"
import { version } from "./version.ts"

const internalError = new CommandError({
  exitCode: exitCodes.other,
  details: { tag: "InternalError" },
  lines: [
    "internal error of the command.",
    "Run it with --log-level debug for the details, and report them."
  ]
})

const printError = (name: string, error: CommandError, asJson: boolean) =>
  asJson
    ? printJsonError(json.encodeError(error))
    : notice(`${name}: ${error.lines.map(format.printable).join("\n")}`)

/** The text of the parser without its colors. */
const textOf = (doc: HelpDoc.HelpDoc): string =>
  stripVTControlCharacters(HelpDoc.toAnsiText(doc)).trim().split(/\s*\n\s*/).join(" ")
    .replace(/^Received unknown argument: '(-.*)'$/, "Unknown option $1")
    .replace(/^Received unknown argument: ' *(.*)'$/, "Unexpected argument $1")

/** The option or the argument that the text of the parser calls unknown. */
const unknownOf = (text: string): { readonly option: string } | { readonly argument: string } | undefined => {
  const [, kind, name = ""] = /^(Unknown option|Unexpected argument) (.*)$/.exec(text) ?? []
  return kind === undefined ? undefined : kind === "Unknown option" ? { option: name } : { argument: name }
}

/** The program, and the help with its examples for each command. */
interface Program<Name extends string, R, A> {
  readonly name: Name
  /** Makes the program with one command, or with all. */
  readonly make: (command: string | undefined) => Command.Command<Name, R, CommandError | AlreadyPrinted, A>
  readonly commands: ReadonlyArray<string>
}

type Requirements = CliApp.CliApp.Environment | Streams | ViewOptions

/** Parses and runs. The parser prints its errors; they are printed here instead, in the form of all errors. */
const parseAndRun = <Name extends string, R, A>(
  { commands, make, name }: Program<Name, R, A>,
  { args, logLevel }: commandLine.CommandLine
) =>
  Console.consoleWith(console => {
    const [first = ""] = args
    const run = Command.run(
      Command.transformHandler(make(commands.includes(first) ? first : undefined), handler =>
        Effect.withConsole(handler, console)),
      { name, version, executable: name }
    )(["", "", ...args])
    const parsing = Effect.withConsole(run, {
      ...console,
      error: () =>
        Effect.void
    })
    return logLevel === undefined ? parsing : Logger.withMinimumLogLevel(parsing, logLevel)
  })

/** Leaves out the warnings of calls that needed retries: the command prints the error, or succeeds. */
const withoutRetries = (logger: Logger.Logger<unknown, void>) =>
  Logger.make<unknown, void>(entry => {
    if (!HashMap.has(entry.annotations, "attempts")) logger.log(entry)
  })

const run = <Name extends string, R, A>(
  program: Program<Name, R, A>,
  args: ReadonlyArray<string>
): Effect.Effect<ExitCode, never, R | Requirements> => {
  const { commands, make, name } = program
  const asJson = commandLine.isJson(args)
  const meant = commandLine.meant(args, commands)
  const logger = Logger.withConsoleError(asJson ? Logger.jsonLogger : Logger.logfmtLogger)
  const print = (error: CommandError) => {
    const see = `See ${name}${meant === undefined ? "" : ` ${meant}`} --help`
    const described = error.exitCode === exitCodes.usage && error.details?.tag === "UsageError"
      ? report.ofUsage(error.lines[0], ...error.lines.slice(1), see)
      : error
    return Effect.as(printError(name, described, asJson), error.exitCode)
  }
  const printInvalid = (text: string) => {
    const unknown = unknownOf(text)
    if (unknown === undefined) return print(report.ofUsage(text))
    return Effect.flatMap(Effect.promise(() => import("./features.ts")), ({ help }) =>
      print(report.ofUsage(
        text,
        ...help.adviceOn({ name, descriptor: make(undefined).descriptor, commands }, meant, unknown)
      )))
  }
  const handle = Effect.flatMap(commandLine.read(args, commands), (
    line
  ): Effect.Effect<void, CommandError | AlreadyPrinted | ValidationError.ValidationError, R | Requirements> => {
    switch (line.directive) {
      case "version":
        return Console.log(version)
      case "help":
        return Effect.flatMap(
          Effect.all([ViewOptions, Effect.promise(() => import("./features.ts"))]),
          ([options, { help }]) =>
            Console.log(help.render({ name, descriptor: make(undefined).descriptor, commands }, line.command, options))
        )
      case "completions":
        return Effect.flatMap(
          completions.script(make(undefined), name, line.shell ?? "bash", commandLine.optionsWithValue),
          Console.log
        )
      case "run":
        return line.logLevel === undefined
          ? Effect.provide(parseAndRun(program, line), Logger.replace(logger, withoutRetries(logger)))
          : parseAndRun(program, line)
    }
  })
  return handle.pipe(
    Effect.as(exitCodes.success),
    Effect.catchAll((error): Effect.Effect<ExitCode, never, Streams> => {
      if (ValidationError.isValidationError(error)) return printInvalid(textOf(error.error))
      return error._tag === "AlreadyPrinted" ? Effect.succeed(error.exitCode) : print(error)
    }),
    Effect.catchAllDefect(defect =>
      defect instanceof OutputClosed
        ? Effect.succeed(exitCodes.success)
        : print(defect instanceof CommandError ? defect : internalError)
    ),
    Effect.provide(CliConfig.layer({ isCaseSensitive: true, showBuiltIns: false })),
    Effect.provide(Logger.replace(Logger.defaultLogger, logger))
  )
}

/** Runs a command with the arguments after its name. It cannot fail: it prints errors, and returns the exit code. */
type Run = (args: ReadonlyArray<string>, make: MakeTarget) => Effect.Effect<ExitCode, never, Requirements>

export const runRoomSession: Run = (args, make) =>
  run({ name: "room-session", make: command => roomSession(make, command), commands: commandNames }, args)

export const runStart: Run = (args, make) => run({ name: "start", make: () => start(make), commands: [] }, args)
