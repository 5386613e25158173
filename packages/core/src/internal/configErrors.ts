/** The `ConfigError`s of invalid options and variables. */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

type ConfigEffect<A> = Effect.Effect<A, ConfigError.ConfigError>

/** States what is accepted, and never contains the value, which may be a secret. */
export const invalid = (path: ReadonlyArray<string>, accepted: string): ConfigError.ConfigError =>
  ConfigError.InvalidData([...path], `Expected ${accepted}`)

const partsOf = (error: ConfigError.ConfigError): ReadonlyArray<ConfigError.ConfigError> =>
  error._op === "And" ? [...partsOf(error.left), ...partsOf(error.right)] : [error]

const isSame = (one: ConfigError.ConfigError, other: ConfigError.ConfigError): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** All errors as one, each of them once; undefined for an empty array. */
export const all = (errors: ReadonlyArray<ConfigError.ConfigError>): ConfigError.ConfigError | undefined => {
  const parts = errors.flatMap(partsOf)
  const [first, ...others] = parts.filter((error, index) => parts.findIndex(one => isSame(one, error)) === index)
  return first === undefined ? undefined : others.reduce((left, right) => ConfigError.And(left, right), first)
}

/** The errors of `Effect.all` with the mode `validate` as one, of which there is at least one. */
export const allOf = (
  errors: Readonly<Record<string, Option.Option<ConfigError.ConfigError>>>
): ConfigError.ConfigError =>
  Object.values(errors).flatMap(Option.toArray).reduce((one, other) => all([one, other]) ?? one)

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

const isPrefix = (prefix: unknown): prefix is string => typeof prefix === "string" && /^\S*[^\s_]$/.test(prefix)

/** Nests as `Config.nested` does, below the prefixes of the provider. `ConfigProvider.nested` puts its prefix above them. */
const nested = (provider: ConfigProvider.ConfigProvider, prefix: string): ConfigProvider.ConfigProvider =>
  ConfigProvider.make({
    load: config => provider.load(Config.nested(config, prefix)),
    flattened: provider.flattened
  })

/** Reads variables below a prefix: `EU_SIGNALWIRE_SPACE` with the prefix `EU` and the provider of the environment. */
export const below = <A>(prefix: string | undefined, effect: ConfigEffect<A>): ConfigEffect<A> => {
  if (prefix === undefined) return effect
  if (!isPrefix(prefix)) {
    return Effect.fail(
      invalid(["prefix"], "a name without spaces and without a final _, such as EU for EU_SIGNALWIRE_SPACE")
    )
  }
  return Effect.configProviderWith(provider => Effect.withConfigProvider(effect, nested(provider, prefix)))
}
