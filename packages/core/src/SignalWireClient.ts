/**
 * The client of one project of one space. It prepares endpoints, and holds the state that all calls share.
 *
 * @since 1.0.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Credentials from "./Credentials.ts"
import type * as Endpoint from "./Endpoint.ts"
import * as RequestPolicy from "./RequestPolicy.ts"
import * as Transport from "./Transport.ts"
import { allOf, below, withPrefixes } from "./internal/configErrors.ts"
import * as optionNames from "./internal/optionNames.ts"
import { checkNames, readable } from "./internal/options.ts"
import * as authorization from "./internal/request/authorization.ts"
import type { Client } from "./internal/request/client.ts"
import { compile } from "./internal/request/compile.ts"
import { Lifecycle } from "./internal/request/lifecycle.ts"
import * as metrics from "./internal/request/metrics.ts"
import { start } from "./internal/request/pipeline.ts"
import { RateLimiter } from "./internal/request/rateLimiter.ts"
import * as responseInfo from "./internal/request/responseInfo.ts"
import { TokenBucket } from "./internal/request/retryBudget.ts"
import * as transform from "./internal/request/transform.ts"
import { bySchema, type Decoder } from "./internal/response/decode.ts"
import type { OnDrift } from "./internal/response/drift.ts"
import { version } from "./internal/version.ts"

export type {
  /**
   * A field of a response that could not be decoded and is null instead. Only `decoding: "lenient"` has drifts.
   *
   * @since 1.0.0
   * @category models
   */
  Drift,
  /**
   * The type of `onDrift`.
   *
   * @since 1.0.0
   * @category models
   */
  OnDrift
} from "./internal/response/drift.ts"

export type {
  /**
   * Makes the decoder of a schema, from the text of a response to a value; called once for each schema. The decoder must
   * throw `SyntaxError` when the text is not JSON.
   *
   * @since 1.0.0
   * @category models
   */
  Decoder
} from "./internal/response/decode.ts"

export type {
  /**
   * The information about the last response to a call.
   *
   * @since 1.0.0
   * @category models
   */
  ResponseInfo
} from "./internal/request/responseInfo.ts"

/**
 * The client, for declared endpoints.
 *
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /** Prepares an endpoint once, and returns the function that calls it. */
  readonly prepare: <S extends Endpoint.Spec>(
    endpoint: Endpoint.Endpoint<S>
  ) => (input: Endpoint.Input<S>) => Effect.Effect<Endpoint.Success<S>, Endpoint.Error<S>>
}

/**
 * The client that services such as `RoomSessions` use.
 *
 * @since 1.0.0
 * @category tags
 */
export class SignalWireClient
  extends Context.Tag("@effect-signalwire/core/SignalWireClient")<SignalWireClient, Service>()
{}

/**
 * The options of a client without its credentials.
 *
 * @since 1.0.0
 * @category models
 */
export interface OptionsWithoutCredentials {
  /** Changes to `RequestPolicy.defaults`. */
  readonly policy?: RequestPolicy.Options | undefined
  /** Whether requests carry `traceparent` and `b3` headers; default false. */
  readonly tracePropagation?: boolean | undefined
  /** Makes the decoders of successes; default those of `Schema`. Those of `FastDecoder.make` take an eighth of the time. */
  readonly decoder?: Decoder | undefined
  /**
   * The treatment of a nullable field that cannot be decoded, such as a `duration` of -1. With `"strict"`, the default, the
   * call fails with `InvalidResponse`. With `"lenient"` the field is null, and in place of a
   * field that is never null the nullable object or array around it, where there is one. What is null is logged as a warning with the
   * parameters as annotations, counted by the metric `signalwire.client.decoding_drift` (tags `operation` and `path`), and passed to `onDrift`. The
   * fields of one response with the same path, such as those of the elements of an array, are one drift with a `count`.
   * `layerConfig` reads `SIGNALWIRE_DECODING` when this option is omitted.
   */
  readonly decoding?: "strict" | "lenient" | undefined
  /**
   * Runs for each path of a response with fields that are null because they could not be decoded, for all paths concurrently,
   * before the call succeeds and within its deadline. Its defects are logged and do not change the result of the call.
   */
  readonly onDrift?: OnDrift | undefined
  /**
   * Whether a session with another id than the requested one is `InvalidResponse` (`"check"`, the default) or accepted
   * (`"ignore"`, for mocks that send one body for every id).
   */
  readonly echo?: "check" | "ignore" | undefined
  /**
   * Transforms the `HttpClient` that sends the requests, once when the client is made: for headers, log lines, signatures. It
   * works over every transport, and each attempt passes through it, within `attemptTimeout` and the size limits of the policy.
   *
   * A transform does not see the credentials: the `authorization` header is added below it. It is not added to a request for
   * another origin than that of the space, and not where the transform sets that header itself. To see the credentials on
   * purpose, add middleware to the `HttpClient` that is provided to `SignalWireClient.layer`.
   *
   * A request is a GET or a POST, and its body a text. An error or a defect of a transform that is not an error of the transport
   * is `TransportError`, reason `Other`.
   *
   * @see `withTransform`, for the calls of one effect
   */
  readonly transformClient?: ((client: HttpClient.HttpClient) => HttpClient.HttpClient) | undefined
  /** Whether the client updates metrics, which are those of the process; default true. */
  readonly metrics?: boolean | undefined
}

