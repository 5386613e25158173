/** `--log-level`, an option of the parser's own, which it calls unknown when its value is. */
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"

const levels = LogLevel.allLevels.map(level => level._tag.toLowerCase())

const message = `--log-level expects one of ${levels.join(", ")}`

const isWrong = (arg: string, following: string | undefined): boolean => {
  const [name, value = following ?? ""] = arg.split("=", 2)
  return name === "--log-level" && !levels.includes(value)
}

/** Fails as the parser does, with the message on standard error already. */
export const check = (args: ReadonlyArray<string>): Effect.Effect<void, ValidationError.ValidationError> =>
  args.some((arg, i) => isWrong(arg, args[i + 1]))
    ? Effect.zipRight(Console.error(message), Effect.fail(ValidationError.invalidValue(HelpDoc.p(message))))
    : Effect.void
