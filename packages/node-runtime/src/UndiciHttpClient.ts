/**
 * An `HttpClient` for Node over one bounded connection pool with the lifetime of its layer. It is for other requests of an
 * application, and for middleware around the requests of this library.
 *
 * @since 1.0.0
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Dispatcher } from "undici"
import type { ConfigOptions, Options } from "./UndiciTransport.ts"
import * as dispatcher from "./internal/dispatcher.ts"
import * as proxy from "./internal/proxy.ts"

type Fetch = typeof globalThis.fetch

type UndiciFetch = (input: Parameters<Fetch>[0], init: object) => ReturnType<Fetch>

/**
 * undici's entry is loaded for this layer only. Node's own fetch is loaded before it, and so keeps its own dispatcher: see
 * `internal/undici.ts`.
 */
const undiciFetch = Effect.promise(async () => {
  Reflect.get(globalThis, "Headers")
  // a chunk of esbuild has the exports of a CommonJS module in its default alone
  const { default: { fetch } } = await import("undici")
  // undici and the platform declare the types of fetch separately, and the declarations are not compatible
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return fetch as unknown as UndiciFetch
})

const fetchOver = (fetch: UndiciFetch, pool: Dispatcher): Fetch => (input, init) =>
  fetch(input, { ...init, dispatcher: pool })

const over = (
  makeDispatcher: Effect.Effect<dispatcher.ScopedDispatcher, ConfigError.ConfigError, Scope.Scope>
): Layer.Layer<HttpClient.HttpClient, ConfigError.ConfigError> =>
  Layer.unwrapScoped(Effect.gen(function*() {
    const { pool } = yield* makeDispatcher
    const fetch = fetchOver(yield* undiciFetch, pool.compose(dispatch => dispatch))
    // fresh: a constant layer is built once in a graph, so all clients would use the first pool
    return Layer.fresh(FetchHttpClient.layer).pipe(Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)))
  }))

/**
 * Provides an `HttpClient` over undici's fetch, with the pool of `UndiciTransport.layer`. With `SignalWireClient.layer` a request
 * takes about four times the CPU time of one over `UndiciTransport.layer`. The `ConfigError` names an invalid option.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
 * import { UndiciHttpClient } from "@effect-signalwire/node-runtime"
 * import { HttpClient, HttpClientRequest } from "@effect/platform"
 * import { Effect, Layer } from "effect"
 *
 * const withHeader = Layer.effect(
 *   HttpClient.HttpClient,
 *   Effect.map(HttpClient.HttpClient, HttpClient.mapRequest(HttpClientRequest.setHeader("x-team", "billing")))
 * )
 * const live = RoomSessions.layer.pipe(
 *   Layer.provide(SignalWireClient.layerConfig()),
 *   Layer.provide(withHeader),
 *   Layer.provide(UndiciHttpClient.layer())
 * )
 */
export const layer = (options: Options = {}): Layer.Layer<HttpClient.HttpClient, ConfigError.ConfigError> =>
  proxy.perEnvironment(options, over(dispatcher.makeScoped(options)))

/**
 * Provides the `HttpClient` of `layer`. Without `ca`, `SIGNALWIRE_REST_CA_FILE` is the path of a file with the certificates, in PEM, that
 * are trusted in place of the well-known authorities. The layer is built anew at each use, since each use may have another
 * `ConfigProvider`.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { RecordingDownload, type RoomRecording } from "@effect-signalwire/core"
 * import { UndiciHttpClient } from "@effect-signalwire/node-runtime"
 * import { Stream } from "effect"
 *
 * const bytesOf = (recording: RoomRecording.RoomRecording) =>
 *   RecordingDownload.download(recording).pipe(Stream.provideLayer(UndiciHttpClient.layerConfig()))
 */
export const layerConfig = (options: ConfigOptions = {}): Layer.Layer<HttpClient.HttpClient, ConfigError.ConfigError> =>
  Layer.fresh(over(dispatcher.makeScopedConfig(options)))
