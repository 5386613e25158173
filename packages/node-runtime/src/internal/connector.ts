/** How connections are made, in a way that can be taken back while they are being made. */
import * as net from "node:net"
import { type buildConnector, errors } from "undici"

/** Begins a connection, and returns how to give it up; `settled` is called once, unless it was given up. */
export type Connect = (target: buildConnector.Options, settled: buildConnector.Callback) => () => void

const givenUp = new Error("The connection was given up")

/** undici's connector returns the socket at once, which its types do not say; a test holds it to that. */
export const direct = (connector: buildConnector.connector): Connect => (target, settled) => {
  const socket: unknown = connector(target, settled)
  return () => {
    if (socket instanceof net.Socket) socket.destroy(givenUp)
  }
}

/**
 * Through a tunnel that undici's `ProxyAgent` makes: it passes the signal on to its `CONNECT` request. Its own time for
 * connecting is that to the proxy and that of TLS behind it; here is one for all, the proxy's answer included.
 */
export const tunnel = (connector: buildConnector.connector, timeoutMillis: number): Connect => (target, settled) => {
  const controller = new AbortController()
  let isOver = false
  const end = (...result: Parameters<buildConnector.Callback>): void => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    settled(...result)
  }
  const timer = setTimeout(() => {
    end(new errors.ConnectTimeoutError("The proxy made no tunnel in time"), null)
    controller.abort(givenUp)
  }, timeoutMillis)
  connector(Object.assign({}, target, { signal: controller.signal }), end)
  return () => {
    isOver = true
    clearTimeout(timer)
    controller.abort(givenUp)
  }
}
