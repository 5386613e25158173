/**
 * Room sessions and recordings for applications on Node, in one layer.
 *
 * @since 1.0.0
 */
import { RoomRecordings, RoomSessions, SignalWireClient, Transport } from "@effect-signalwire/core"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type * as UndiciTransport from "./UndiciTransport.ts"
import { both } from "./internal/configErrors.ts"
import * as dispatcher from "./internal/dispatcher.ts"
import { clientOptions, configNames, names } from "./internal/layerOptions.ts"
import { readable } from "./internal/optionNames.ts"
import { perEnvironment } from "./internal/proxy.ts"
import * as undiciTransport from "./internal/undiciTransport.ts"

/**
 * The options of the layer, with the credentials as values.
 *
 * @since 1.0.0
 * @category models
 */
export interface Options extends SignalWireClient.Options, UndiciTransport.Options {}

/**
 * The options of the layer, with the credentials as configuration.
 *
 * @since 1.0.0
 * @category models
 */
export interface ConfigOptions extends SignalWireClient.ConfigOptions, UndiciTransport.ConfigOptions {}

/**
 * The services of one client.
 *
 * @since 1.0.0
 * @category models
 */
export type Services =
  | RoomSessions.RoomSessions
  | RoomRecordings.RoomRecordings
  | SignalWireClient.SignalWireClient

/** A transport for the validation of the other options, where those of the real one are invalid. */
const noTransport = Layer.succeed(Transport.Transport, {
  dispatch: () => () => {},
  closed: Effect.never,
  mayDecompress: false
})

/** Builds the client over the transport. Where both have invalid options, the error has the problems of both. */
const clientOver = (
  client: Layer.Layer<SignalWireClient.SignalWireClient, ConfigError.ConfigError, Transport.Transport>,
  makeDispatcher: Effect.Effect<dispatcher.ScopedDispatcher, ConfigError.ConfigError, Scope.Scope>
): Layer.Layer<SignalWireClient.SignalWireClient, ConfigError.ConfigError> =>
  Layer.unwrapScoped(Effect.matchEffect(makeDispatcher, {
    onFailure: error =>
      Effect.scoped(Layer.build(Layer.provide(client, noTransport))).pipe(
        Effect.mapError(first => both(first, error)),
        Effect.zipRight(Effect.fail(error))
      ),
    onSuccess: scoped =>
      Effect.succeed(Layer.provide(client, Layer.succeed(Transport.Transport, undiciTransport.make(scoped))))
  }))

/** A function, since a constant would be shared by the clients of one graph of layers. */
const services = () => Layer.merge(RoomSessions.layer, RoomRecordings.layer)

/**
 * Provides the room sessions and the recordings of one project. Both use one client and one connection pool, which have the
 * lifetime of the layer. The `ConfigError` names every option that is invalid or does not exist, and states what is accepted.
 *
 * When the layer is closed, calls in progress may continue for the `shutdownGrace` of the policy. New calls, and those that are
 * left, fail with `TransportError`, reason `Closed`.
 *
 * Like every layer of Effect, one value is built once in a graph of layers, and each call of this function makes another value.
 * For two spaces in one process, call it twice, and give each result a tag of its own.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { NodeSignalWire } from "@effect-signalwire/node-runtime"
 * import { Redacted } from "effect"
 *
 * const live = NodeSignalWire.layer({ space: "acme", projectId: "p", apiToken: Redacted.make("t") })
 */
export const layer = (
  options: Options
): Layer.Layer<Services, ConfigError.ConfigError> => {
  const given = readable(options)
  return perEnvironment(
    given,
    services().pipe(
      Layer.provideMerge(clientOver(
        SignalWireClient.layerTransport(clientOptions(given, names)),
        dispatcher.makeScoped(options, names)
      ))
    )
  )
}

/**
 * Provides the room sessions and the recordings of one project, with the credentials from configuration. The layer is built
 * anew at each use, since each use may have another `ConfigProvider`. To share the connections, provide it once. A constant that is derived from it, such
 * as `Layer.orDie(layer)`, is shared by reference like any layer of Effect.
 *
 * An omitted option is read from `SIGNALWIRE_SPACE`, `SIGNALWIRE_PROJECT_ID` or `SIGNALWIRE_API_TOKEN`; `SIGNALWIRE_REST_BASE_URL`
 * takes precedence over the first. Without `ca`, `SIGNALWIRE_REST_CA_FILE` is the path of a file with the certificates, in PEM, that
 * are trusted in place of the well-known authorities. With the option `prefix`, each of these names has the prefix:
 * `EU_SIGNALWIRE_SPACE`.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { NodeSignalWire } from "@effect-signalwire/node-runtime"
 *
 * // EU_SIGNALWIRE_SPACE, EU_SIGNALWIRE_PROJECT_ID and EU_SIGNALWIRE_API_TOKEN
 * const europe = NodeSignalWire.layerConfig({ prefix: "EU" })
 */
export const layerConfig = (
  options: ConfigOptions = {}
): Layer.Layer<Services, ConfigError.ConfigError> => {
  const given = readable(options)
  return Layer.fresh(
    services().pipe(
      Layer.provideMerge(clientOver(
        SignalWireClient.layerTransportConfig(clientOptions(given, configNames)),
        dispatcher.makeScopedConfig(options, configNames)
      ))
    )
  )
}
