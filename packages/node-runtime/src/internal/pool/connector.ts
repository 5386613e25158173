/** Opens connections. An opening connection can be aborted. */
import * as net from "node:net"
import type { buildConnector } from "undici"
import { errors } from "../undici.ts"

/** Opens a connection, and returns the function that aborts it. `settled` is called once, unless the connection was aborted. */
export type Connect = (target: buildConnector.Options, settled: buildConnector.Callback) => () => void

const aborted = new Error("The connection was aborted while it was being opened")

/** With the default of 3 s, enough for a name server that does not respond: the resolver of glibc asks the next one after 5 s. */
const lookupFactor = 2

/**
 * A direct connection. The lookup of the host has twice the time of a connection, which begins after it. undici's connector, made
 * without a timeout, returns the socket, which its types do not declare; a test verifies it.
 */
export const direct = (connector: buildConnector.connector, timeoutMillis: number): Connect => (target, settled) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const socket: unknown = connector(target, (...result) => {
    clearTimeout(timer)
    settled(...result)
  })
  if (!(socket instanceof net.Socket)) return () => {}
  const limit = (millis: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => socket.destroy(new errors.ConnectTimeoutError("No connection in time")), millis)
  }
  const isAddress = net.isIP(target.hostname.replace(/^\[|\]$/g, "")) !== 0
  limit(isAddress ? timeoutMillis : timeoutMillis * lookupFactor)
  if (!isAddress) socket.once("lookup", () => limit(timeoutMillis))
  return () => {
    clearTimeout(timer)
    socket.destroy(aborted)
  }
}

/** The response of a proxy that made no tunnel: its status is the code, since undici has it in the message alone. */
const withStatus = (error: Error): Error => {
  const status = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1]
  return status === undefined
    ? error
    : Object.assign(new Error("The proxy made no tunnel"), { code: `ERR_PROXY_STATUS_${status}` })
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
  connector(Object.assign({}, target, { signal: controller.signal }), (...[error, socket]) => {
    if (error === null) settle(null, socket)
    else settle(withStatus(error), null)
  })
  return () => {
    isSettled = true
    clearTimeout(timer)
    controller.abort(aborted)
  }
}
