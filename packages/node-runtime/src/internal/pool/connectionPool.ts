/** An undici `Dispatcher` of bounded pools, one for each origin. */
import type { Dispatcher } from "undici"
import * as undici from "../undici.ts"
import type { Origin } from "./connection.ts"
import { type Options as PoolOptions, OriginPool } from "./originPool.ts"
import { PoolMetrics } from "./poolMetrics.ts"
import type { Options as RequestOptions } from "./pooledRequest.ts"

export interface Options extends PoolOptions {
  readonly hasMetrics: boolean
}

const closed = new undici.errors.ClientDestroyedError("The layer of this client was closed")

const nothingLeft = new undici.errors.InformationalError("The pool has neither connections nor requests")

/**
 * It accepts handlers of undici's new interface only; `compose` adapts those of the old one.
 *
 * undici's `Agent` closes and forgets a dispatcher that has emitted `disconnect` as often as `connect`. This pool does not wait for
 * its requests when it is closed, so it emits them when it is no longer empty and when it is empty, not for each connection.
 */
export class ConnectionPool extends undici.Dispatcher {
  // not `#options`: `compose` wraps the pool in a Proxy, through which private names are not accessible
  private readonly options: Options
  private readonly origins = new Map<string, OriginPool>()
  private isClosed = false

  constructor(options: Options) {
    super()
    this.options = options
  }

  override dispatch(options: RequestOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (this.isClosed) throw closed
    const origin = options.origin ?? ""
    const key = String(origin)
    const pool = this.origins.get(key) ?? this.open(origin, key)
    pool.dispatch(options, handler)
    return true
  }

  private open(origin: Origin, key: string): OriginPool {
    const metrics = this.options.hasMetrics ? new PoolMetrics(key) : undefined
    const url = new URL(origin)
    const pool: OriginPool = new OriginPool(origin, this.options, metrics, () => {
      if (this.origins.get(key) !== pool) return
      this.origins.delete(key)
      if (this.origins.size === 0) this.emit("disconnect", url, [this], nothingLeft)
    })
    if (this.origins.size === 0) this.emit("connect", url, [this])
    this.origins.set(key, pool)
    return pool
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

// undici's proxy agents connect to the proxy with it
ConnectionPool.prototype.connect = undici.connect
