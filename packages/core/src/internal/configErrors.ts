/** The `ConfigError`s of invalid options and variables. */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"

type ConfigEffect<A> = Effect.Effect<A, ConfigError.ConfigError>

/** States what is accepted, and never contains the value, which may be a secret. */
export const invalid = (path: ReadonlyArray<string>, accepted: string): ConfigError.ConfigError =>
  ConfigError.InvalidData([...path], `Expected ${accepted}`)

/** All errors as one; undefined for an empty array. */
export const all = (errors: ReadonlyArray<ConfigError.ConfigError>): ConfigError.ConfigError | undefined => {
  const [first, ...others] = errors
  return first === undefined ? undefined : others.reduce((left, right) => ConfigError.And(left, right), first)
}

/**
 * The prefixes of the provider. They are read from the path of a variable that does not exist, since Effect includes them
 * in no other path.
 */
const prefixes: Effect.Effect<ReadonlyArray<string>> = Effect.match(Config.string("SIGNALWIRE_"), {
  onFailure: error => error._op === "MissingData" ? error.path.slice(0, -1) : [],
  onSuccess: () => []
})

const prefix = (error: ConfigError.ConfigError, path: ReadonlyArray<string>): ConfigError.ConfigError => {
  switch (error._op) {
    case "And":
      return ConfigError.And(prefix(error.left, path), prefix(error.right, path))
    case "InvalidData":
      return ConfigError.InvalidData([...path, ...error.path], error.message)
    default:
      return error
  }
}

/** Adds the prefixes of `ConfigProvider.nested` to the paths of invalid values. Effect adds them to missing ones only. */
export const withPrefixes = <A>(effect: ConfigEffect<A>): ConfigEffect<A> =>
  Effect.catchAll(effect, error => Effect.flatMap(prefixes, path => Effect.fail(prefix(error, path))))
