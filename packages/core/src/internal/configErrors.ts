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

interface Naming {
  readonly prefixes: ReadonlyArray<string>
  /** What the provider puts between the parts of a name: `_` for the environment. */
  readonly delimiter: string
}

const part = "SIGNALWIRE_"

const namingOf = (error: ConfigError.ConfigError): Naming => {
  if (error._op === "And" || error._op === "Or") return namingOf(error.left)
  const { message, path } = error
  const [, name = ""] = /^Expected (.+) to exist in /.exec(message) ?? []
  const delimiter = name.slice(name.lastIndexOf(part, name.length - part.length - 1) + part.length, -part.length)
  // that of `ConfigProvider.fromJson` is invisible
  const isVisible = delimiter.trim() !== "" && path.join(delimiter) === name
  return { prefixes: path.slice(0, -2), delimiter: isVisible ? delimiter : "." }
}

/** Read from the error of a variable that does not exist, since Effect includes the prefixes of the provider in no other one. */
const naming: Effect.Effect<Naming> = Effect.match(Config.nested(Config.string(part), part), {
  onFailure: namingOf,
  onSuccess: () => ({ prefixes: [], delimiter: "." })
})

const join = ({ delimiter, prefixes }: Naming, variable: string): string => [...prefixes, variable].join(delimiter)

/** The name of a variable with the prefixes of the provider. */
export const fullName = (variable: string): Effect.Effect<string> => Effect.map(naming, names => join(names, variable))

const named = (error: ConfigError.ConfigError, naming: Naming): ConfigError.ConfigError => {
  if (error._op === "And") return ConfigError.And(named(error.left, naming), named(error.right, naming))
  if (error._op !== "InvalidData" && error._op !== "MissingData") return error
  // the descriptions of accepted values refer to other variables in parentheses
  const message = error.message.replaceAll("(SIGNALWIRE_", `(${join(naming, "SIGNALWIRE_")}`)
  const options = { pathDelim: naming.delimiter }
  return error._op === "InvalidData"
    ? ConfigError.InvalidData([...naming.prefixes, ...error.path], message, options)
    : ConfigError.MissingData(error.path, message, options)
}

/**
 * Names variables as the provider does: `EU_SIGNALWIRE_SPACE` for that of the environment. Effect prints `EU.SIGNALWIRE_SPACE`, and
 * adds the prefixes of `ConfigProvider.nested` to the paths of missing values only.
 */
export const withPrefixes = <A>(effect: ConfigEffect<A>): ConfigEffect<A> =>
  Effect.catchAll(effect, error => Effect.flatMap(naming, names => Effect.fail(named(error, names))))

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