/**
 * The options of a client, with its credentials as values.
 *
 * @since 1.0.0
 * @category models
 */
export interface Options extends Credentials.Options, OptionsWithoutCredentials {}

/**
 * The options of a client, with its credentials as configuration.
 *
 * @since 1.0.0
 * @category models
 */
export interface ConfigOptions extends Credentials.ConfigOptions, OptionsWithoutCredentials {}

const checkOneOf = <const A extends string>(
  name: string,
  value: string,
  accepted: ReadonlyArray<A>
): Either.Either<A, ConfigError.ConfigError> => {
  const found = accepted.find(one => one === value)
  return found === undefined
    ? Either.left(ConfigError.InvalidData([name], `Expected ${accepted.join(" or ")}`))
    : Either.right(found)
}

/** Programs without types may pass any value. */
const checkBoolean = (name: string, value: unknown): Either.Either<boolean, ConfigError.ConfigError> =>
  typeof value === "boolean"
    ? Either.right(value)
    : Either.left(ConfigError.InvalidData([name], "Expected true or false"))

const checkFunction = (name: string, value: unknown): Either.Either<unknown, ConfigError.ConfigError> =>
  value === undefined || typeof value === "function"
    ? Either.right(value)
    : Either.left(ConfigError.InvalidData([name], "Expected a function"))

/** All problems of the options are reported, and not the first alone. */
const validate = { mode: "validate" } as const

/** @param decoding `options.decoding`, or the value of a variable */
const checks = (
  options: OptionsWithoutCredentials,
  decoding: Effect.Effect<string | undefined, ConfigError.ConfigError> = Effect.succeed(options.decoding)
) => ({
  policy: RequestPolicy.make(options.policy ?? {}),
  decoding: Effect.flatMap(decoding, value => checkOneOf("decoding", value ?? "strict", ["strict", "lenient"])),
  echo: checkOneOf("echo", options.echo ?? "check", ["check", "ignore"]),
  makeHttp: transform.prepare(options.transformClient),
  decoder: checkFunction("decoder", options.decoder),
  onDrift: checkFunction("onDrift", options.onDrift),
  propagatesTraces: checkBoolean("tracePropagation", options.tracePropagation ?? false),
  hasMetrics: checkBoolean("metrics", options.metrics ?? true)
})

interface Checked {
  readonly credentials: Credentials.Service
  readonly policy: RequestPolicy.RequestPolicy
  readonly decoding: "strict" | "lenient"
  readonly echo: "check" | "ignore"
  readonly makeHttp: (target: transform.Target) => transform.Http
  readonly hasMetrics: boolean
}

const makeChecked = (
  options: OptionsWithoutCredentials,
  { credentials, decoding, echo, hasMetrics, makeHttp, policy }: Checked
): Effect.Effect<Service, never, Transport.Transport | Scope.Scope> =>
  Effect.gen(function*() {
    const transport = yield* Transport.Transport
    const authorizationHeader = authorization.basic(credentials)
    const http = makeHttp({ transport, origin: credentials.origin, authorization: authorizationHeader })
    const { rateLimit = null, retryBudget = RequestPolicy.defaults.retryBudget } = policy
    const retryTokens = (retryBudget ?? RequestPolicy.defaults.retryBudget)?.capacity ?? 0
    const lifecycle = new Lifecycle(policy.shutdownGrace ?? RequestPolicy.defaults.shutdownGrace)
    yield* Effect.addFinalizer(() => lifecycle.close)
    const client: Client = {
      origin: credentials.origin,
      server: metrics.serverOf(credentials.origin),
      pathPrefix: credentials.pathPrefix,
      headers: Object.freeze({
        accept: "application/json",
        "accept-encoding": "identity",
        authorization: authorizationHeader,
        "user-agent": `effect-signalwire/${version}`
      }),
      containsSecret: authorization.makeContainsSecret(credentials),
      transport,
      http,
      lifecycle,
      policy,
      // `RequestPolicy.with` can set a budget where the layer has none
      retryTokens: new TokenBucket(
        retryTokens,
        hasMetrics ? metrics.retryBudget(credentials.origin, retryTokens) : undefined
      ),
      hasMetrics,
      rateLimiter: rateLimit === null ? undefined : new RateLimiter(rateLimit),
      propagatesTraces: options.tracePropagation === true,
      decoder: options.decoder ?? bySchema,
      isLenient: decoding === "lenient",
      ignoresEcho: echo === "ignore",
      onDrift: options.onDrift
    }
    const prepare: Service["prepare"] = <S extends Endpoint.Spec>(endpoint: Endpoint.Endpoint<S>) => {
      const compiled = compile(endpoint, client)
      // the pipeline decodes with the endpoint's schema and fails with the endpoint's errors, but its types do not show it
      return (input: Endpoint.Input<S>) =>
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        start(compiled, input) as Effect.Effect<Endpoint.Success<S>, Endpoint.Error<S>>
    }
    return { prepare }
  })

