/** Reorders arguments for the parser, which accepts its own options only before those of the command. */
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"

interface CommandLine {
  /** The arguments without `--log-level`. */
  readonly args: ReadonlyArray<string>
  readonly logLevel: LogLevel.LogLevel | undefined
}

const isOption = (arg: string): boolean => arg.startsWith("-")

/** Splits the arguments at `--`. */
const split = (
  args: ReadonlyArray<string>
): readonly [args: ReadonlyArray<string>, operands: ReadonlyArray<string>] => {
  const end = args.indexOf("--")
  return end === -1 ? [args, []] : [args.slice(0, end), args.slice(end + 1)]
}

const levels: ReadonlyMap<string, LogLevel.LogLevel> = new Map(
  LogLevel.allLevels.map(level => [level._tag.toLowerCase(), level])
)

/** Removes `--log-level`, of which the last one counts. Undefined when the value is not a log level. */
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

const reorder = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const firstOperand = args.findIndex(arg => !isOption(arg))
  const first = args.slice(firstOperand, firstOperand + 1)
  if (args.includes("--help") || args.includes("-h")) {
    // the usage has the whole command only when `--help` precedes the subcommand
    return firstOperand === -1 ? ["--help"] : ["--help", ...first, "--help"]
  }
  if (args.includes("--version")) return ["--version"]
  // the argument after `--completions` is a shell
  const ordered = firstOperand < 1 || args[firstOperand - 1] === "--completions"
    ? args
    : [...first, ...args.slice(0, firstOperand), ...args.slice(firstOperand + 1)]
  return ordered.filter((arg, i) => !isOption(arg) || ordered.indexOf(arg) === i)
}

/** The parser recognizes its own options even after `--`. A space in front hides them, and the id remains invalid. */
const hide = (operand: string): string => (isOption(operand) ? ` ${operand}` : operand)

const wrongLogLevel = `--log-level expects one of ${[...levels.keys()].join(", ")}`

/** Reads the arguments. Its error is like those of the parser: the message is already printed to standard error. */
export const read = (args: ReadonlyArray<string>): Effect.Effect<CommandLine, ValidationError.ValidationError> => {
  const [before, operands] = split(args)
  const taken = takeLogLevel(before)
  return taken === undefined
    ? Effect.zipRight(
      Console.error(wrongLogLevel),
      Effect.fail(ValidationError.invalidValue(HelpDoc.p(wrongLogLevel)))
    )
    : Effect.succeed({
      args: [...reorder(taken.args), ...(operands.length === 0 ? [] : ["--", ...operands.map(hide)])],
      logLevel: taken.logLevel
    })
}
