/** An undici `Dispatcher` that uses a proxy for https only. */
import type { Dispatcher } from "undici"
import * as undici from "./undici.ts"

/** undici's `ProxyAgent` adds `host` to the object that it is given, which the calls of a client share. */
const withOwnHeaders = (options: Dispatcher.DispatchOptions): Dispatcher.DispatchOptions => {
  const { headers } = options
  return headers === null || headers === undefined || Symbol.iterator in headers
    ? options
    : { ...options, headers: { ...headers } }
}

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
    return String(options.origin).startsWith("https:")
      ? this.proxy.dispatch(withOwnHeaders(options), handler)
      : this.direct.dispatch(options, handler)
  }

  override close(): Promise<void> {
    return this.destroy()
  }

  override async destroy(): Promise<void> {
    await Promise.all([this.proxy.destroy(), this.direct.destroy()])
  }
}
