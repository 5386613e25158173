/** A request in a pool, from `dispatch` to its end: queued, connecting, sent. It is its own controller. */
import { AsyncResource } from "node:async_hooks"
import { type Dispatcher, errors } from "undici"
import type { Connection, Sendable } from "./connection.ts"
import type { Entry } from "./queue.ts"

/** Observes what undici's handlers do not. */
export interface Observer {
  /** It has a connection, or one is being made for it. */
  readonly onConnection: () => void
  /** It is being written to a connection. Called again when it is sent once more on another one. */
  readonly onRequestSent: () => void
}

/** Added to undici's options, since a `ProxyAgent` passes on options and wraps handlers. */
export interface Options extends Dispatcher.DispatchOptions {
  /** Whether the request needs a connection that was not idle before; default false. */
  readonly freshConnection?: boolean
  readonly observer?: Observer
}

/** What a request calls on its pool. */
export interface Pool {
  readonly maxHeaderBytes: number
  /** The response has arrived: the connection is free. */
  readonly onResponse: (connection: Connection | undefined) => void
  /** The request failed, and so did its connection if it had one. */
  readonly onFailure: (request: PooledRequest, connection: Connection | undefined, isSilent: boolean) => void
  /** Opens a connection in place of one that turned out to be closed. */
  readonly replace: (connection: Connection) => Connection | undefined
}

/** The size of Node's reads from a socket: this much of a body may have arrived with the headers. */
const maxChunkBytes = 65_536

/** Whether a request can be sent twice: it is idempotent, and has no body that may be consumed. */
const isRepeatable = ({ body, method }: Options): boolean =>
  (method === "GET" || method === "HEAD" || method === "OPTIONS") && (body === undefined || body === null)

/** OpenSSL's codes for a record that it cannot decrypt. An alert comes from the peer, about a certificate for example. */
const isDamagedRecord = (error: Error): boolean =>
  "code" in error && typeof error.code === "string" && /^(?:ERR_SSL_|EPROTO$)/.test(error.code) &&
  !error.code.includes("_ALERT_")

export class PooledRequest implements Sendable, Dispatcher.DispatchController, Entry<PooledRequest> {
  previous: PooledRequest | undefined
  next: PooledRequest | undefined
  readonly #pool: Pool
  readonly #options: Options
  readonly #handler: Dispatcher.DispatchHandler
  /** The asynchronous context of the caller: a request that was queued is sent in it, and not in that of the call that released the connection. */
  readonly #context = new AsyncResource("PooledRequest")
  #connection: Connection | undefined
  #controller: Dispatcher.DispatchController | undefined
  #wasReused = false
  #bytesBefore = 0
  #isResent = false
  #settled = false
  #reason: Error | null = null

  constructor(pool: Pool, options: Options, handler: Dispatcher.DispatchHandler) {
    this.#pool = pool
    this.#options = options
    this.#handler = handler
  }

  get needsFreshConnection(): boolean {
    return this.#options.freshConnection === true
  }

  get isSettled(): boolean {
    return this.#settled
  }

  get aborted(): boolean {
    return this.#reason !== null
  }

  get reason(): Error | null {
    return this.#reason
  }

  get paused(): boolean {
    return this.#controller?.paused ?? false
  }

  pause(): void {
    this.#controller?.pause()
  }

  resume(): void {
    this.#controller?.resume()
  }

  start(connection: Connection): void {
    this.#connection = connection
    this.#options.observer?.onConnection()
    connection.send(this, this.#options)
  }

  /** In the context of the caller. */
  startLater(connection: Connection): void {
    this.#context.runInAsyncScope(() => this.start(connection))
  }

  abort(reason: Error): void {
    if (this.#settled) return
    this.#reason = reason
    this.#fail(reason, reason.name === "TimeoutError" && this.#wasReused && this.#isSilent())
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#settled) {
      controller.abort(this.#reason ?? new errors.RequestAbortedError())
      return
    }
    this.#wasReused = this.#connection?.isReused === true
    this.#bytesBefore = this.#bytesRead()
    this.#options.observer?.onRequestSent()
  }

  /** The signal of a request for a tunnel closes the tunnel, so that TLS inside of it can be aborted as well. */
  onRequestUpgrade(...upgrade: Parameters<NonNullable<Dispatcher.DispatchHandler["onRequestUpgrade"]>>): void {
    if (!this.#settle()) return
    const [, , , socket] = upgrade
    const signal: unknown = "signal" in this.#options ? this.#options.signal : undefined
    if (signal instanceof AbortSignal) signal.addEventListener("abort", () => socket.destroy(), { once: true })
    this.#pool.onResponse(this.#connection)
    this.#handler.onRequestUpgrade?.(...upgrade)
  }

  onResponseStart(...start: Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>): void {
    if (this.#settled) return
    if (this.#isHeadTooLarge(start[3])) {
      this.#fail(new errors.HeadersOverflowError(), false)
      return
    }
    this.#bytesBefore = this.#bytesRead()
    this.#wasReused = false
    this.#handler.onResponseStart?.(...start)
  }

  onResponseData(...data: Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseData"]>>): void {
    if (!this.#settled) this.#handler.onResponseData?.(...data)
  }

  onResponseEnd(...end: Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseEnd"]>>): void {
    if (!this.#settle()) return
    this.#pool.onResponse(this.#connection)
    this.#connection = undefined
    this.#controller = undefined
    this.#handler.onResponseEnd?.(...end)
  }

  /**
   * A reused connection that ends before a byte of the response was closed while it was idle, or the server was about to: the
   * request is sent once more, on a new connection. A record that cannot be decrypted after the handshake is a connection error.
   */
  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    if (!this.#settled && this.#connection !== undefined && this.#mayResend(this.#connection)) {
      const fresh = this.#pool.replace(this.#connection)
      this.#isResent = true
      this.#controller = undefined
      this.#connection = undefined
      if (fresh !== undefined) {
        this.startLater(fresh)
        return
      }
    }
    const isBroken = this.#controller !== undefined && isDamagedRecord(error)
    this.#fail(isBroken ? new errors.SocketError(error.message) : error, false)
  }

  /** undici waits for a turn of the event loop before it writes to a connection that was used before. */
  #mayResend(connection: Connection): boolean {
    if (this.#isResent) return false
    const wasWritten = this.#controller !== undefined
    return wasWritten ? this.#wasReused && this.#isSilent() && isRepeatable(this.#options) : connection.isReused
  }

  #bytesRead(): number {
    return this.#connection?.bytesRead ?? 0
  }

  /** Whether no byte has arrived since the request was sent. */
  #isSilent(): boolean {
    return this.#bytesRead() === this.#bytesBefore
  }

  /** undici does not count the reason phrase, of which it keeps the last piece. */
  #isHeadTooLarge(reasonPhrase: string | undefined): boolean {
    const { maxHeaderBytes } = this.#pool
    return (reasonPhrase?.length ?? 0) > maxHeaderBytes ||
      this.#bytesRead() - this.#bytesBefore > maxHeaderBytes + maxChunkBytes
  }

  #fail(error: Error, isSilent: boolean): void {
    if (!this.#settle()) return
    this.#controller?.abort(error)
    this.#pool.onFailure(this, this.#connection, isSilent)
    this.#handler.onResponseError?.(this.#controller ?? this, error)
  }

  #settle(): boolean {
    const first = !this.#settled
    this.#settled = true
    return first
  }
}
