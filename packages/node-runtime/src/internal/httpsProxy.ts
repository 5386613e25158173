/** An undici `Dispatcher` that uses a proxy for https only. */
import type { Dispatcher } from "undici"
import * as undici from "./undici.ts"

/**
 * Sends https through a proxy, and plain http directly. A proxy would see the requests of plain http with their credentials, and for an
 * address on loopback it would send them to its own machine.
 */
export class HttpsProxy extends undici.Dispatcher {
  // not private names: `compose` wraps a dispatcher in a Proxy, through which they are not accessible
  private readonly proxy: Dispatcher
  private readonly direct: Dispatcher

  constructor(proxy: Dispatcher, direct: Dispatcher) {
    super()
    this.proxy = proxy
    this.direct = direct
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const isHttps = String(options.origin).startsWith("https:")
    return (isHttps ? this.proxy : this.direct).dispatch(options, handler)
  }

  override close(): Promise<void> {
    return this.destroy()
  }

  override async destroy(): Promise<void> {
    await Promise.all([this.proxy.destroy(), this.direct.destroy()])
  }
}
