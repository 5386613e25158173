/** How connections are made, so that the attempt to make one can be aborted. */
import * as net from "node:net"
import { type buildConnector, errors } from "undici"

/** Starts to connect, and returns how to abort that; `settled` is called once, unless it was aborted. */
export type Connect = (target: buildConnector.Options, settled: buildConnector.Callback) => () => void

const aborted = new Error("The connection was aborted while it was being made")

/** undici's connector returns the socket at once, which its types do not declare; a test checks it. */
export const direct = (connector: buildConnector.connector): Connect => (target, settled) => {
  const socket: unknown = connector(target, settled)
  return () => {
    if (socket instanceof net.Socket) socket.destroy(aborted)
  }
}

/**
 * Through a tunnel that undici's `ProxyAgent` makes: it passes the signal on to its `CONNECT` request. undici has one timeout for
 * the connection to the proxy and another for TLS behind it; here one timeout covers all, the proxy's response included.
 */
export const tunnel = (connector: buildConnector.connector, timeoutMillis: number): Connect => (target, settled) => {
  const controller = new AbortController()
  let isSettled = false
  const settle = (...result: Parameters<buildConnector.Callback>): void => {
    if (isSettled) return
    isSettled = true
    clearTimeout(timer)
    settled(...result)
  }
  const timer = setTimeout(() => {
    settle(new errors.ConnectTimeoutError("The proxy made no tunnel in time"), null)
    controller.abort(aborted)
  }, timeoutMillis)
  connector(Object.assign({}, target, { signal: controller.signal }), settle)
  return () => {
    isSettled = true
    clearTimeout(timer)
    controller.abort(aborted)
  }
}
