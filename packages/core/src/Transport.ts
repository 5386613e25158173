/**
 * The service that sends the requests of a client. Its interface follows undici's `Dispatcher`.
 *
 * `layerHttpClient` makes one from any `HttpClient`, and `SignalWireClient.layer` uses it. `@effect-signalwire/node-runtime`
 * has one over undici, without a stream and a fiber for each request. An application can implement one for a transport
 * that has no `HttpClient`, and provide it to `SignalWireClient.layerTransport`.
 *
 * @since 1.0.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Tracer from "effect/Tracer"
import * as httpClientTransport from "./internal/request/httpClientTransport.ts"

/**
 * An asynchronous context, such as the stores of `AsyncLocalStorage`. Node's `AsyncResource` is one.
 *
 * @since 1.0.0
 * @category models
 */
export interface AsyncContext {
  /** Calls back in the context in which this value was made, once and before it returns. */
  readonly runInAsyncScope: (callback: () => void) => void
}

/**
 * A request of a client.
 *
 * @since 1.0.0
 * @category models
 */
export interface Request {
  /** The method. A POST has a body. */
  readonly method: "GET" | "POST"
  /** Scheme, host and port. */
  readonly origin: string
  /** Absolute path with the query, encoded. */
  readonly path: string
  /** Names in lower case. Requests share the object: a transport that needs other headers makes a copy. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON; null for none. */
  readonly body: string | null
  /** Whether to send on a connection that was not idle before: true after an attempt without a response. */
  readonly freshConnection: boolean
  /** The span of the attempt, the parent of spans that the transport makes; missing for a call without spans. */
  readonly parentSpan?: Tracer.AnySpan | undefined
  /**
   * The context of the caller; missing without `makeAsyncContext`, for a request of a transform, and for a call with spans, whose tracer
   * may set a context of its own during `dispatch`.
   */
  readonly asyncContext?: AsyncContext | undefined
}

/**
 * The headers of a response: names in lower case, an array where a line was sent more than once.
 *
 * @since 1.0.0
 * @category models
 */
export type Headers = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

/**
 * The callbacks of a transport. The order is `onConnection`, `onRequestSent`, `onHeaders`, any number of `onData`, then
 * `onEnd`; `onError` can replace any of them and is the last. When `onHeaders` or `onData` returns false, the transport aborts
 * the request and makes no further call. The asynchronous context of the calls is free: the client restores that of its
 * caller.
 *
 * @since 1.0.0
 * @category models
 */
export interface ResponseHandler {
  /**
   * The request has a connection, or one is being opened for it. The time of the attempt begins; before it, only the deadline
   * of the call counts.
   */
  readonly onConnection: () => void
  /** The request is being written to a connection. Called again when the request is sent again on another connection. */
  readonly onRequestSent: () => void
  /** The status and the headers, not those of an informational response. Returns whether the client needs the body. */
  readonly onHeaders: (status: number, headers: Headers) => boolean
  /** A part of the body. The client retains the chunk, so the transport must not change it. Returns whether the client needs more. */
  readonly onData: (chunk: Uint8Array) => boolean
  /** The response is complete. */
  readonly onEnd: () => void
  /**
   * The request has failed. The `code` of the cause, or of one of its own causes, determines the reason of `TransportError`. The codes
   * of Node and undici are known, such as `ECONNREFUSED`, `ECONNRESET`, `ENOTFOUND` and `UND_ERR_DESTROYED` (`Closed`). The reason of
   * any other code is `Other`.
   *
   * @param wasSent false for a transport that learns only from the error that the request was not sent, after it has called
   *   `onRequestSent`; default true
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
 * A transport.
 *
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /**
   * Sends a request, and returns the function that aborts it. After an abort the transport makes no further call, and the
   * connection is closed or idle. `Fiber.getCurrentFiber` is the fiber of the call. `dispatch` may call the handler before it
   * returns. An exception of `dispatch` is the `cause` of `onError`.
   */
  readonly dispatch: (request: Request, handler: ResponseHandler) => (reason: AbortReason) => void
  /**
   * Settles when the layer of the transport was closed and no request can be sent; `Effect.never` for a transport without a lifetime. It
   * ends the delay before a retry. The transport itself fails the requests in progress, for example with the code
   * `UND_ERR_DESTROYED`.
   */
  readonly closed: Effect.Effect<void>
  /** Whether a body can be decompressed although `content-encoding` still names the compression, as with fetch. */
  readonly mayDecompress: boolean
  /**
   * Makes a value for the current asynchronous context, once for each call. Without it the client restores the context with a promise
   * for each attempt, which takes more memory of each call that waits. It must not throw.
   */
  readonly makeAsyncContext?: () => AsyncContext
}

/**
 * The transport of a client.
 *
 * @since 1.0.0
 * @category tags
 * @example
 * import { Transport } from "@effect-signalwire/core"
 * import { Effect, Layer } from "effect"
 *
 * // the same response to every request
 * const always = (status: number, body: string) =>
 *   Layer.succeed(Transport.Transport, {
 *     dispatch: (_, handler) => {
 *       handler.onConnection()
 *       handler.onRequestSent()
 *       const isNeeded = handler.onHeaders(status, { "content-type": "application/json" })
 *       if (isNeeded && handler.onData(new TextEncoder().encode(body))) handler.onEnd()
 *       return () => {}
 *     },
 *     closed: Effect.never,
 *     mayDecompress: false
 *   })
 */
export class Transport extends Context.Tag("@effect-signalwire/core/Transport")<Transport, Service>() {}

/**
 * Provides a transport over the `HttpClient` of the context, with its middleware. An `HttpClient` does not report when it has
 * a connection and when it sends: both count as immediate. When the layer is closed, the requests in progress are aborted and
 * their calls fail with `TransportError`, reason `Closed`.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerHttpClient: Layer.Layer<Transport, never, HttpClient.HttpClient> = Layer.fresh(Layer.scoped(
  Transport,
  Effect.flatMap(HttpClient.HttpClient, httpClientTransport.make)
))
