/**
 * An `HttpClient` for Node over one bounded pool of undici, which lives as long as its layer.
 *
 * @since 1.0.0
 */
import { Exchange, RequestPolicy } from "@effect-signalwire/core"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { type Dispatcher, fetch } from "undici"
import * as certificates from "./internal/certificates.ts"
import * as dispatcher from "./internal/dispatcher.ts"
import * as proxy from "./internal/proxy.ts"
import * as runtimeCheck from "./internal/runtimeCheck.ts"
import * as undiciExchange from "./internal/undiciExchange.ts"

/**
 * @since 1.0.0
 * @category models
 */
export interface Options {
  /** `connectTimeout`, `maxConnections` (for each origin), `maxConnectionAge` and `maxHeaderBytes` are read here. */
  readonly policy?: RequestPolicy.Options | undefined
  /** Certificates to trust in place of the well-known authorities, in PEM. */
  readonly ca?: string | undefined
  /**
   * The HTTP proxy to go through by `CONNECT`, such as `http://proxy.example:3128`. An address with a user or a password
   * must be `Redacted`. `"environment"` reads `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` or, before them, the same names in lower
   * case, which are ignored otherwise. Without a scheme, their addresses are those of an `http` proxy, as for curl.
   */
  readonly proxy?: "environment" | (string & {}) | Redacted.Redacted | undefined
}

interface Transport {
  readonly pool: Dispatcher
  readonly closed: Effect.Effect<void>
}

const makeTransport = (options: Options): Effect.Effect<Transport, ConfigError.ConfigError, Scope.Scope> =>
  Effect.gen(function*() {
    yield* runtimeCheck.check
    const changes = yield* RequestPolicy.make(options.policy ?? {})
    const asked = yield* proxy.make(options.proxy)
    const ca = options.ca === undefined ? undefined : yield* certificates.check("ca", options.ca)
    const closed = yield* Deferred.make<void>()
    const pool = yield* Effect.acquireRelease(
      Effect.sync(() => dispatcher.make({ ...RequestPolicy.defaults, ...changes }, asked, ca)),
      made => Effect.zipRight(Deferred.succeed(closed, undefined), Effect.promise(() => made.destroy()))
    )
    return { pool, closed: Deferred.await(closed) }
  })

type Fetch = typeof globalThis.fetch

// undici's fetch and the platform's are declared as twins that do not know each other
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const undiciFetch = fetch as unknown as (input: Parameters<Fetch>[0], init: object) => ReturnType<Fetch>

/** undici's own fetch, for everything that is not one of this library's requests. */
const fetchOver = (pool: Dispatcher): Fetch => (input, init) => undiciFetch(input, { ...init, dispatcher: pool })

/**
 * Keep-alive, at most `maxConnections` connections to an origin, TLS 1.2 at least, certificates always checked. Closing the
 * layer ends what is under way and closes every connection.
 *
 * @since 1.0.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<HttpClient.HttpClient, ConfigError.ConfigError> =>
  proxy.perEnvironment(
    options,
    Layer.unwrapScoped(Effect.map(makeTransport(options), ({ closed, pool }) =>
      Layer.effect(
        HttpClient.HttpClient,
        Effect.map(HttpClient.HttpClient, client => Exchange.attach(client, undiciExchange.make(pool, closed)))
      ).pipe(
        // fresh: the constant would be one for all, and so go by the first pool of a graph of layers
        Layer.provide(Layer.fresh(FetchHttpClient.layer)),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetchOver(pool.compose(dispatch => dispatch))))
      )))
  )
