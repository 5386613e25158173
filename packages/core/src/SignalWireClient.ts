/**
 * The client of one project of one space: it prepares endpoints, and holds what all calls share.
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
import * as Credentials from "./Credentials.ts"
import type * as Endpoint from "./Endpoint.ts"
import * as RequestPolicy from "./RequestPolicy.ts"
import * as Transport from "./Transport.ts"
import { withPrefixes } from "./internal/configErrors.ts"
import * as authorization from "./internal/request/authorization.ts"
import type { Client } from "./internal/request/client.ts"
import { compile } from "./internal/request/compile.ts"
import { start } from "./internal/request/pipeline.ts"
import { Tokens } from "./internal/request/retryBudget.ts"
import { bySchema, type Decoder } from "./internal/response/decode.ts"
import type { OnDrift } from "./internal/response/drift.ts"
import { version } from "./internal/version.ts"

export type {
  /**
   * A field of a response that could not be decoded and is null instead, with `decoding: "lenient"`.
   *
   * @since 1.0.0
   * @category models
   */
  Drift
} from "./internal/response/drift.ts"

export type {
  /**
   * Makes the decoder of a schema, from the text of a response to a value; called once for each schema. The decoder throws
   * `SyntaxError` when the text is not JSON.
   *
   * @since 1.0.0
   * @category models
   */
  Decoder
} from "./internal/response/decode.ts"

/**
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /** Prepares an endpoint once, for many calls. */
  readonly prepare: <S extends Endpoint.Spec>(
    endpoint: Endpoint.Endpoint<S>
  ) => (input: Endpoint.Input<S>) => Effect.Effect<Endpoint.Success<S>, Endpoint.Error<S>>
}

/**
 * @since 1.0.0
 * @category tags
 */
export class SignalWireClient
  extends Context.Tag("@effect-signalwire/core/SignalWireClient")<SignalWireClient, Service>()
{}

/**
 * How requests are made, beside the credentials.
 *
 * @since 1.0.0
 * @category models
 */
export interface OptionsWithoutCredentials {
  /** Changes to `RequestPolicy.defaults`. */
  readonly policy?: RequestPolicy.Options | undefined
  /** Whether requests carry `traceparent` and `b3` headers; default false. */
  readonly tracePropagation?: boolean | undefined
  /** Decodes the bodies of successes; default Schema's own. `FastDecoder.make` takes an eighth of the time. */
  readonly decoder?: Decoder | undefined
  /**
   * What happens to a nullable field that cannot be decoded, such as a `duration` of -1: with `"strict"`, the default, the call fails
   * with `InvalidResponse`, and with `"lenient"` the field is null. Each such field of a response is a warning in the log, with the id as an annotation, counts in the
   * metric `signalwire_decoding_drift` (tags `operation` and `path`) and is given to `onDrift`. `layerConfig` reads
   * `SIGNALWIRE_DECODING` when it is left out.
   */
  readonly decoding?: "strict" | "lenient" | undefined
  /**
   * Runs for each field that is null because it could not be decoded, for all fields concurrently, before the call succeeds and
   * within its deadline. Its defects are logged and do not change the result of the call.
   */
  readonly onDrift?: OnDrift | undefined
  /**
   * Whether a session with another id than the one that was asked for is `InvalidResponse` (`"check"`, the default) or accepted
   * (`"ignore"`), which is for mocks that have one body for all.
   */
  readonly echo?: "check" | "ignore" | undefined
}

/**
 * @since 1.0.0
 * @category models
 */
export interface Options extends Credentials.Options, OptionsWithoutCredentials {}

/**
 * The same with the credentials as configuration.
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

/**
 * Makes the client over the transport and the credentials of the context.
 *
 * @since 1.0.0
 * @category constructors
 */