/** Validates the options together with the credentials, so that the error has the problems of both. */
const build = <R>(
  options: OptionsWithoutCredentials,
  credentials: Effect.Effect<Credentials.Service, ConfigError.ConfigError, R>,
  names: Either.Either<void, ConfigError.ConfigError>,
  decoding?: Effect.Effect<string | undefined, ConfigError.ConfigError>
): Effect.Effect<Service, ConfigError.ConfigError, R | Transport.Transport | Scope.Scope> =>
  Effect.suspend(() => Effect.all({ names, credentials, ...checks(options, decoding) }, validate)).pipe(
    Effect.mapError(allOf),
    Effect.flatMap(checked => makeChecked(options, checked))
  )

/**
 * Makes the client over the transport and the credentials of the context. When the scope is closed, calls in progress may
 * continue for the `shutdownGrace` of the policy; new calls fail at once with `TransportError`, reason `Closed`. The
 * `ConfigError` names every option that is invalid or does not exist.
 *
 * @since 1.0.0
 * @category constructors
 */
export const make = (
  options: OptionsWithoutCredentials = {}
): Effect.Effect<
  Service,
  ConfigError.ConfigError,
  Transport.Transport | Credentials.Credentials | Scope.Scope
> => build(readable(options), Credentials.Credentials, checkNames(options, optionNames.client))

const credentialsOf = (
  { apiToken, baseUrl, insecureHosts, projectId, space }: Credentials.Options
): Credentials.Options => ({ space, projectId, apiToken, baseUrl, insecureHosts })

/**
 * Provides the client over the `Transport` of the context, such as `UndiciTransport` of `@effect-signalwire/node-runtime`.
 * The `ConfigError` names every option that is invalid or does not exist. Like the other layers of this module it is built anew at each use.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerTransport = (
  options: Options
): Layer.Layer<SignalWireClient, ConfigError.ConfigError, Transport.Transport> => {
  const names = checkNames(options, [...optionNames.credentials, ...optionNames.client])
  const given = readable(options)
  const credentials = Effect.suspend(() => Credentials.make(credentialsOf(given)))
  return Layer.fresh(Layer.scoped(SignalWireClient, build(given, credentials, names)))
}

const credentialsConfigOf = (
  { apiToken, baseUrl, insecureHosts, prefix, projectId, space }: Credentials.ConfigOptions
): Credentials.ConfigOptions => ({ prefix, space, projectId, apiToken, baseUrl, insecureHosts })

/** An empty variable counts as not set. */
const decodingVariable = withPrefixes(
  Effect.flatMap(Config.withDefault(Config.string("SIGNALWIRE_DECODING"), ""), text => {
    const value = text.trim()
    return value === "" ? Effect.succeed(undefined) : checkOneOf("SIGNALWIRE_DECODING", value, ["strict", "lenient"])
  })
)

