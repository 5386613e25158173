/** Checks that the runtime is one that the pool is tested on. */
import * as ConfigError from "effect/ConfigError"
import * as Either from "effect/Either"

/** @param versions those of the process */
export const make = (versions: object): Either.Either<void, ConfigError.ConfigError> =>
  "bun" in versions
    ? Either.left(ConfigError.Unsupported(
      ["node-runtime"],
      "This runtime is Bun. Expected Node or Deno; elsewhere use RoomSessions.layer and SignalWireClient.layer of " +
        "@effect-signalwire/core over FetchHttpClient.layer of @effect/platform"
    ))
    : Either.void

/** Fails on Bun, with a `ConfigError` that names the alternative. */
export const check: Either.Either<void, ConfigError.ConfigError> = make(process.versions)
