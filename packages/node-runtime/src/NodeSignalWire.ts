/**
 * Everything an application on Node needs, in one layer.
 *
 * @since 1.0.0
 */
import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as UndiciTransport from "./UndiciTransport.ts"
import * as certificates from "./internal/certificates.ts"
import { perEnvironment } from "./internal/proxy.ts"

/**
 * @since 1.0.0
 * @category models
 */
export interface Options extends SignalWireClient.Options, UndiciTransport.Options {}

/**
 * The same with the credentials as configuration.
 *
 * @since 1.0.0
 * @category models
 */
export interface ConfigOptions extends SignalWireClient.ConfigOptions, UndiciTransport.Options {}

const withFastDecoder = <O extends SignalWireClient.OptionsWithoutCredentials>(options: O) => ({
  ...options,
  decoder: options.decoder ?? FastDecoder.make
})

/**
 * Room sessions of one project, over a pool of connections that lives as long as the layer. A wrong option is a
 * `ConfigError` that says what is accepted.
 *
 * As with every layer of Effect, one value is built once for all who use it in a graph, and each call of this function makes
 * another one: two spaces in one process are two calls, with a tag of its own for each.
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
): Layer.Layer<RoomSessions.RoomSessions | SignalWireClient.SignalWireClient, ConfigError.ConfigError> =>
  perEnvironment(
    options,
    RoomSessions.layer.pipe(
      Layer.provideMerge(SignalWireClient.layerTransport(withFastDecoder(options))),
      Layer.provide(UndiciTransport.layer(options))
    )
  )

/**
 * The same from configuration. It is built anew wherever it is used, since each use may have a `ConfigProvider` of its own:
 * to share the connections, provide it once. A constant that is made of it, by `Layer.orDie` for example, is shared by
 * reference as any layer of Effect is.
 *
 * What is left out is read from `SIGNALWIRE_SPACE`, `SIGNALWIRE_PROJECT_ID` and `SIGNALWIRE_API_TOKEN`; `SIGNALWIRE_REST_BASE_URL` takes
 * precedence over the first. Without `ca`, `SIGNALWIRE_REST_CA_FILE` names a file with certificates in PEM to trust in place of the well-known
 * authorities.
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
): Layer.Layer<RoomSessions.RoomSessions | SignalWireClient.SignalWireClient, ConfigError.ConfigError> =>
  Layer.fresh(RoomSessions.layer.pipe(
    Layer.provideMerge(SignalWireClient.layerTransportConfig(withFastDecoder(options))),
    Layer.provide(Layer.unwrapEffect(
      Effect.map(
        options.ca === undefined ? certificates.fromConfig : Effect.succeed(options.ca),
        ca => UndiciTransport.layer({ ...options, ca })
      )
    ))
  ))
