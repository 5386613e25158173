/**
 * The connections to one origin, at most `maxConnections`, and the queue of the requests without a connection.
 *
 * docs/decisions/connection-pool.md has the reasons against undici's own `Pool`.
 */
import type { Dispatcher } from "undici"
import { errors } from "../undici.ts"
import { Connection, type Options as ConnectionOptions, type Origin } from "./connection.ts"
import type { PoolMetrics } from "./poolMetrics.ts"
import { type Options as RequestOptions, type Pool, PooledRequest } from "./pooledRequest.ts"
import { Queue } from "./queue.ts"

export interface Options extends ConnectionOptions {
  readonly maxConnections: number
}

/** How long no further connection is opened after one for which there was no file or port. */
const shortageMillis = 1000

const discarded = new errors.ClientDestroyedError("The connection was discarded")

export class OriginPool implements Pool {
  readonly #origin: Origin
  readonly #options: Options
  readonly #metrics: PoolMetrics | undefined
  readonly #onEmpty: () => void
  readonly #connections = new Set<Connection>()
  /** The idle connections, in the order in which they became idle; the last one is used first. */
  readonly #idle: Array<Connection> = []
  readonly #queue = new Queue<PooledRequest>()
  #idleNumber = 0
  #isServing = false
  #shortageEnd = 0
  #closed: Error | undefined

  /** @param onEmpty called when the pool has neither connections nor requests */
  constructor(origin: Origin, options: Options, metrics: PoolMetrics | undefined, onEmpty: () => void) {
    this.#origin = origin
    this.#options = options
    this.#metrics = metrics
    this.#onEmpty = onEmpty
  }

  get maxHeaderBytes(): number {
    return this.#options.maxHeaderBytes
  }

  dispatch(options: RequestOptions, handler: Dispatcher.DispatchHandler): void {
    const request = new PooledRequest(this, options, handler)
    handler.onRequestStart?.(request, {})
    if (request.isSettled) {
      this.#serveLater()
      return
    }
    if (this.#queue.first === undefined) {
      const connection = this.#take(request)
      if (connection !== undefined) {
        request.start(connection)
        return
      }
    }
    this.#enqueue(request)
  }

  onResponse(connection: Connection | undefined): void {
    if (connection === undefined || !this.#connections.has(connection)) return
    this.#addIdle(connection)
    this.#serve()
    if (this.#idle.at(-1) === connection) connection.countIdle()
  }

  onError(request: PooledRequest, connection: Connection | undefined, hasNoResponse: boolean): void {
    this.#dequeue(request)
    if (connection === undefined || !this.#connections.has(connection)) return
    if (hasNoResponse) this.#discardIdleBefore(connection.idleNumber)
    this.#discard(connection)
    this.#serveLater()
  }

  onRejected(connection: Connection): void {
    if (!this.#connections.has(connection)) return
    this.#addIdle(connection)
    connection.countIdle()
    // the queued requests may be rejected as well, each within the one before it
    this.#serveLater()
  }

  requeue(request: PooledRequest, connection: Connection): boolean {
    if (request.needsFreshConnection || this.#connections.size === 1) return false
    this.#shortageEnd = performance.now() + shortageMillis
    this.#connections.delete(connection)
    // undici is still to report the error to the request
    setImmediate(() => void connection.destroy(discarded))
    this.#queue.enqueueFirst(request)
    this.#countQueued(request)
    if (this.#idle.length > 0) this.#serveLater()
    return true
  }

  replace(connection: Connection): Connection | undefined {
    this.#discard(connection)
    return this.#openIfAllowed()
  }

  async destroy(error: Error): Promise<void> {
    this.#closed = error
    const connections = [...this.#connections]
    for (const connection of connections) connection.abort(error)
    while (this.#queue.first !== undefined) this.#queue.first.abort(error)
    await Promise.all(connections.map(connection => connection.destroy(error)))
  }

  #enqueue(request: PooledRequest): void {
    this.#queue.enqueue(request)
    this.#countQueued(request)
  }

  #countQueued(request: PooledRequest): void {
    if (this.#metrics === undefined) return
    request.queuedAt = performance.now()
    this.#metrics.enqueued()
  }

  /** Does nothing for a request that is not in the queue. */
  #dequeue(request: PooledRequest): void {
    this.#queue.remove(request)
    if (request.queuedAt === 0) return
    this.#metrics?.dequeued(performance.now() - request.queuedAt)
    request.queuedAt = 0
  }

  #serve(): void {
    for (let request = this.#queue.first; request !== undefined; request = this.#queue.first) {
      const connection = this.#take(request)
      if (connection === undefined) return
      this.#dequeue(request)
      request.startLater(connection)
    }
  }

  /** Waits for the next turn of the event loop: requests are often aborted together, and then none of them needs a connection. */
  #serveLater(): void {
    if (this.#isServing) return
    this.#isServing = true
    setImmediate(() => {
      this.#isServing = false
      this.#serve()
      this.#reportEmpty()
    })
  }

  #addIdle(connection: Connection): void {
    connection.release()
    connection.idleNumber = ++this.#idleNumber
    this.#idle.push(connection)
  }

  #take(request: PooledRequest): Connection | undefined {
    if (!request.needsFreshConnection) {
      return this.#takeIdle() ?? (this.#isShort() ? undefined : this.#openIfAllowed())
    }
    if (this.#connections.size >= this.#options.maxConnections) {
      const longestIdle = this.#idle.shift()
      if (longestIdle !== undefined) this.#discard(longestIdle)
    }
    return this.#openIfAllowed()
  }

  /** Whether an open connection is worth waiting for, instead of another one that could not be opened. */
  #isShort(): boolean {
    return this.#connections.size > 0 && performance.now() < this.#shortageEnd
  }

  #takeIdle(): Connection | undefined {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (!connection.isExpired()) return connection
      this.#discard(connection)
    }
    return undefined
  }

  #openIfAllowed(): Connection | undefined {
    if (this.#closed !== undefined || this.#connections.size >= this.#options.maxConnections) return undefined
    const connection = new Connection(this.#origin, this.#options, this.#metrics, closed => this.#onClose(closed))
    this.#connections.add(connection)
    return connection
  }

  /** Discards an idle connection that was closed. One with a request is not discarded, since undici opens a new socket for it. */
  #onClose(connection: Connection): void {
    const index = this.#idle.indexOf(connection)
    if (index === -1) return
    this.#idle.splice(index, 1)
    this.#discard(connection)
    this.#reportEmpty()
  }

  #discard(connection: Connection): void {
    this.#connections.delete(connection)
    void connection.destroy(discarded)
  }

  #reportEmpty(): void {
    if (this.#connections.size === 0 && this.#queue.first === undefined) this.#onEmpty()
  }

  /** When a connection has had no response, those that were idle for longer are likely to be closed as well. */
  #discardIdleBefore(idleNumber: number): void {
    const firstNewer = this.#idle.findIndex(connection => connection.idleNumber >= idleNumber)
    for (const connection of this.#idle.splice(0, firstNewer === -1 ? this.#idle.length : firstNewer)) {
      this.#discard(connection)
    }
  }
}
