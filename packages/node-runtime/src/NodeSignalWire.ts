/**
 * Everything an application on Node needs, in one layer.
 *
 * @since 1.0.0
 */
import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import type * as ConfigError from "effect/ConfigError"
import * as Layer from "effect/Layer"
import * as UndiciHttpClient from "./UndiciHttpClient.ts"
import { perEnvironment } from "./internal/proxy.ts"

/**
 * How requests are made and sent, beside the credentials.
 *
 * @since 1.0.0
 * @category models
 */
export interface Settings extends SignalWireClient.Settings, UndiciHttpClient.Options {}

/**
 * @since 1.0.0
 * @category models
 */
export interface Options extends SignalWireClient.Options, UndiciHttpClient.Options {}

const quick = (settings: SignalWireClient.Settings) => ({ decoder: settings.decoder ?? FastDecoder.make })

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
      Layer.provideMerge(SignalWireClient.layer({ ...options, ...quick(options) })),
      Layer.provide(UndiciHttpClient.layer(options))
    )
  )

/**
 * The same from configuration. It is built anew wherever it is used, since each use may have a `ConfigProvider` of its own:
 * to share the connections, provide it once. A constant that is made of it, by `Layer.orDie` for example, is shared by
 * reference as any layer of Effect is. `SIGNALWIRE_SPACE`, `SIGNALWIRE_PROJECT_ID` and `SIGNALWIRE_API_TOKEN` are read;
 * `SIGNALWIRE_BASE_URL` replaces the first for a server on loopback.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerConfig = (
  settings: Settings = {}
): Layer.Layer<RoomSessions.RoomSessions | SignalWireClient.SignalWireClient, ConfigError.ConfigError> =>
  Layer.fresh(RoomSessions.layer.pipe(
    Layer.provideMerge(SignalWireClient.layerConfig({ ...settings, ...quick(settings) })),
    Layer.provide(UndiciHttpClient.layer(settings))
  ))
