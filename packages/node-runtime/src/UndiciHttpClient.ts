/**
 * An `HttpClient` for Node over one bounded pool of undici, which lives as long as its layer: for requests of an application that
 * are not this library's, and for middleware around this library's own.
 *
 * @since 1.0.0
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Dispatcher, fetch } from "undici"
import type { Options } from "./UndiciTransport.ts"
import * as dispatcher from "./internal/dispatcher.ts"
import * as proxy from "./internal/proxy.ts"

type Fetch = typeof globalThis.fetch

// undici's fetch and the platform's are declared as twins that do not know each other
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const undiciFetch = fetch as unknown as (input: Parameters<Fetch>[0], init: object) => ReturnType<Fetch>

const fetchOver = (pool: Dispatcher): Fetch => (input, init) => undiciFetch(input, { ...init, dispatcher: pool })

/**
 * The pool of `UndiciTransport.layer` under undici's fetch. With `SignalWireClient.layer` a request costs some four times as much
 * CPU as over `UndiciTransport.layer`.
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
  proxy.perEnvironment(
    options,
    Layer.unwrapScoped(Effect.map(dispatcher.makeScoped(options), ({ pool }) =>
      // fresh: the constant would be one for all, and so go by the first pool of a graph of layers
      Layer.fresh(FetchHttpClient.layer).pipe(
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetchOver(pool.compose(dispatch => dispatch))))
      )))
  )
