/**
 * At most so many connections to an origin, each with one request at a time.
 *
 * undici's own `Pool` drops a client whose connection failed from its books, but still gives it waiting requests: the
 * cap is exceeded then, and destroying the pool leaves those connections open and their requests unanswered. Nor can a
 * request be taken back before it has a connection. Here a connection that failed, or whose request was given up, is
 * destroyed at once, and every request has its controller from the beginning.
 */
import { Client, Dispatcher } from "undici"
import type { Connect } from "./connector.ts"
import { type Waiting, WaitingLine } from "./waitingLine.ts"

export interface Options {
  readonly connect: Connect
  readonly maxConnections: number
  readonly maxHeaderBytes: number
}

type Origin = NonNullable<Dispatcher.DispatchOptions["origin"]>

const closed = new Error("The layer of this client was closed")

class Connection {
  readonly #client: Client
  #request: PooledRequest | undefined
  #giveUpConnecting: (() => void) | undefined

  constructor(origin: Origin, options: Options, free: (connection: Connection) => void) {
    this.#client = new Client(origin, {
      pipelining: 1,
      maxHeaderSize: options.maxHeaderBytes,
      connect: (target, callback) => {
        this.#giveUpConnecting = options.connect(target, (...settled) => {
          this.#giveUpConnecting = undefined
          const [error] = settled
          // told to the request first: after some errors the client would connect again and again
          if (error !== null) this.#request?.onResponseError(undefined, error)
          callback(...settled)
        })
      }
    })
    // not at the end of the answer: bytes after it must not be taken for the answer to the next request
    this.#client.on("drain", () => {
      if (this.#request?.isOver === true) {
        this.#request = undefined
        free(this)
      }
    })
  }

  send(request: PooledRequest, options: Dispatcher.DispatchOptions): void {
    this.#request = request
    this.#client.dispatch(options, request)
  }

  /** Ends its request, and so itself. */
  abort(error: Error): void {
    this.#request?.abort(error)
  }

  async destroy(): Promise<void> {
    this.#request = undefined
    const destroyed = this.#client.destroy(closed)
    this.#giveUpConnecting?.()
    await destroyed
  }
}

/** The connections to one origin, and who waits for one. */
class OriginPool {
  readonly #origin: Origin
  readonly #options: Options
  readonly #connections = new Set<Connection>()
  /** The one used last is at the end, and used first. */
  readonly #idle: Array<Connection> = []
  readonly #waiting = new WaitingLine<PooledRequest>()
  /** How many connections had their answer and will be idle in a moment. */
  #ending = 0
  #replacing = false
  #destroyed = false

  constructor(origin: Origin, options: Options) {
    this.#origin = origin
    this.#options = options
  }

  add(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const request = new PooledRequest(this, options, handler)
    this.#waiting.join(request)
    handler.onRequestStart?.(request, {})
    this.#serve()
  }

  /** A request has its answer; its connection is free a moment later. */
  answered(): void {
    this.#ending++
  }

