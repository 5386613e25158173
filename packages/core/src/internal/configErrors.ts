/** The `ConfigError`s of wrong options and variables. */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"

type ConfigEffect<A> = Effect.Effect<A, ConfigError.ConfigError>

/** Names what is accepted, and never the value: it may be a secret. */
export const invalid = (path: ReadonlyArray<string>, accepted: string): ConfigError.ConfigError =>
  ConfigError.InvalidData([...path], `Expected ${accepted}`)

/** Undefined where there are none. */
export const both = (errors: ReadonlyArray<ConfigError.ConfigError>): ConfigError.ConfigError | undefined => {
  const [first, ...others] = errors
  return first === undefined ? undefined : others.reduce((left, right) => ConfigError.And(left, right), first)
}

/**
 * Reads a variable that does not exist, since only the path of a missing variable includes the prefixes of the
 * provider.
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

/** Adds the prefixes of `ConfigProvider.nested` to the paths of wrong values, which those of missing ones have. */
export const withPrefixes = <A>(effect: ConfigEffect<A>): ConfigEffect<A> =>
  Effect.catchAll(effect, error => Effect.flatMap(prefixes, path => Effect.fail(prefix(error, path))))
