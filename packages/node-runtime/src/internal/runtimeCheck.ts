/** Checks that the runtime has the real undici. */
import * as ConfigError from "effect/ConfigError"
import * as Either from "effect/Either"
import { Client } from "undici"

/**
 * Bun replaces undici with a module of its own, even where undici is installed. Its classes have no `dispatch`.
 *
 * @param client the prototype of undici's `Client`
 */
export const make = (client: object): Either.Either<void, ConfigError.ConfigError> =>
  "dispatch" in client
    ? Either.void
    : Either.left(ConfigError.Unsupported(
      ["node-runtime"],
      "This runtime replaces undici. Expected Node or Deno; elsewhere use RoomSessions.layer and SignalWireClient.layer " +
        "of @effect-signalwire/core over FetchHttpClient.layer of @effect/platform"
    ))

/** Fails on a runtime that replaces undici, with a `ConfigError` that names the alternative. */
export const check: Either.Either<void, ConfigError.ConfigError> = make(Client.prototype)
