/** Where a `ConfigProvider` looks for variables: Effect's own errors of wrong values do not tell of `ConfigProvider.nested`. */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"

/** No variable has this name, so that the error tells what comes before one. */
const prefix: Effect.Effect<ReadonlyArray<string>> = Effect.match(Config.string("SIGNALWIRE_"), {
  onFailure: error => error._op === "MissingData" ? error.path.slice(0, -1) : [],
  onSuccess: () => []
})

const addTo = (error: ConfigError.ConfigError, before: ReadonlyArray<string>): ConfigError.ConfigError => {
  switch (error._op) {
    case "And":
      return ConfigError.And(addTo(error.left, before), addTo(error.right, before))
    case "InvalidData":
      return ConfigError.InvalidData([...before, ...error.path], error.message)
    default:
      return error
  }
}

/** Names wrong values by the whole path of their variables, as missing ones are. */
export const withPaths = <A>(
  effect: Effect.Effect<A, ConfigError.ConfigError>
): Effect.Effect<A, ConfigError.ConfigError> =>
  Effect.catchAll(effect, error => Effect.flatMap(prefix, before => Effect.fail(addTo(error, before))))
