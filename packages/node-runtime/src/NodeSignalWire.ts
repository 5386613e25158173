/**
 * Room sessions and recordings for applications on Node, in one layer.
 *
 * @since 1.0.0
 */
import { RoomRecordings, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as UndiciTransport from "./UndiciTransport.ts"
import * as certificates from "./internal/certificates.ts"
import { perEnvironment } from "./internal/proxy.ts"

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
export interface ConfigOptions extends SignalWireClient.ConfigOptions, UndiciTransport.Options {}

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

/** A function, since a constant would be shared by the clients of one graph of layers. */
const services = () => Layer.merge(RoomSessions.layer, RoomRecordings.layer)

const withFastDecoder = <O extends SignalWireClient.OptionsWithoutCredentials>(options: O) => ({
  ...options,
  decoder: options.decoder ?? FastDecoder.make
})

/**
 * Provides the room sessions and the recordings of one project. Both use one client and one connection pool, which have the
 * lifetime of the layer. The `ConfigError` of an invalid option states what is accepted.
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
): Layer.Layer<Services, ConfigError.ConfigError> =>
  perEnvironment(
    options,
    services().pipe(
      Layer.provideMerge(SignalWireClient.layerTransport(withFastDecoder(options))),
      Layer.provide(UndiciTransport.layer(options))
    )
  )

/**
 * Provides the room sessions and the recordings of one project, with the credentials from configuration. The layer is built
 * anew at each use, since each use may have another `ConfigProvider`. To share the connections, provide it once. A constant that is derived from it, such
 * as `Layer.orDie(layer)`, is shared by reference like any layer of Effect.
 *
 * An omitted option is read from `SIGNALWIRE_SPACE`, `SIGNALWIRE_PROJECT_ID` or `SIGNALWIRE_API_TOKEN`; `SIGNALWIRE_REST_BASE_URL`
 * takes precedence over the first. Without `ca`, `SIGNALWIRE_REST_CA_FILE` is the path of a file with the certificates, in PEM, that
 * are trusted in place of the well-known authorities.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { NodeSignalWire } from "@effect-signalwire/node-runtime"
 * import { Config } from "effect"
 *
 * const europe = NodeSignalWire.layerConfig({
 *   space: Config.string("EU_SPACE"),
 *   projectId: Config.string("EU_PROJECT_ID"),
 *   apiToken: Config.redacted("EU_API_TOKEN")
 * })
 */
export const layerConfig = (
  options: ConfigOptions = {}
): Layer.Layer<Services, ConfigError.ConfigError> =>
  Layer.fresh(
    services().pipe(
      Layer.provideMerge(SignalWireClient.layerTransportConfig(withFastDecoder(options))),
      Layer.provide(Layer.unwrapEffect(
        Effect.map(
          options.ca === undefined ? certificates.fromConfig : Effect.succeed(options.ca),
          ca => UndiciTransport.layer({ ...options, ca })
        )
      ))
    )
  )
