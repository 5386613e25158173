/**
 * The seam between the client and a transport that wants to be fast: one HTTP exchange, as plain callbacks.
 *
 * The client works over every `HttpClient`. An `HttpClient` that also carries an `Exchange` is spoken to through that
 * instead: no stream per body, no controller and no fiber per request. `@effect-signalwire/node-runtime` makes one over
 * undici. Transforming such an `HttpClient` (`HttpClient.mapRequest` and the like) gives one without an `Exchange`, so
 * that transformations are never skipped.
 *
 * @since 1.0.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as Effect from "effect/Effect"

/**
 * @since 1.0.0
 * @category type ids
 */
export const TypeId: unique symbol = Symbol.for("@effect-signalwire/core/Exchange")

/**
 * @since 1.0.0
 * @category type ids
 */
export type TypeId = typeof TypeId

/**
 * What is sent. There is no body.
 *
 * @since 1.0.0
 * @category models
 */
export interface Request {
  readonly method: "GET"
  /** Scheme, host and port. */
  readonly origin: string
  /** Absolute path, encoded. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether to send on a connection that was not idle before: true after an attempt without a response. */
  readonly freshConnection: boolean
}

/**
 * Headers as they came: names in lower case, an array where a line came more than once.
 *
 * @since 1.0.0
 * @category models
 */
export type Headers = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

/**
 * Where an exchange reports. The order of calls is `begin`, `sent`, `head`, any number of `data`, then `end`; `fail` may come
 * at any time instead. When `head` or `data` returns false, the exchange aborts and reports nothing more. The calls may come
 * in any asynchronous context: the client returns to that of its caller.
 *
 * @since 1.0.0
 * @category models
 */
export interface Receiver {
  /**
   * The request has a connection, or one is being made for it: the time of the attempt begins. Before it, only the deadline
   * of the call counts.
   */
  readonly begin: () => void
  /** The request is being written to a connection. Called again when it is sent once more on another connection. */
  readonly sent: () => void
  readonly head: (status: number, headers: Headers) => boolean
  readonly data: (chunk: Uint8Array) => boolean
  readonly end: () => void
  readonly fail: (cause: unknown) => void
}

/**
 * Why an exchange is aborted.
 *
 * @since 1.0.0
 * @category models
 */
export type AbortReason = "timeout" | "interruption"

/**
 * Starts an exchange, and returns how to abort it. After that nothing is reported, and its connection is closed or free.
 *
 * @since 1.0.0
 * @category models
 */
export interface Exchange {
  (request: Request, receiver: Receiver): (reason: AbortReason) => void
  /** Settles when no request can be sent any more, since the layer of the transport was closed. */
  readonly closed?: Effect.Effect<void>
}

/**
 * Makes an `HttpClient` carry an `Exchange`.
 *
 * @since 1.0.0
 * @category constructors
 */
export const attach = (client: HttpClient.HttpClient, exchange: Exchange): HttpClient.HttpClient =>
  Object.assign(Object.create(Object.getPrototypeOf(client)), client, { [TypeId]: exchange })

/**
 * The `Exchange` that an `HttpClient` carries.
 *
 * @since 1.0.0
 * @category getters
 */
export const of = (client: HttpClient.HttpClient & { readonly [TypeId]?: Exchange }): Exchange | undefined =>
  client[TypeId]
