/** The names of options, which code without types can give as anything. */
import * as ConfigError from "effect/ConfigError"
import * as Either from "effect/Either"
import { both } from "./configErrors.ts"

type Names = ReadonlyArray<string>

/** The names of all options of a type. */
export const namesOf = <O>(names: Readonly<Record<keyof O, true>>): Names => Object.keys(names)

const Unreadable = Symbol("Unreadable")

/** A getter may throw. */
const read = (options: object, name: string): unknown => {
  try {
    return Reflect.get(options, name)
  } catch {
    return Unreadable
  }
}

/**
 * The options of these names, also those of a class. One that cannot be read remains an error of `check`, as does an object that cannot,
 * which is returned as it is.
 */
export const pick = (options: object, accepted: Names): object => {
  try {
    return Object.fromEntries(accepted.filter(name => name in options).map(name => [name, read(options, name)]))
  } catch {
    return options
  }
}

const entriesOf = (options: object): ReadonlyArray<readonly [name: string, value: unknown]> =>
  Object.keys(options).map(name => [name, read(options, name)])

/** The options that can be read, of any value; `check` reports the others. */
export const readable = <O extends object>(options: O): O => {
  try {
    const entries = entriesOf(Object(options)).filter(([, value]) => value !== Unreadable)
    // the type of the options; one that cannot be read is an error of `check`
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Object.fromEntries(entries) as O
  } catch {
    // the same, for a `Proxy` that is revoked
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return {} as O
  }
}

/** More of the names that do not exist are not reported: an object that is none of options, such as a dictionary, can have thousands. */
const maxUnknown = 10

const invalid = (name: string, expected: string): ConfigError.ConfigError =>
  ConfigError.InvalidData([name], `Expected ${expected}`)

const errorsOf = (options: unknown, accepted: Names): ReadonlyArray<ConfigError.ConfigError> => {
  // an array, a `Map` or a date has none of the options
  if (
    typeof options !== "object" || options === null || Object.prototype.toString.call(options) !== "[object Object]"
  ) {
    return [invalid("options", `an object with ${accepted.join(", ")}`)]
  }
  const entries = entriesOf(options)
  const isInherited = (name: string) => name in options && !entries.some(([own]) => own === name)
  return [
    ...entries.filter(([name, value]) => value !== undefined && !accepted.includes(name))
      .slice(0, maxUnknown)
      .map(([name]) => invalid(name, `one of ${accepted.join(", ")}`)),
    ...entries.filter(([name, value]) => value === Unreadable && accepted.includes(name))
      .map(([name]) => invalid(name, "a property that can be read")),
    ...accepted.filter(isInherited).map(name => invalid(name, "a property of its own, and none of a class"))
  ]
}

/**
 * A misspelled option must not have the default without a word, nor one that is a getter of a class. An option that is undefined counts as
 * omitted.
 */
export const check = (options: unknown, accepted: Names): Either.Either<void, ConfigError.ConfigError> => {
  try {
    const [first, ...others] = errorsOf(options, accepted)
    return first === undefined ? Either.void : Either.left(others.reduce(both, first))
  } catch {
    return Either.left(invalid("options", "an object whose properties can be read"))
  }
}
