/** A request in a pool, from `dispatch` until it is settled: queued, connecting, sent. It is its own controller. */
import { AsyncResource } from "node:async_hooks"
import type { Dispatcher } from "undici"
import { errors } from "../undici.ts"
import type { Connection, Sendable } from "./connection.ts"
import type { Entry } from "./queue.ts"

/** The callbacks that undici's handlers do not have. */
export interface Observer {
  /** The request has a connection, or one is being opened for it. */
  readonly onConnection: () => void
  /** The request is being written to a connection. Called again when it is sent again on another connection. */
  readonly onRequestSent: () => void
}

interface AsyncContext {
  readonly runInAsyncScope: (callback: () => void) => void
}

/** The observer is an option and not a part of the handler, since a `ProxyAgent` passes on options and wraps handlers. */
export interface Options extends Dispatcher.DispatchOptions {
  /** Whether the request needs a new connection instead of an idle one; default false. */
  readonly freshConnection?: boolean
  readonly observer?: Observer
  /** The asynchronous context of the caller; by default that of `dispatch`. */
  readonly asyncContext?: AsyncContext | undefined
}

/** The interface of the pool for its requests. */
export interface Pool {
  readonly maxHeaderBytes: number
  /** The response is complete: the connection is idle. */
  readonly onResponse: (connection: Connection | undefined) => void
  /** The request has failed: its connection, if it has one, cannot be used again. */
  readonly onError: (request: PooledRequest, connection: Connection | undefined, hasNoResponse: boolean) => void
  /** undici has rejected the request and written nothing: its connection is as it was before. */
  readonly onRejected: (connection: Connection) => void
  /** Queues a request, first, whose connection could not be opened. Returns false where the pool has no other one to wait for. */
  readonly requeue: (request: PooledRequest, connection: Connection) => boolean
  /** Discards a connection that was closed while it was idle, and opens a new one if the limit allows it. */
  readonly replace: (connection: Connection) => Connection | undefined
}

/** The size of Node's reads from a socket. The read that ends the headers can contain as many bytes of the body. */
const maxChunkBytes = 65_536

/** Whether a request can be sent twice: it is idempotent and has no body, which may be consumed. */
const isRepeatable = ({ body, method }: Options): boolean =>
  (method === "GET" || method === "HEAD" || method === "OPTIONS") && (body === undefined || body === null)

/** Whether OpenSSL could not decrypt a record. An alert is sent by the peer, for example about a certificate. */
const isDecryptionError = (error: Error): boolean =>
  "code" in error && typeof error.code === "string" && /^(?:ERR_SSL_|EPROTO$)/.test(error.code) &&
  !error.code.includes("_ALERT_")

/** Whether undici rejects the options of a request. */
const isArgumentError = (error: Error): boolean =>
  error instanceof errors.InvalidArgumentError || error instanceof errors.NotSupportedError ||
  error instanceof errors.RequestContentLengthMismatchError

/** Whether this process or machine has no more files, ports or memory for connections. */
const isShortage = (error: Error): boolean =>
  "code" in error && typeof error.code === "string" &&
  /^(?:EMFILE|ENFILE|EADDRNOTAVAIL|ENOBUFS|ENOMEM)$/.test(error.code)

export class PooledRequest implements Sendable, Dispatcher.DispatchController, Entry<PooledRequest> {
  previous: PooledRequest | undefined
  next: PooledRequest | undefined
  /** The time at which the request was queued, for the metrics; 0 when it is not queued. */
  queuedAt = 0
  readonly #pool: Pool
  readonly #options: Options
  readonly #handler: Dispatcher.DispatchHandler
  /** The asynchronous context of the caller. A queued request is sent in it, and not in that of the call that released the connection. */
  readonly #context: AsyncContext
  #connection: Connection | undefined
  #controller: Dispatcher.DispatchController | undefined
  #wasReused = false
  #bytesBefore = 0
  #isResent = false
  #settled = false
  #reason: Error | null = null
  /** The error after which the request was queued again. undici reports it a second time. */
  #shortage: Error | undefined

