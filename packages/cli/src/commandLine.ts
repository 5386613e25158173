/** Reads the arguments before the parser, which accepts its own options only before those of the command. */
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"
import type { CommandError } from "./CommandError.ts"
import { type Shell, shells } from "./completions.ts"
import * as format from "./format.ts"
import { nearest } from "./nearest.ts"
import * as report from "./report.ts"

export interface CommandLine {
  /** Whether the help, the version or a completion script is printed in place of a run. */
  readonly directive: "run" | "help" | "version" | "completions"
  /** The shell of the completion script. */
  readonly shell: Shell | undefined
  /** The command, if there is one of this name. */
  readonly command: string | undefined
  /** The arguments for the parser. */
  readonly args: ReadonlyArray<string>
  readonly logLevel: LogLevel.LogLevel | undefined
}

const isOption = (arg: string): boolean => arg.startsWith("-")

/** The options whose value may be the next argument; without them, the value would be taken for the command. */
export const optionsWithValue: ReadonlySet<string> = new Set([
  "--columns",
  "--completions",
  "--env",
  "--format",
  "--generate",
  "--host",
  "--host-name",
  "--ids",
  "--interval",
  "--limit",
  "--out",
  "--port",
  "--respond",
  "--retries",
  "--room-id",
  "--room-name",
  "--room-name-matches",
  "--scenario",
  "--sessions",
  "--since",
  "--space",
  "--status",
  "--timeout",
  "--until",
  "--with"
])

/**
 * Options with other names of theirs. Node takes `--env-file` for its own option, wherever it stands before `--`: it does not start the
 * command when the file cannot be read.
 */
const aliases: ReadonlyMap<string, string> = new Map([["--env-file", "--env"]])

/** The options that may be repeated: each one counts. */
const repeatable: ReadonlySet<string> = new Set(["--host-name"])

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
const takeLogLevel = (args: ReadonlyArray<string>): Pick<CommandLine, "args" | "logLevel"> | undefined => {
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

/** The values of flags, as the parser reads them. A flag takes the next argument too, if it is one of them. */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ...["true", "1", "y", "yes", "on"].map(text => [text, true] as const),
  ...["false", "0", "n", "no", "off"].map(text => [text, false] as const)
])

/** An operand, a flag, or an option with its value. */
interface Unit {
  /** Undefined for an operand. */
  readonly name: string | undefined
  /** Empty for a flag that is false. */
  readonly args: ReadonlyArray<string>
}

/** A value that is missing is empty, which no option accepts, since the parser would call the option unknown. */
const toUnits = (args: ReadonlyArray<string>): ReadonlyArray<Unit> => {
  const units: Array<Unit> = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ""
    const [given = "", ...value] = arg.split("=")
    const name = aliases.get(given) ?? given
    if (!isOption(arg)) units.push({ name: undefined, args: [arg] })
    else if (optionsWithValue.has(name)) {
      units.push({ name, args: [name, value.length > 0 ? value.join("=") : args[++i] ?? ""] })
    } else {
      const next = value.length > 0 ? undefined : booleans.get(args[i + 1] ?? "")
      if (next !== undefined) i++
      const isSet = next ?? (value.length > 0 ? booleans.get(value.join("=")) : true)
      units.push({ name, args: isSet === undefined ? [arg] : isSet ? [name] : [] })
    }
  }
  return units
}

/** A text that contains an id, such as the URL of a session. */
const idInside = /(?<![\da-z-])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\da-z-])/i

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** The ids of the service's own URLs. */
const idOfPath = /room_(?:sessions|recordings)\/([\da-f-]{36})/i

/** Puts the command first, unless an id is in its place. Of an option that is repeated, the last one counts. */
const reorder = (units: ReadonlyArray<Unit>, commands: ReadonlyArray<string>): ReadonlyArray<string> => {
  const last = units.filter(({ name }, i) =>
    name === undefined || repeatable.has(name) || units.findLastIndex(unit => unit.name === name) === i
  )
  const first = last.find(({ name }) => name === undefined)
  if (commands.length === 0 || first === undefined) return last.flatMap(({ args }) => args)
  return [first, ...last.filter(unit => unit !== first)].flatMap(({ args }) => args)
}

/** The parser recognizes its own options even after `--`. A space in front hides them, and the id remains invalid. */
const hide = (operand: string): string => (isOption(operand) ? ` ${operand}` : operand)

