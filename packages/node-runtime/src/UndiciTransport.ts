/**
 * A `Transport` for Node over undici, with one bounded connection pool. `NodeSignalWire` uses it.
 *
 * @since 1.0.0
 */
import { Transport } from "@effect-signalwire/core"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as dispatcher from "./internal/dispatcher.ts"
import type { ConfigOptions, Options } from "./internal/options.ts"
import * as proxy from "./internal/proxy.ts"
import * as undiciTransport from "./internal/undiciTransport.ts"

export type {
  /**
   * The options of the transport, with the certificates from configuration where `ca` is omitted.
   *
   * @since 1.0.0
   * @category models
   */
  ConfigOptions,
  /**
   * The options of the transport.
   *
   * @since 1.0.0
   * @category models
   */
  Options
} from "./internal/options.ts"

/**
 * Provides the transport: keep-alive, at most `maxConnections` connections to an origin, at least TLS 1.2, certificates always
 * validated. When the layer is closed, every connection is closed, and the calls in progress fail with `TransportError`, reason
 * `Closed`. The `ConfigError` names an invalid option.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
 * import { UndiciTransport } from "@effect-signalwire/node-runtime"
 * import { Layer } from "effect"
 *
 * const live = RoomSessions.layer.pipe(
 *   Layer.provide(SignalWireClient.layerTransportConfig()),
 *   Layer.provide(UndiciTransport.layer({ proxy: "environment" }))
 * )
 */
export const layer = (options: Options = {}): Layer.Layer<Transport.Transport, ConfigError.ConfigError> =>
  proxy.perEnvironment(
    options,
    Layer.scoped(Transport.Transport, Effect.map(dispatcher.makeScoped(options), undiciTransport.make))
  )

/**
 * Provides the transport of `layer`. Without `ca`, `SIGNALWIRE_REST_CA_FILE` is the path of a file with the certificates, in PEM, that are
 * trusted in place of the well-known authorities. The layer is built anew at each use, since each use may have another `ConfigProvider`.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
 * import { UndiciTransport } from "@effect-signalwire/node-runtime"
 * import { Layer } from "effect"
 *
 * const live = RoomSessions.layer.pipe(
 *   Layer.provide(SignalWireClient.layerTransportConfig()),
 *   Layer.provide(UndiciTransport.layerConfig())
 * )
 */
export const layerConfig = (options: ConfigOptions = {}): Layer.Layer<Transport.Transport, ConfigError.ConfigError> =>
  Layer.fresh(
    Layer.scoped(Transport.Transport, Effect.map(dispatcher.makeScopedConfig(options), undiciTransport.make))
  )