  /** The request is over, and so is its connection. */
  discard(request: PooledRequest, connection: Connection | undefined): void {
    this.#waiting.leave(request)
    if (connection === undefined || !this.#connections.delete(connection)) return
    void connection.destroy()
    this.#replace()
  }

  async destroy(error: Error): Promise<void> {
    this.#destroyed = true
    const connections = [...this.#connections]
    for (const connection of connections) connection.abort(error)
    while (this.#waiting.first !== undefined) this.#waiting.first.abort(error)
    await Promise.all(connections.map(connection => connection.destroy()))
  }

  #free(connection: Connection): void {
    this.#ending--
    this.#idle.push(connection)
    this.#serve()
  }

  #serve(): void {
    let request = this.#waiting.first
    while (request !== undefined) {
      const connection = this.#destroyed ? undefined : this.#idle.pop() ?? this.#open()
      if (connection === undefined) return
      this.#waiting.leave(request)
      request.start(connection)
      request = this.#waiting.first
    }
  }

  #open(): Connection | undefined {
    if (this.#connections.size >= this.#options.maxConnections || this.#waiting.length <= this.#ending) return undefined
    const connection = new Connection(this.#origin, this.#options, freed => this.#free(freed))
    this.#connections.add(connection)
    return connection
  }

  /** Not at once: requests are often given up together, and none of them needs a new connection. */
  #replace(): void {
    if (this.#replacing) return
    this.#replacing = true
    setImmediate(() => {
      this.#replacing = false
      this.#serve()
    })
  }
}

/** A request from its first moment to its last: waiting, connecting, running. It is its own controller. */
class PooledRequest implements Dispatcher.DispatchHandler, Dispatcher.DispatchController, Waiting<PooledRequest> {
  ahead: PooledRequest | undefined
  behind: PooledRequest | undefined
  readonly #pool: OriginPool
  readonly #options: Dispatcher.DispatchOptions
  readonly #handler: Dispatcher.DispatchHandler
  #connection: Connection | undefined
  #running: Dispatcher.DispatchController | undefined
  #over = false
  #reason: Error | null = null

  constructor(pool: OriginPool, options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
    this.#pool = pool
    this.#options = options
    this.#handler = handler
  }

  start(connection: Connection): void {
    this.#connection = connection
    connection.send(this, this.#options)
  }

  abort(reason: Error): void {
    if (this.#over) return
    this.#reason = reason
    this.#fail(reason)
  }

  get isOver(): boolean {
    return this.#over
  }

  get aborted(): boolean {
    return this.#reason !== null
  }

  get reason(): Error | null {
    return this.#reason
  }

  get paused(): boolean {
    return this.#running?.paused ?? false
  }

  pause(): void {
    this.#running?.pause()
  }

  resume(): void {
    this.#running?.resume()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#running = controller
    if (this.#over) controller.abort(this.#reason ?? closed)
  }

  /** A tunnel that was asked for with a signal ends with it, so that TLS inside of it can be given up as well. */
  onRequestUpgrade(...upgrade: Parameters<NonNullable<Dispatcher.DispatchHandler["onRequestUpgrade"]>>): void {
    if (!this.#end()) return
    const [, , , socket] = upgrade
    const signal: unknown = "signal" in this.#options ? this.#options.signal : undefined
    if (signal instanceof AbortSignal) signal.addEventListener("abort", () => socket.destroy(), { once: true })
    this.#pool.answered()
    this.#handler.onRequestUpgrade?.(...upgrade)
  }

  onResponseStart(...start: Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>): void {
    if (!this.#over) this.#handler.onResponseStart?.(...start)
  }

  onResponseData(...data: Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseData"]>>): void {
    if (!this.#over) this.#handler.onResponseData?.(...data)
  }

  onResponseEnd(...end: Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseEnd"]>>): void {
    if (!this.#end()) return
    this.#pool.answered()
    this.#handler.onResponseEnd?.(...end)
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#fail(error)
  }

  #fail(error: Error): void {
    if (!this.#end()) return
    this.#running?.abort(error)
    this.#pool.discard(this, this.#connection)
    this.#handler.onResponseError?.(this.#running ?? this, error)
  }

  #end(): boolean {
    const first = !this.#over
    this.#over = true
    return first
  }
}

/** Takes handlers of undici's present style; `compose` makes it take those of the old one as well. */
export class ConnectionPool extends Dispatcher {
  // not #options: `compose` puts a Proxy around the pool, which private names do not pass
  private readonly options: Options
  private readonly origins = new Map<string, OriginPool>()
  private isClosed = false

  constructor(options: Options) {
    super()
    this.options = options
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const origin = options.origin ?? ""
    let pool = this.origins.get(String(origin))
    if (pool === undefined && !this.isClosed) {
      pool = new OriginPool(origin, this.options)
      this.origins.set(String(origin), pool)
    }
    if (pool === undefined) throw closed
    pool.add(options, handler)
    return true
  }

  override close(): Promise<void> {
    return this.destroy()
  }

  override async destroy(error?: Error | null | (() => void)): Promise<void> {
    this.isClosed = true
    const pools = [...this.origins.values()]
    this.origins.clear()
    await Promise.all(pools.map(pool => pool.destroy(error instanceof Error ? error : closed)))
  }
}