const isOneOf = (names: ReadonlyArray<string>) => ({ args, name }: Unit): boolean =>
  name !== undefined && names.includes(name) && args.length > 0

const unknownCommand = (name: string, commands: ReadonlyArray<string>): CommandError => {
  const shown = format.printable(name)
  const [, id = idInside.exec(name)?.[0]] = idOfPath.exec(name) ?? []
  if (id !== undefined && id !== name) return report.ofUsage(`${shown} is not an id.`, `The id in it is ${id}.`)
  const similar = nearest(name, commands)
  return similar !== undefined
    ? report.ofUsage(`there is no command ${shown}.`, `Did you mean ${similar}?`)
    : report.ofUsage(
      `there is no command ${shown}, and it is not an id.`,
      `The commands are ${format.list(commands)}. An id has 36 characters with hyphens.`
    )
}

/** The first error of the operands, of a program that has commands. */
const checkOperands = (
  operands: ReadonlyArray<string>,
  commands: ReadonlyArray<string>,
  isHelp: boolean
): CommandError | undefined => {
  const isHelpCommand = operands[0] === "help"
  const [first, ...others] = isHelpCommand ? operands.slice(1) : operands
  if (first !== undefined && !commands.includes(first) && (isHelpCommand || !uuid.test(first))) {
    return unknownCommand(first, commands)
  }
  if (isHelpCommand && others.length > 0) return report.ofUsage("help expects one command.")
  const wrong = isHelp ? undefined : others.find(text => idInside.test(text) && !uuid.test(text))
  return wrong === undefined ? undefined : unknownCommand(wrong, commands)
}

/** @param commands the names of the commands; empty for a program that has none */
export const read = (
  args: ReadonlyArray<string>,
  commands: ReadonlyArray<string>
): Effect.Effect<CommandLine, CommandError> => {
  const [before, operands] = split(args)
  const taken = takeLogLevel(before)
  if (taken === undefined) {
    return Effect.fail(report.ofUsage(`--log-level expects one of ${[...levels.keys()].join(", ")}`))
  }
  const all = toUnits(taken.args)
  const names = all.flatMap(({ args: [name = ""], name: option }) => option === undefined ? [name] : [])
  const isHelp = all.some(isOneOf(["--help", "-h"])) || (commands.length > 0 && names[0] === "help")
  const isVersion = all.some(isOneOf(["--version", "-v"]))
  // the wizard of the parser waits for input
  if (all.some(isOneOf(["--wizard"]))) return Effect.fail(report.ofUsage("Unknown option --wizard"))
  const completions = all.find(isOneOf(["--completions"]))?.args[1]
  const shell = shells.find(known => known === completions)
  if (completions !== undefined && shell === undefined) {
    return Effect.fail(report.ofUsage(`--completions expects one of ${shells.join(", ")}`))
  }
  const wrong = commands.length === 0 || (isVersion && !isHelp)
    ? undefined
    : checkOperands([...names, ...operands], commands, isHelp)
  if (wrong !== undefined) return Effect.fail(wrong)
  const [first] = names
  // what is after `--` is no command
  const isId = commands.length > 0 && (first === undefined ? operands.length > 0 : uuid.test(first))
  const command = isId ? "get" : names.find(name => name !== "help" && commands.includes(name))
  const isEmpty = commands.length > 0 && all.length === 0 && operands.length === 0
  return Effect.succeed({
    directive: isHelp || isEmpty ? "help" : isVersion ? "version" : shell === undefined ? "run" : "completions",
    command,
    shell,
    args: [
      ...(isId ? ["get"] : []),
      ...reorder(all, isId ? [] : commands),
      ...(operands.length === 0 ? [] : ["--", ...operands.map(hide)])
    ],
    logLevel: taken.logLevel
  })
}

/** The command that is meant, also on a command line that is invalid. */
export const meant = (args: ReadonlyArray<string>, commands: ReadonlyArray<string>): string | undefined =>
  split(args)[0].find(arg => arg !== "help" && commands.includes(arg))

/** Whether `--json` was given, also on a command line that is invalid. */
export const isJson = (args: ReadonlyArray<string>): boolean => {
  const [options] = split(args)
  const last = toUnits(options).findLast(({ name }) => name === "--json")
  return last === undefined ? options.includes("--json") : last.args.length > 0
}
