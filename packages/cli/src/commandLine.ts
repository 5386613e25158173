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

/** The options whose value may be the next argument; without them, the value would be taken for the command. */
const optionsWithValue: ReadonlySet<string> = new Set([
  "--completions",
  "--limit",
  "--room-id",
  "--room-name",
  "--room-name-matches",
  "--status"
])

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

/** An operand, a flag, or an option with its value. */
interface Unit {
  /** Undefined for an operand. */
  readonly name: string | undefined
  readonly args: ReadonlyArray<string>
}

/** A value that is missing is empty, which no option accepts, since the parser would call the option unknown. */
const toUnits = (args: ReadonlyArray<string>): ReadonlyArray<Unit> => {
  const units: Array<Unit> = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ""
    const [name = "", ...value] = arg.split("=")
    if (!isOption(arg)) units.push({ name: undefined, args: [arg] })
    else if (!optionsWithValue.has(name)) units.push({ name, args: [arg] })
    else units.push({ name, args: [name, value.length > 0 ? value.join("=") : args[++i] ?? ""] })
  }
  return units
}

/** Puts the command first. Of an option that is repeated, the last one counts. */
const reorder = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const units = toUnits(args)
  const command = units.find(({ name }) => name === undefined)
  const first = command === undefined ? [] : [command]
  if (args.includes("--help") || args.includes("-h")) {
    // the usage has the whole command only when `--help` precedes the subcommand
    return ["--help", ...first.flatMap(({ args }) => args), ...(command === undefined ? [] : ["--help"])]
  }
  if (args.includes("--version")) return ["--version"]
  const last = units.filter(({ name }, i) =>
    name === undefined || units.findLastIndex(unit => unit.name === name) === i
  )
  return [...first, ...last.filter(unit => unit !== command)].flatMap(({ args }) => args)
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
