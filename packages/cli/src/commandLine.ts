/** Arranges arguments for the parser, which accepts its own options only before those of the command. */
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"

interface CommandLine {
  /** Without `--log-level`. */
  readonly args: ReadonlyArray<string>
  readonly logLevel: LogLevel.LogLevel | undefined
}

const isOption = (arg: string): boolean => arg.startsWith("-")

/** The arguments before `--`, and those after it. */
const split = (
  args: ReadonlyArray<string>
): readonly [args: ReadonlyArray<string>, operands: ReadonlyArray<string>] => {
  const end = args.indexOf("--")
  return end === -1 ? [args, []] : [args.slice(0, end), args.slice(end + 1)]
}

const levels: ReadonlyMap<string, LogLevel.LogLevel> = new Map(
  LogLevel.allLevels.map(level => [level._tag.toLowerCase(), level])
)

/** Removes `--log-level`. The last one counts. Undefined when the value is no log level. */
const takeLogLevel = (args: ReadonlyArray<string>): CommandLine | undefined => {
  const rest: Array<string> = []
  let logLevel: LogLevel.LogLevel | undefined
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ""
    if (arg !== "--log-level" && !arg.startsWith("--log-level=")) rest.push(arg)
    else {
      logLevel = levels.get(arg.split("=", 2)[1] ?? args[++i] ?? "")
      if (logLevel === undefined) return undefined
    }
  }
  return { args: rest, logLevel }
}

const arrange = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const word = args.findIndex(arg => !isOption(arg))
  const first = args.slice(word, word + 1)
  if (args.includes("--help") || args.includes("-h")) {
    // only `--help` in front of a subcommand makes the parser print the whole command in its usage
    return word === -1 ? ["--help"] : ["--help", ...first, "--help"]
  }
  if (args.includes("--version")) return ["--version"]
  // the argument after `--completions` is a shell
  const ordered = word < 1 || args[word - 1] === "--completions"
    ? args
    : [...first, ...args.slice(0, word), ...args.slice(word + 1)]
  return ordered.filter((arg, i) => !isOption(arg) || ordered.indexOf(arg) === i)
}

/** The parser looks for its own options after `--` too. A blank hides them; the id stays invalid. */
const hide = (operand: string): string => (isOption(operand) ? ` ${operand}` : operand)

const wrongLogLevel = `--log-level expects one of ${[...levels.keys()].join(", ")}`

/** Fails as the parser does: with the message printed to standard error. */
export const read = (args: ReadonlyArray<string>): Effect.Effect<CommandLine, ValidationError.ValidationError> => {
  const [before, operands] = split(args)
  const taken = takeLogLevel(before)
  return taken === undefined
    ? Effect.zipRight(
      Console.error(wrongLogLevel),
      Effect.fail(ValidationError.invalidValue(HelpDoc.p(wrongLogLevel)))
    )
    : Effect.succeed({
      args: [...arrange(taken.args), ...(operands.length === 0 ? [] : ["--", ...operands.map(hide)])],
      logLevel: taken.logLevel
    })
}
