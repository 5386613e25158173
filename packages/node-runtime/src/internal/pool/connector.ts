/** Opens connections. An opening connection can be aborted. */
import * as net from "node:net"
import type { buildConnector } from "undici"
import { errors } from "../undici.ts"

/** Opens a connection, and returns the function that aborts it. `settled` is called once, unless the connection was aborted. */
export type Connect = (target: buildConnector.Options, settled: buildConnector.Callback) => () => void

const aborted = new Error("The connection was aborted while it was being opened")

/** A direct connection. undici's connector returns the socket, which its types do not declare; a test verifies it. */
export const direct = (connector: buildConnector.connector): Connect => (target, settled) => {
  const socket: unknown = connector(target, settled)
  return () => {
    if (socket instanceof net.Socket) socket.destroy(aborted)
  }
}

/**
 * A connection through a tunnel of undici's `ProxyAgent`, which passes the signal to its `CONNECT` request. undici has one timeout
 * for the connection to the proxy and another one for TLS in the tunnel. Here one timeout covers both, and the proxy's response.
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