export const make = (
  options: OptionsWithoutCredentials = {}
): Effect.Effect<Service, ConfigError.ConfigError, Transport.Transport | Credentials.Credentials> =>
  Effect.gen(function*() {
    const credentials = yield* Credentials.Credentials
    const transport = yield* Transport.Transport
    const decoding = yield* checkOneOf("decoding", options.decoding ?? "strict", ["strict", "lenient"])
    const echo = yield* checkOneOf("echo", options.echo ?? "check", ["check", "ignore"])
    const policy = yield* RequestPolicy.make(options.policy ?? {})
    const { retryBudget = RequestPolicy.defaults.retryBudget } = policy
    const client: Client = {
      origin: credentials.origin,
      pathPrefix: credentials.pathPrefix,
      headers: {
        accept: "application/json",
        "accept-encoding": "identity",
        authorization: authorization.basic(credentials),
        "user-agent": `effect-signalwire/${version}`
      },
      containsSecret: authorization.makeContainsSecret(credentials),
      transport,
      policy,
      // the wrapped effect of `RequestPolicy.with` can ask for a budget where the layer has none
      tokens: new Tokens((retryBudget ?? RequestPolicy.defaults.retryBudget)?.capacity ?? 0),
      propagatesTraces: options.tracePropagation === true,
      decoder: options.decoder ?? bySchema,
      isLenient: decoding === "lenient",
      ignoresEcho: echo === "ignore",
      onDrift: options.onDrift
    }
    const prepare: Service["prepare"] = <S extends Endpoint.Spec>(endpoint: Endpoint.Endpoint<S>) => {
      const compiled = compile(endpoint, client)
      // the pipeline decodes by the endpoint's success and fails with the endpoint's errors, and has no types of its own
      return (input: Endpoint.Input<S>) =>
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        start(compiled, input) as Effect.Effect<Endpoint.Success<S>, Endpoint.Error<S>>
    }
    return { prepare }
  })

/**
 * The client over a transport of the context, such as `UndiciTransport` of `@effect-signalwire/node-runtime`.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerTransport = (
  options: Options
): Layer.Layer<SignalWireClient, ConfigError.ConfigError, Transport.Transport> =>
  Layer.fresh(Layer.effect(SignalWireClient, make(options)).pipe(Layer.provide(Credentials.layer(options))))

/** A variable that is empty counts as one that is not set. */
const decodingConfig = withPrefixes(
  Effect.flatMap(Config.withDefault(Config.string("SIGNALWIRE_DECODING"), ""), text => {
    const value = text.trim()
    return value === "" ? Effect.succeed(undefined) : checkOneOf("SIGNALWIRE_DECODING", value, ["strict", "lenient"])
  })
)

/**
 * The same with its credentials from configuration, as `layerConfig` reads it.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerTransportConfig = (
  options: ConfigOptions = {}
): Layer.Layer<SignalWireClient, ConfigError.ConfigError, Transport.Transport> => {
  const decoding = options.decoding === undefined ? decodingConfig : Effect.succeed(options.decoding)
  return Layer.fresh(
    Layer.effect(SignalWireClient, Effect.flatMap(decoding, decoding => make({ ...options, decoding }))).pipe(
      Layer.provide(Credentials.layerConfig(options))
    )
  )
}

/**
 * The client with the `HttpClient` and the credentials of the context.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerWithoutCredentials = (
  options?: OptionsWithoutCredentials
): Layer.Layer<SignalWireClient, ConfigError.ConfigError, HttpClient.HttpClient | Credentials.Credentials> =>
  Layer.fresh(Layer.effect(SignalWireClient, make(options)).pipe(Layer.provide(Transport.layerHttpClient)))

/**
 * The client for one project of one space. Like the other layers of this module it is built anew wherever it is used, since
 * each use may have another `HttpClient` or configuration: for one retry budget in all, provide it once.
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
 * The client with its credentials from configuration. What is left out is read from `SIGNALWIRE_SPACE`, `SIGNALWIRE_PROJECT_ID` and
 * `SIGNALWIRE_API_TOKEN`; `SIGNALWIRE_REST_BASE_URL` takes precedence over the first.
 * `SIGNALWIRE_REST_CA_FILE` is not read: the `HttpClient` decides which authorities to trust. See `Credentials.fromConfig`.
 * `SIGNALWIRE_DECODING` is read when the options have no `decoding`.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerConfig = (
  options?: ConfigOptions
): Layer.Layer<SignalWireClient, ConfigError.ConfigError, HttpClient.HttpClient> =>
  Layer.fresh(Layer.provide(layerTransportConfig(options), Transport.layerHttpClient))
