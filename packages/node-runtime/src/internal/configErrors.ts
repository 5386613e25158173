/** Several `ConfigError`s as one. */
import * as ConfigError from "effect/ConfigError"
import * as Option from "effect/Option"

const partsOf = (error: ConfigError.ConfigError): ReadonlyArray<ConfigError.ConfigError> =>
  error._op === "And" ? [...partsOf(error.left), ...partsOf(error.right)] : [error]

const isSame = (one: ConfigError.ConfigError, other: ConfigError.ConfigError): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** Both errors, each of their parts once: an option that two layers validate has two errors. */
export const both = (one: ConfigError.ConfigError, other: ConfigError.ConfigError): ConfigError.ConfigError =>
  partsOf(other).reduce(
    (all, part) => partsOf(all).some(known => isSame(known, part)) ? all : ConfigError.And(all, part),
    one
  )

/** The errors of `Effect.all` with the mode `validate`, of which there is at least one. */
export const allOf = (
  errors: Readonly<Record<string, Option.Option<ConfigError.ConfigError>>>
): ConfigError.ConfigError => Object.values(errors).flatMap(Option.toArray).reduce(both)