/**
 * Provides the client over the `Transport` of the context, with the configuration that `layerConfig` reads.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerTransportConfig = (
  options: ConfigOptions = {}
): Layer.Layer<SignalWireClient, ConfigError.ConfigError, Transport.Transport> => {
  const names = checkNames(options, [...optionNames.credentialsConfig, ...optionNames.client])
  const given = readable(options)
  const decoding = given.decoding === undefined ? below(given.prefix, decodingVariable) : undefined
  const credentials = Effect.suspend(() => Credentials.fromConfig(credentialsConfigOf(given)))
  return Layer.fresh(Layer.scoped(SignalWireClient, build(given, credentials, names, decoding)))
}

/**
 * Provides the client over the `HttpClient` of the context, with the credentials of the context.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerWithoutCredentials = (
  options?: OptionsWithoutCredentials
): Layer.Layer<SignalWireClient, ConfigError.ConfigError, HttpClient.HttpClient | Credentials.Credentials> =>
  Layer.fresh(Layer.scoped(SignalWireClient, make(options)).pipe(Layer.provide(Transport.layerHttpClient)))

/**
 * Provides the client over the `HttpClient` of the context. Like the other layers of this module it is built anew at each
 * use, since each use may have another `HttpClient` or configuration. To share one retry budget, provide the layer once.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { FetchHttpClient } from "@effect/platform"
 * import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
 * import { Layer, Redacted } from "effect"
 *
 * const live = RoomSessions.layer.pipe(
 *   Layer.provide(SignalWireClient.layer({ space: "acme", projectId: "p", apiToken: Redacted.make("t") })),
 *   Layer.provide(FetchHttpClient.layer)
 * )
 */
export const layer = (
  options: Options
): Layer.Layer<SignalWireClient, ConfigError.ConfigError, HttpClient.HttpClient> =>
  Layer.fresh(Layer.provide(layerTransport(options), Transport.layerHttpClient))

/**
 * Provides the client over the `HttpClient` of the context, with its credentials from configuration. An omitted option is
 * read from `SIGNALWIRE_SPACE`, `SIGNALWIRE_PROJECT_ID` or `SIGNALWIRE_API_TOKEN`; `SIGNALWIRE_REST_BASE_URL` takes
 * precedence over the first. `SIGNALWIRE_DECODING` is read when the options have no `decoding`. With the option `prefix`, each
 * of these names has the prefix: `EU_SIGNALWIRE_SPACE`. `SIGNALWIRE_REST_CA_FILE` is not read: the `HttpClient` decides which
 * authorities to trust.
 *
 * @see `Credentials.fromConfig`
 *
 * @since 1.0.0
 * @category layers
 */
export const layerConfig = (
  options?: ConfigOptions
): Layer.Layer<SignalWireClient, ConfigError.ConfigError, HttpClient.HttpClient> =>
  Layer.fresh(Layer.provide(layerTransportConfig(options), Transport.layerHttpClient))

/**
 * Transforms the `HttpClient` of every call inside an effect, as `transformClient` does for all calls of a client. Uses nest: the
 * transform is applied around those of the outer effects, and these around `transformClient`. It is applied anew for each attempt.
 * A transform that throws, or that returns no `HttpClient`, is `TransportError`, reason `Other`. Calls that a transform makes itself
 * are not transformed by it. For a list, wrap the effect that runs its stream.
 *
 * @since 1.0.0
 * @category overrides
 * @example
 * import { HttpClient, HttpClientRequest } from "@effect/platform"
 * import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
 * import { Effect } from "effect"
 *
 * const get = Effect.flatMap(RoomSessions.RoomSessions, sessions =>
 *   sessions.get("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
 * ).pipe(SignalWireClient.withTransform(HttpClient.mapRequest(HttpClientRequest.setHeader("x-tenant", "acme"))))
 */
export const withTransform: (
  transform: (client: HttpClient.HttpClient) => HttpClient.HttpClient
) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> = transform.withTransform

/**
 * Adds information about the response to the result of an effect: the status, the request id, the attempts, some headers. It
 * works for every operation, for successes and for errors. `Effect.flatMap(({ result }) => result)` is the effect itself again.
 *
 * `info` is about the call that settled last inside the effect; wrap each call for that of each one. It is undefined where no call
 * settled, after `InvalidRequest`, which sends nothing, and for a session from the cache of `RoomSessions.layerCached`. Defects and
 * interruption pass through. Uses nest. For a list, wrap the effect that runs its stream.
 *
 * @since 1.0.0
 * @category overrides
 * @example
 * import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
 * import { Effect } from "effect"
 *
 * const get = Effect.gen(function*() {
 *   const sessions = yield* RoomSessions.RoomSessions
 *   const { info, result } = yield* SignalWireClient.withResponseInfo(sessions.get("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"))
 *   yield* Effect.log("remaining", info?.headers["x-ratelimit-remaining"])
 *   return yield* result
 * })
 */
export const withResponseInfo: <A, E, R>(
  effect: Effect.Effect<A, E, R>
) => Effect.Effect<
  { readonly result: Either.Either<A, E>; readonly info: responseInfo.ResponseInfo | undefined },
  never,
  R
> = responseInfo.withResponseInfo
