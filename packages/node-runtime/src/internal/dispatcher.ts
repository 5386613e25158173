/** Makes the undici dispatcher of a layer: a pool of direct connections, or of tunnels through a proxy. */
import { RequestPolicy } from "@effect-signalwire/core"
import * as ConfigError from "effect/ConfigError"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { AsyncResource } from "node:async_hooks"
import * as net from "node:net"
import * as tls from "node:tls"
import type { buildConnector, Dispatcher } from "undici"
import * as certificates from "./certificates.ts"
import { allOf } from "./configErrors.ts"
import { HttpsProxy } from "./httpsProxy.ts"
import * as optionNames from "./optionNames.ts"
import type { ConfigOptions, Options } from "./options.ts"
import { ConnectionPool } from "./pool/connectionPool.ts"
import * as connectors from "./pool/connector.ts"
import * as proxies from "./proxy.ts"
import * as runtimeCheck from "./runtimeCheck.ts"
import * as undici from "./undici.ts"

type Limits = Pick<RequestPolicy.Resolved, "connectTimeout" | "maxConnectionAge" | "maxConnections" | "maxHeaderBytes">

const isConnector = (connect: unknown): connect is buildConnector.connector => typeof connect === "function"

const connectOf = (options: object): unknown => ("connect" in options ? options.connect : undefined)

/** undici's proxy agents pass handlers of the old interface to their pools; `compose` adapts them. */
const acceptOldHandlers = (pool: Dispatcher): Dispatcher => pool.compose(dispatch => dispatch)

/**
 * All callers share a connection, so it must not have the asynchronous context of the call that opened it or of the code that built
 * the layer. It is opened in the context in which this module was loaded.
 */
const noContext = new AsyncResource("SignalWireConnection")

const inNoContext = (connector: buildConnector.connector): buildConnector.connector => (target, settled) =>
  noContext.runInAsyncScope(connector, undefined, target, settled)

/** TLS 1.2, or what the process requires, such as by `--tls-min-v1.3`. */
const minVersion = () => tls.DEFAULT_MIN_VERSION === "TLSv1.3" ? "TLSv1.3" : "TLSv1.2"

/**
 * Node aborts the connection to each address of a host but the last after 250 ms. Then a host whose last address is dead has no
 * connection where a round trip takes longer.
 */
const minAddressMillis = 500

const make = (limits: Limits, proxy: proxies.Proxy, ca: string | undefined, hasMetrics: boolean): Dispatcher => {
  const timeout = Duration.toMillis(limits.connectTimeout)
  const connectOptions = {
    timeout,
    minVersion: minVersion(),
    rejectUnauthorized: true,
    autoSelectFamilyAttemptTimeout: Math.max(minAddressMillis, net.getDefaultAutoSelectFamilyAttemptTimeout()),
    ...(ca === undefined ? {} : { ca })
  } as const
  const connector = undici.buildConnector({ ...connectOptions, timeout: 0 })
  const connectDirectly = connectors.direct(inNoContext(connector), timeout)
  const poolOf = (connect: typeof connectDirectly, hasMetrics: boolean) =>
    new ConnectionPool({
      connect,
      hasMetrics,
      maxConnections: limits.maxConnections,
      maxHeaderBytes: limits.maxHeaderBytes,
      maxAge: Duration.toMillis(limits.maxConnectionAge)
    })
  const direct = poolOf(connectDirectly, hasMetrics)
  if (proxy._tag === "None") return direct
  const tunnels = {
    requestTls: connectOptions,
    proxyTls: connectOptions,
    factory: (_: string | URL, options: object) => {
      const connect = connectOf(options)
      return acceptOldHandlers(
        poolOf(isConnector(connect) ? connectors.tunnel(inNoContext(connect), timeout) : connectDirectly, hasMetrics)
      )
    },
    // a connection to the proxy becomes a tunnel, which the pool of its origin counts
    clientFactory: (_: URL, options: object) => {
      const connect = connectOf(options)
      return acceptOldHandlers(
        poolOf(isConnector(connect) ? connectors.direct(inNoContext(connect), timeout) : connectDirectly, false)
      )
    }
  }
  const agent = proxy._tag === "Explicit"
    ? new undici.ProxyAgent({
      ...tunnels,
      uri: proxy.origin,
      ...(proxy.token === undefined ? {} : { token: Redacted.value(proxy.token) })
    })
    : new undici.EnvHttpProxyAgent({
      ...tunnels,
      httpProxy: Redacted.value(proxy.http),
      httpsProxy: Redacted.value(proxy.https),
      noProxy: proxy.noProxy
    })
  return new HttpsProxy(agent, direct)
}

/** Programs without types may pass any value. */
const checkBoolean = (name: string, value: unknown): Either.Either<boolean, ConfigError.ConfigError> =>
  typeof value === "boolean"
    ? Either.right(value)
    : Either.left(ConfigError.InvalidData([name], "Expected true or false"))

const transportNames = { policy: true, ca: true, proxy: true, metrics: true } as const

const names = optionNames.namesOf<Options>(transportNames)

const configNames = optionNames.namesOf<ConfigOptions>({ ...transportNames, prefix: true })

export interface ScopedDispatcher {
  readonly pool: Dispatcher
  /** Settles when the pool is closed. */
  readonly closed: Effect.Effect<void>
}

/**
 * Validates the options, and makes a dispatcher that is destroyed when the scope closes. The error has all problems of the
 * options.
 *
 * @param accepted the names of the options
 * @param authorities the certificates of a file, in place of the option `ca`
 */
export const makeScoped = (
  options: Options,
  accepted: ReadonlyArray<string> = names,
  authorities?: Effect.Effect<string | undefined, ConfigError.ConfigError>
): Effect.Effect<ScopedDispatcher, ConfigError.ConfigError, Scope.Scope> =>
  Effect.gen(function*() {
    yield* runtimeCheck.check
    const given = optionNames.readable(options)
    const { ca, changes, hasMetrics, proxy } = yield* Effect.all({
      names: optionNames.check(options, accepted),
      changes: RequestPolicy.make(given.policy ?? {}),
      ca: authorities ?? certificates.check(given.ca),
      proxy: proxies.make(given.proxy),
      hasMetrics: checkBoolean("metrics", given.metrics ?? true)
    }, { mode: "validate" }).pipe(Effect.mapError(allOf))
    const closed = yield* Deferred.make<void>()
    const pool = yield* Effect.acquireRelease(
      Effect.sync(() => make({ ...RequestPolicy.defaults, ...changes }, proxy, ca, hasMetrics)),
      pool => Effect.zipRight(Deferred.succeed(closed, undefined), Effect.promise(() => pool.destroy()))
    )
    return { pool, closed: Deferred.await(closed) }
  })

/** As `makeScoped`, with the certificates of `SIGNALWIRE_REST_CA_FILE` where the option `ca` is omitted. */
export const makeScopedConfig = (
  options: ConfigOptions,
  accepted: ReadonlyArray<string> = configNames
): Effect.Effect<ScopedDispatcher, ConfigError.ConfigError, Scope.Scope> => {
  const { ca, prefix } = optionNames.readable(options)
  return makeScoped(options, accepted, ca === undefined ? certificates.fromConfig(prefix) : undefined)
}
