/** The names of options, which code without types can give as anything. */
import * as ConfigError from "effect/ConfigError"
import * as Either from "effect/Either"
import { both } from "./configErrors.ts"

type Names = ReadonlyArray<string>

/** The names of all options of a type. */
export const namesOf = <O>(names: Readonly<Record<keyof O, true>>): Names => Object.keys(names)

const invalid = (name: string, expected: string): ConfigError.ConfigError =>
  ConfigError.InvalidData([name], `Expected ${expected}`)

/** A misspelled option must not have the default without a word. An option that is undefined counts as omitted. */
export const check = (options: unknown, accepted: Names): Either.Either<void, ConfigError.ConfigError> => {
  if (typeof options !== "object" || options === null) {
    return Either.left(invalid("options", `an object with ${accepted.join(", ")}`))
  }
  const [first, ...others] = Object.entries(options)
    .filter(([name, value]) => value !== undefined && !accepted.includes(name))
    .map(([name]) => invalid(name, `one of ${accepted.join(", ")}`))
  return first === undefined ? Either.void : Either.left(others.reduce(both, first))
}
