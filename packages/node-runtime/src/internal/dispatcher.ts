/** undici's side of a layer: connections of its own, or tunnels through a proxy. */
import type { RequestPolicy } from "@effect-signalwire/core"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { AsyncResource } from "node:async_hooks"
import { buildConnector, type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from "undici"
import { ConnectionPool } from "./pool/connectionPool.ts"
import { direct, tunnel } from "./pool/connector.ts"
import type { Proxy } from "./proxy.ts"

type Limits = Pick<RequestPolicy.Complete, "connectTimeout" | "maxConnectionAge" | "maxConnections" | "maxHeaderBytes">

const isConnector = (connect: unknown): connect is buildConnector.connector => typeof connect === "function"

const connectOf = (options: object): unknown => ("connect" in options ? options.connect : undefined)

/** Proxies speak to pools through handlers of undici's old style. */
const forEitherStyle = (pool: Dispatcher): Dispatcher => pool.compose(dispatch => dispatch)

/**
 * A connection is shared: it belongs neither to the caller whose request opened it, nor to the one whose call built the layer,
 * which a `ManagedRuntime` does at its first. So it is opened in the context in which this module was loaded.
 */
const noContext = new AsyncResource("SignalWireConnection")

const inNoContext = (connector: buildConnector.connector): buildConnector.connector => (target, settled) =>
  noContext.runInAsyncScope(connector, undefined, target, settled)

export const make = (limits: Limits, proxy: Proxy, ca: string | undefined): Dispatcher => {
  const timeout = Duration.toMillis(limits.connectTimeout)
  const tls = {
    timeout,
    minVersion: "TLSv1.2" as const,
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca })
  }
  const connectDirectly = direct(inNoContext(buildConnector(tls)))
  const poolOf = (connect: typeof connectDirectly) =>
    new ConnectionPool({
      connect,
      maxConnections: limits.maxConnections,
      maxHeaderBytes: limits.maxHeaderBytes,
      maxAge: Duration.toMillis(limits.maxConnectionAge)
    })
  if (proxy._tag === "None") return poolOf(connectDirectly)
  const tunnels = {
    requestTls: tls,
    proxyTls: tls,
    factory: (_: string | URL, options: object) => {
      const connect = connectOf(options)
      return forEitherStyle(poolOf(isConnector(connect) ? tunnel(inNoContext(connect), timeout) : connectDirectly))
    },
    clientFactory: (_: URL, options: object) => {
      const connect = connectOf(options)
      return forEitherStyle(poolOf(isConnector(connect) ? direct(inNoContext(connect)) : connectDirectly))
    }
  }
  return proxy._tag === "Explicit"
    ? new ProxyAgent({
      ...tunnels,
      uri: proxy.origin,
      ...(proxy.token === undefined ? {} : { token: Redacted.value(proxy.token) })
    })
    : new EnvHttpProxyAgent({
      ...tunnels,
      httpProxy: Redacted.value(proxy.http),
      httpsProxy: Redacted.value(proxy.https),
      noProxy: proxy.except
    })
}