  constructor(pool: Pool, options: Options, handler: Dispatcher.DispatchHandler) {
    this.#pool = pool
    this.#options = options
    this.#handler = handler
    this.#context = options.asyncContext ?? new AsyncResource("SignalWireRequest")
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

  /** Starts the request in the asynchronous context of the caller. */
  startLater(connection: Connection): void {
    this.#context.runInAsyncScope(() => this.start(connection))
  }

  abort(reason: Error): void {
    if (this.#settled) return
    this.#reason = reason
    this.#fail(reason, reason.name === "TimeoutError" && this.#wasReused && this.#hasNoResponse())
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

  /** Abortion by the signal of a `CONNECT` request closes the tunnel, so that TLS in the tunnel is aborted too. */
  onRequestUpgrade(...upgrade: Parameters<NonNullable<Dispatcher.DispatchHandler["onRequestUpgrade"]>>): void {
    if (!this.#settle()) return
    const [, , , socket] = upgrade
    const signal: unknown = "signal" in this.#options ? this.#options.signal : undefined
    if (signal instanceof AbortSignal) signal.addEventListener("abort", () => socket.destroy(), { once: true })
    this.#pool.onResponse(this.#connection)
    this.#handler.onRequestUpgrade?.(...upgrade)
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | Array<string>>,
    reasonPhrase?: string
  ): void {
    if (this.#settled) return
    if (this.#hasTooLargeHeaders(reasonPhrase)) {
      this.#fail(new errors.HeadersOverflowError(), false)
      return
    }
    this.#bytesBefore = this.#bytesRead()
    this.#wasReused = false
    this.#handler.onResponseStart?.(controller, status, headers, reasonPhrase)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#settled) this.#handler.onResponseData?.(controller, chunk)
  }

  onResponseEnd(controller: Dispatcher.DispatchController, trailers: Record<string, string | Array<string>>): void {
    if (!this.#settle()) return
    this.#pool.onResponse(this.#connection)
    this.#connection = undefined
    this.#controller = undefined
    this.#handler.onResponseEnd?.(controller, trailers)
  }

  /**
   * A reused connection that ends before the first byte of the response was closed while it was idle, or at the moment of the
   * request: the request is sent once more, on a new connection. A record that cannot be decrypted after the handshake is a
   * connection error. An argument error before the request was written says nothing about the connection. Without files or ports for one
   * more connection, the request waits for one of the others.
   */
  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    if (error === this.#shortage) return
    if (this.#controller === undefined && this.#connection?.isOpen === true && isArgumentError(error)) {
      this.#reject(this.#connection, error)
      return
    }
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
    if (!this.#settled && this.#controller === undefined && this.#connection !== undefined && isShortage(error)) {
      if (this.#pool.requeue(this, this.#connection)) {
        this.#shortage = error
        this.#connection = undefined
        return
      }
    }
    const isSocketError = this.#controller !== undefined && isDecryptionError(error)
    this.#fail(isSocketError ? new errors.SocketError(error.message) : error, false)
  }

  /** A request on a reused connection may not be written yet, since undici waits for a turn of the event loop before it writes. */
  #mayResend(connection: Connection): boolean {
    if (this.#isResent) return false
    const wasWritten = this.#controller !== undefined
    return wasWritten ? this.#wasReused && this.#hasNoResponse() && isRepeatable(this.#options) : connection.isReused
  }

  #bytesRead(): number {
    return this.#connection?.bytesRead ?? 0
  }

  /** Whether no byte has arrived since the request was sent. */
  #hasNoResponse(): boolean {
    return this.#bytesRead() === this.#bytesBefore
  }

  /** undici's own limit does not include the reason phrase, of which it passes on only the last part. */
  #hasTooLargeHeaders(reasonPhrase: string | undefined): boolean {
    const { maxHeaderBytes } = this.#pool
    return (reasonPhrase?.length ?? 0) > maxHeaderBytes ||
      this.#bytesRead() - this.#bytesBefore > maxHeaderBytes + maxChunkBytes
  }

  #fail(error: Error, hasNoResponse: boolean): void {
    if (!this.#settle()) return
    this.#controller?.abort(error)
    this.#pool.onError(this, this.#connection, hasNoResponse)
    this.#handler.onResponseError?.(this.#controller ?? this, error)
  }

  #reject(connection: Connection, error: Error): void {
    if (!this.#settle()) return
    this.#pool.onRejected(connection)
    this.#handler.onResponseError?.(this, error)
  }

  #settle(): boolean {
    const first = !this.#settled
    this.#settled = true
    return first
  }
}
