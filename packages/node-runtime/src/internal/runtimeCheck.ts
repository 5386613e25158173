/** Whether undici is the one that this package was written for. */
import * as ConfigError from "effect/ConfigError"
import * as Either from "effect/Either"
import { Client } from "undici"

/**
 * Bun replaces undici by a module of its own, also where undici is installed: its classes exist and have no `dispatch`.
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

/** Fails with a `ConfigError` that names the alternative on a runtime where undici cannot be used. */
export const check: Either.Either<void, ConfigError.ConfigError> = make(Client.prototype)
