/**
 * What sends the requests of a client: one method, in the words of undici's `Dispatcher`.
 *
 * `layerHttpClient` makes one of any `HttpClient`, and `SignalWireClient.layer` uses it. `@effect-signalwire/node-runtime` has one over
 * undici, without a stream and a fiber for each request. An application writes one of its own for a transport that has no
 * `HttpClient`, and gives it to `SignalWireClient.layerTransport`.
 *
 * @since 1.0.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { dispatchOver } from "./internal/request/httpClientTransport.ts"

/**
 * What is sent.
 *
 * @since 1.0.0
 * @category models
 */
export interface Request {
  readonly method: "GET" | "POST"
  /** Scheme, host and port. */
  readonly origin: string
  /** Absolute path with its query, encoded. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON; null for none. */
  readonly body: string | null
  /** Whether to send on a connection that was not idle before: true after an attempt without a response. */
  readonly freshConnection: boolean
}

/**
 * Headers as they arrived: names in lower case, an array where a line came more than once.
 *
 * @since 1.0.0
 * @category models
 */
export type Headers = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

/**
 * What a transport calls. The order is `onConnection`, `onRequestSent`, `onHeaders`, any number of `onData`, then `onEnd`;
 * `onError` may come at any time instead. After `onHeaders` or `onData` returned false the transport aborts the request and calls
 * nothing more. The calls may come in any asynchronous context: the client returns to that of its caller.
 *
 * @since 1.0.0
 * @category models
 */
export interface ResponseHandler {
  /**
   * The request has a connection, or one is being made for it: the time of the attempt begins. Before it, only the deadline
   * of the call counts.
   */
  readonly onConnection: () => void
  /** The request is being written to a connection. Called again when it is sent once more on another connection. */
  readonly onRequestSent: () => void
  /** The final status, not an informational one. */
  readonly onHeaders: (status: number, headers: Headers) => boolean
  readonly onData: (chunk: Uint8Array) => boolean
  readonly onEnd: () => void
  /**
   * @param wasSent false where `onRequestSent` was called and the request cannot have been sent, by a transport that cannot tell
   *   earlier; default true
   */
  readonly onError: (cause: unknown, wasSent?: boolean) => void
}

/**
 * Why a request is aborted.
 *
 * @since 1.0.0
 * @category models
 */
export type AbortReason = "timeout" | "interruption"

/**
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /**
   * Sends a request, and returns how to abort it. After an abort nothing is called any more, and the connection is closed or
   * free. Called by the fiber that waits for the response, which `Fiber.getCurrentFiber` gives.
   */
  readonly dispatch: (request: Request, handler: ResponseHandler) => (reason: AbortReason) => void
  /** Settles when no request can be sent any more, since the transport's layer was closed; `Effect.never` where there is no such time. */
  readonly closed: Effect.Effect<void>
  /** Whether bodies may arrive decompressed while `content-encoding` still names the compression, as fetch passes them on. */
  readonly mayDecompress: boolean
}

/**
 * @since 1.0.0
 * @category tags
 */
export class Transport extends Context.Tag("@effect-signalwire/core/Transport")<Transport, Service>() {}

/**
 * Sends requests by the `HttpClient` of the context, with its middleware. It cannot tell when it has a connection and when it sends:
 * both count as done at once.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerHttpClient: Layer.Layer<Transport, never, HttpClient.HttpClient> = Layer.fresh(Layer.effect(
  Transport,
  Effect.map(HttpClient.HttpClient, client => ({
    dispatch: dispatchOver(client),
    closed: Effect.never,
    mayDecompress: true
  }))
))
