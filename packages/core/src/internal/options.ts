/** Validates objects of options, which code without types can give as anything. */
import type * as ConfigError from "effect/ConfigError"
import type * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { InvalidRequest } from "../SignalWireError.ts"
import { all, invalid } from "./configErrors.ts"

type Names = ReadonlyArray<string>

/** The names of all options of a type. */
export const namesOf = <O>(names: Readonly<Record<keyof O, true>>): Names => Object.keys(names)

interface InvalidOption {
  /** Undefined where the options are no object. */
  readonly name: string | undefined
  /** A description of what is accepted. */
  readonly expected: string
}

const valid: ReadonlyArray<InvalidOption> = []

/** An object that is no collection, date or other built-in: the options of such a value would all be omitted. */
const isOptions = (options: unknown): options is object =>
  Object.prototype.toString.call(options) === "[object Object]" && options !== null

const Unreadable = Symbol("Unreadable")

/** A getter may throw. */
const read = (options: object, name: string): unknown => {
  try {
    return Reflect.get(options, name)
  } catch {
    return Unreadable
  }
}

/** The options that can be read, of any value; `findInvalid` finds the others. */
export const readable = <O extends object>(options: O): O => {
  try {
    const given: object = Object(options)
    const entries = Object.keys(given).map(name => [name, read(given, name)] as const)
    // the type of the options, of which one that cannot be read is an error
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Object.fromEntries(entries.filter(([, value]) => value !== Unreadable)) as O
  } catch {
    // the same, for a `Proxy` that is revoked
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return {} as O
  }
}

/** More of the names that do not exist are not reported: an object that is none of options, such as a dictionary, can have thousands. */
const maxUnknown = 10

const find = (options: object, accepted: Names): ReadonlyArray<InvalidOption> => {
  const names = Object.keys(options)
  const isUnknown = (name: string) => !accepted.includes(name) && read(options, name) !== undefined
  const isUnreadable = (name: string) => accepted.includes(name) && read(options, name) === Unreadable
  // an endpoint may have a parameter that is named like what every object has, such as `constructor`
  const isInherited = (name: string) => name in options && !names.includes(name) && !(name in Object.prototype)
  // each call has its parameters checked here, and nearly none has an invalid one
  return names.some(name => isUnknown(name) || isUnreadable(name)) || accepted.some(isInherited)
    ? [
      ...names.filter(isUnknown).slice(0, maxUnknown).map(name => ({
        name,
        expected: `one of ${accepted.join(", ")}`
      })),
      ...names.filter(isUnreadable).map(name => ({ name, expected: "a property that can be read" })),
      ...accepted.filter(isInherited).map(name => ({ name, expected: "a property of its own, and none of a class" }))
    ]
    : valid
}

/**
 * A misspelled option must not have the default without a word, nor one that is a getter of a class. An option that is undefined counts as
 * omitted.
 */
export const findInvalid = (options: unknown, accepted: Names): ReadonlyArray<InvalidOption> => {
  try {
    if (isOptions(options)) return find(options, accepted)
    return [{ name: undefined, expected: `an object with ${accepted.join(", ")}` }]
  } catch {
    return [{ name: undefined, expected: "an object whose properties can be read" }]
  }
}

/** @param path that of the options themselves */
export const configErrors = (
  path: ReadonlyArray<string>,
  options: unknown,
  accepted: Names
): ReadonlyArray<ConfigError.ConfigError> =>
  findInvalid(options, accepted).map(({ expected, name }) =>
    invalid(name === undefined ? path : [...path, name], expected)
  )

/** Validates the names of the options of a layer. The path of each of them is its name. */
export const checkNames = (options: unknown, accepted: Names): Either.Either<void, ConfigError.ConfigError> => {
  const error = all(findInvalid(options, accepted).map(({ expected, name = "options" }) => invalid([name], expected)))
  return error === undefined ? Either.void : Either.left(error)
}

/** Where options are given: an operation, and its parameter. */
interface Place {
  readonly operation: string
  /** Default `options`. */
  readonly parameter?: string
}

/** The first error of options; undefined for valid ones. */
export const invalidRequest = (
  { operation, parameter = "options" }: Place,
  options: unknown,
  accepted: Names
): InvalidRequest | undefined => {
  const [first] = findInvalid(options, accepted)
  return first && new InvalidRequest({ operation, parameter: first.name ?? parameter, expected: first.expected })
}

/** Makes an effect of options, which fails where they are invalid. */
export const effectOf = <O, A, E, R>(
  place: Place,
  options: O,
  accepted: Names,
  make: (options: O) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | InvalidRequest, R> => invalidRequest(place, options, accepted) ?? make(options)

/** Makes a stream of options, which fails where they are invalid. */
export const streamOf = <O, A, E, R>(
  place: Place,
  options: O,
  accepted: Names,
  make: (options: O) => Stream.Stream<A, E, R>
): Stream.Stream<A, E | InvalidRequest, R> => {
  const error = invalidRequest(place, options, accepted)
  return error === undefined ? make(options) : Stream.fail(error)
}
