/** One connection of a pool: an undici `Client` with one request at a time. */
import type * as net from "node:net"
import type { buildConnector, Client, Dispatcher } from "undici"
import * as undici from "../undici.ts"
import type { Connect } from "./connector.ts"
import { CountedSocket, type PoolMetrics } from "./poolMetrics.ts"

export interface Options {
  readonly connect: Connect
  readonly maxHeaderBytes: number
  /** In milliseconds. */
  readonly maxAge: number
}

/** The request that a connection sends. */
export interface Sendable extends Dispatcher.DispatchHandler {
  readonly abort: (error: Error) => void
  readonly onResponseError: (controller: Dispatcher.DispatchController | undefined, error: Error) => void
}

export type Origin = NonNullable<Dispatcher.DispatchOptions["origin"]>

export class Connection {
  /** The order in which connections became idle. */
  idleNumber = 0
  readonly #client: Client
  readonly #options: Options
  readonly #metrics: PoolMetrics | undefined
  readonly #onClose: (connection: Connection) => void
  #request: Sendable | undefined
  #abortConnecting: (() => void) | undefined
  #socket: net.Socket | undefined
  #counted: CountedSocket | undefined
  #connectedAt = 0
  #isReused = false

  /** @param onClose called when the socket has closed; undici opens a new socket for the next request */
  constructor(
    origin: Origin,
    options: Options,
    metrics: PoolMetrics | undefined,
    onClose: (connection: Connection) => void
  ) {
    this.#options = options
    this.#metrics = metrics
    this.#onClose = onClose
    this.#client = new undici.Client(origin, {
      pipelining: 1,
      maxHeaderSize: options.maxHeaderBytes,
      connect: (target, callback) => this.#connect(target, callback)
    })
  }

  /** Whether the current socket has already carried a response. */
  get isReused(): boolean {
    return this.#isReused
  }

  /** The bytes that were read from the current socket, after decryption. */
  get bytesRead(): number {
    return this.#socket?.bytesRead ?? 0
  }

  get isOpen(): boolean {
    return this.#socket?.destroyed === false
  }

  isExpired(): boolean {
    return this.#socket !== undefined && performance.now() - this.#connectedAt >= this.#options.maxAge
  }

  send(request: Sendable, options: Dispatcher.DispatchOptions): void {
    this.#request = request
    this.#counted?.become("active")
    this.#client.dispatch(options, request)
  }

  /**
   * Called when its request is settled. undici writes the next request one turn of the event loop later, if no byte followed the
   * response and the server has not closed the connection; otherwise it opens a new socket.
   */
  release(): void {
    this.#request = undefined
    this.#isReused = true
  }

  /** Counts it as idle. One that is used again at once is never counted as idle: that is 4 % of a request with 256 in flight. */
  countIdle(): void {
    this.#counted?.become("idle")
  }

  /** Aborts its request, which closes the connection. */
  abort(error: Error): void {
    this.#request?.abort(error)
  }

  async destroy(error: Error): Promise<void> {
    this.#request = undefined
    const destroyed = this.#client.destroy(error)
    this.#abortConnecting?.()
    await destroyed
  }

  /** Opens a socket. undici also calls it to replace a socket that was closed while it was idle. */
  #connect(target: buildConnector.Options, callback: buildConnector.Callback): void {
    this.#socket = undefined
    this.#isReused = false
    this.#abortConnecting = this.#options.connect(target, (...settled) => {
      this.#abortConnecting = undefined
      const [error, socket] = settled
      if (error !== null) {
        // the request is settled before the callback, since after some errors the client would connect again without end
        this.#request?.onResponseError(undefined, error)
      } else {
        this.#socket = socket
        this.#connectedAt = performance.now()
        // Node does not close the socket after a TLS record that it cannot decrypt, and undici waits for the close
        socket.on("error", () => socket.destroy())
        const counted = this.#count(socket)
        socket.once("close", () => {
          counted?.become("closed")
          this.#onClose(this)
        })
      }
      callback(...settled)
    })
  }

  /** A tunnel may close before it is passed on. Its `close` event was emitted then. */
  #count(socket: net.Socket): CountedSocket | undefined {
    this.#counted = this.#metrics === undefined || socket.closed
      ? undefined
      : new CountedSocket(this.#metrics, this.#request === undefined ? "idle" : "active")
    return this.#counted
  }
}
