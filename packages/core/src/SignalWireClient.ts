/**
 * The way of one request: authenticate, send, take in, classify, decode, try again.
 *
 * @since 1.0.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { RuntimeFiber } from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Credentials from "./Credentials.ts"
import * as Exchange from "./Exchange.ts"
import * as RequestPolicy from "./RequestPolicy.ts"
import { type RequestError, TransportError } from "./SignalWireError.ts"
import * as authorization from "./internal/authorization.ts"
import { withPaths } from "./internal/configPath.ts"
import * as decode from "./internal/decode.ts"
import * as drift from "./internal/drift.ts"
import * as exchangeRunner from "./internal/exchangeRunner.ts"
import type { Operation } from "./internal/operations.ts"
import * as outcome from "./internal/outcome.ts"
import type { Received } from "./internal/reception.ts"
import * as retry from "./internal/retry.ts"
import * as retryBudget from "./internal/retryBudget.ts"
import * as tracing from "./internal/tracing.ts"
import { version } from "./internal/version.ts"

export type {
  /**
   * One declared endpoint.
   *
   * @since 1.0.0
   * @category models
   */
  Operation
} from "./internal/operations.ts"

export type {
  /**
   * A field of a response that could not be read and is null instead, with `decoding: "lenient"`.
   *
   * @since 1.0.0
   * @category models
   */
  Drift
} from "./internal/drift.ts"

export type {
  /**
   * Makes what reads the text of an answer as a schema says, once for each schema. What it makes throws `SyntaxError` when
   * the text is not JSON.
   *
   * @since 1.0.0
   * @category models
   */
  Decoder
} from "./internal/decode.ts"

/**
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /** Prepares an operation once, for many calls. */
  readonly operation: <A, I, Id extends string>(
    operation: Operation<A, I, Id>
  ) => (id: Id) => Effect.Effect<A, RequestError>
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
export interface Settings {
  /** Changes to `RequestPolicy.default`. */
  readonly policy?: RequestPolicy.Options | undefined
  /** Whether `traceparent` and `b3` headers tell the vendor about your traces; default false. */
  readonly tracePropagation?: boolean | undefined
  /** Reads the sessions; default Schema's own. `FastDecoder.make` takes a tenth of the time. */
  readonly decoder?: decode.Decoder | undefined
  /**
   * What becomes of a nullable field that cannot be read, such as a `duration` of -1: with `"strict"`, the default, the call fails
   * with `InvalidResponse`, and with `"lenient"` the field is null. Each such field of a response is a warning in the log, counts in the
   * metric `signalwire_decoding_drift` (tags `operation` and `path`) and is given to `onDrift`. `layerConfig` reads
   * `SIGNALWIRE_DECODING` when it is left out.
   */
  readonly decoding?: "strict" | "lenient" | undefined
  /**
   * Run for each field that is null because it could not be read, for all fields at the same time, before the call succeeds and
   * within its deadline. What goes wrong in it is logged and does not concern the call.
   */
  readonly onDrift?: ((drift: drift.Drift) => Effect.Effect<void>) | undefined
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
export interface Options extends Credentials.Options, Settings {}

/** What stays the same over all attempts of a call. */
interface Call {
  readonly request: Exchange.Request
  readonly policy: RequestPolicy.Complete
  readonly deadlineMillis: number
  readonly fiber: RuntimeFiber<unknown, unknown>
  readonly clock: Clock.Clock
  readonly startMillis: number
  readonly traced: boolean
  /** So far, over all attempts. */
  requestsSent: number
  /** Of the response that succeeded. */
  drifts: ReadonlyArray<drift.Drift>
}

const noDrifts: ReadonlyArray<drift.Drift> = []

/** Milliseconds of a clock that only goes forward, whatever happens to the time of day. */
const monotonicMillis = (clock: Clock.Clock): number => Number(clock.unsafeCurrentTimeNanos()) / 1e6

const elapsedMillis = (call: Call): number => monotonicMillis(call.clock) - call.startMillis

const retryAfterMillis = (failure: RequestError): number | undefined =>
  "retryAfter" in failure && failure.retryAfter !== undefined ? Duration.toMillis(failure.retryAfter) : undefined

/** Whether a response came does not depend on its status: other connections may be as dead as the one that had none. */
const retried = (request: Exchange.Request, failure: RequestError): Exchange.Request =>
  failure._tag === "SignalWireTransportError" || failure._tag === "SignalWireRequestTimeout"
    ? { ...request, freshConnection: true }
    : request

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
 * Makes the client over the `HttpClient` of the context.
 *
 * @since 1.0.0
 * @category constructors
 */
export const make = (
  settings: Settings = {}
): Effect.Effect<Service, ConfigError.ConfigError, HttpClient.HttpClient | Credentials.Credentials> =>
  Effect.gen(function*() {
    const credentials = yield* Credentials.Credentials
    const httpClient = yield* HttpClient.HttpClient
    const run = exchangeRunner.make(httpClient)
    const transportClosed = Exchange.of(httpClient)?.closed ?? Effect.never
    const decoding = yield* checkOneOf("decoding", settings.decoding ?? "strict", ["strict", "lenient"])
    const echo = yield* checkOneOf("echo", settings.echo ?? "check", ["check", "ignore"])
    const layerPolicy: RequestPolicy.Complete = {
      ...RequestPolicy.default,
      ...(yield* RequestPolicy.make(settings.policy ?? {}))
    }
    // a region can ask for a budget where the layer has none
    const tokens = new retryBudget.Tokens((layerPolicy.retryBudget ?? RequestPolicy.default.retryBudget)?.capacity ?? 0)
    const taint = authorization.makeTaint(credentials)
    const headers = {
      accept: "application/json",
      "accept-encoding": "identity",
      authorization: authorization.basic(credentials),
      "user-agent": `effect-signalwire/${version}`
    }

    const operation = <A, I, Id extends string>(facts: Operation<A, I, Id>) => {
      const toOutcome = outcome.make(facts, taint, {
        decoder: settings.decoder ?? decode.bySchema,
        isLenient: decoding === "lenient",
        acceptsOtherId: echo === "ignore"
      })
      const [before, after] = facts.path
      const template = `${credentials.pathPrefix}${before}{id}${after}`

      const attempt = (
        call: Call,
        id: Id,
        number: number,
        request: Exchange.Request
      ): Effect.Effect<A, RequestError> => {
        const now = () => call.deadlineMillis - elapsedMillis(call)
        const left = { atStart: number === 1 ? call.deadlineMillis : now(), now }
        const circumstances = () => circumstancesOf(call, number)
        const wallClock = () => call.clock.unsafeCurrentTimeMillis()
        const onDrift = (drifts: Call["drifts"]) => {
          call.drifts = drifts
        }
        const ended: outcome.Attempt<Id> = { id, circumstances, wallClock, onDrift }
        const conclude = (received: Received) => {
          call.requestsSent += received.requestsSent
          return toOutcome(received, ended)
        }
        const settle = (result: Either.Either<A, RequestError>): Effect.Effect<A, RequestError> => {
          if (Either.isLeft(result)) return afterFailure(call, id, number, result.left)
          if (number === 1) tokens.put(call.policy.retryBudget?.refill ?? 0)
          return call.drifts === noDrifts ? result : Effect.zipRight(reportDrifts(call), result)
        }
        const send = (sent: Exchange.Request) => run(sent, call.policy, left, call.fiber, call.clock)
        if (!call.traced) return Effect.flatMap(send(request), received => settle(conclude(received)))
        return tracing.attemptSpan(
          { request, template, number },
          traceHeaders =>
            send(
              settings.tracePropagation === true ? { ...request, headers: { ...traceHeaders, ...headers } } : request
            ),
          conclude
        ).pipe(Effect.either, Effect.flatMap(settle))
      }

      const reportDrifts = (call: Call): Effect.Effect<void> =>
        Effect.suspend(() =>
          drift.report(call.drifts, settings.onDrift, Math.max(0, call.deadlineMillis - elapsedMillis(call)))
        )

      const circumstancesOf = (call: Call, attempts: number) => ({
        operation: facts.name,
        attempts,
        requestsSent: call.requestsSent,
        elapsed: Duration.millis(Math.round(elapsedMillis(call)))
      })

      /** A wait for the next attempt ends with the transport's layer. */
      const closedDuring = (call: Call, attempts: number): Effect.Effect<never, RequestError> =>
        Effect.flatMap(
          transportClosed,
          () => Effect.fail(new TransportError({ ...circumstancesOf(call, attempts), reason: "Closed" }))
        )

      const afterFailure = (
        call: Call,
        id: Id,
        number: number,
        failure: RequestError
      ): Effect.Effect<A, RequestError> => {
        const { policy } = call
        if (!failure.isRetryable || number > policy.retries) return Effect.fail(failure)
        return Effect.flatMap(Effect.all([Random.next, Random.next]), ([spread, jitter]) => {
          const backoff = retry.backoffMillis(policy, number, spread)
          const wait = retry.waitMillis(backoff, retryAfterMillis(failure), jitter)
          const cost = policy.retryBudget === null
            ? 0
            : retryBudget.costOf(policy.retryBudget, failure._tag === "SignalWireRequestTimeout")
          return wait < call.deadlineMillis - elapsedMillis(call) && tokens.take(cost)
            // whichever loses has to be interruptible, also where the caller is not
            ? Effect.raceFirst(
              Effect.interruptible(Effect.sleep(wait)),
              Effect.interruptible(closedDuring(call, number))
            ).pipe(
              Effect.onError(() => Effect.sync(() => tokens.put(cost))),
              Effect.zipRight(Effect.suspend(() => attempt(call, id, number + 1, retried(call.request, failure))))
            )
            : Effect.fail(failure)
        })
      }

      return (id: Id): Effect.Effect<A, RequestError> =>
        Effect.withFiberRuntime(fiber => {
          const override = fiber.getFiberRef(RequestPolicy.currentOverride)
          const policy = override === undefined ? layerPolicy : { ...layerPolicy, ...override }
          const clock = Context.get(fiber.currentDefaultServices, Clock.Clock)
          const call: Call = {
            request: {
              method: facts.method,
              origin: credentials.origin,
              path: credentials.pathPrefix + before + encodeURIComponent(id) + after,
              headers,
              freshConnection: false
            },
            policy,
            deadlineMillis: Duration.toMillis(policy.deadline),
            fiber,
            clock,
            startMillis: monotonicMillis(clock),
            traced: tracing.isTraced(fiber, settings.tracePropagation === true),
            requestsSent: 0,
            drifts: noDrifts
          }
          const answer = attempt(call, id, 1, call.request)
          return call.traced ? tracing.callSpan(facts.name, id)(answer) : answer
        })
    }

    return { operation }
  })

/**
 * The client over credentials from the context.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerCredentials = (
  settings?: Settings
): Layer.Layer<SignalWireClient, ConfigError.ConfigError, HttpClient.HttpClient | Credentials.Credentials> =>
  Layer.fresh(Layer.effect(SignalWireClient, make(settings)))

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
  Layer.fresh(layerCredentials(options).pipe(Layer.provide(Credentials.layer(options))))

/** A variable that is empty counts as one that is not set. */
const decodingConfig = withPaths(
  Effect.flatMap(Config.withDefault(Config.string("SIGNALWIRE_DECODING"), ""), text => {
    const value = text.trim()
    return value === "" ? Effect.succeed(undefined) : checkOneOf("SIGNALWIRE_DECODING", value, ["strict", "lenient"])
  })
)

/**
 * The client with its credentials from configuration: `SIGNALWIRE_SPACE`, `SIGNALWIRE_PROJECT_ID` and
 * `SIGNALWIRE_API_TOKEN`; `SIGNALWIRE_REST_BASE_URL` takes precedence over the first.
 * `SIGNALWIRE_REST_CA_FILE` is not read: what to trust is the matter of the `HttpClient`. See `Credentials.fromConfig`.
 * `SIGNALWIRE_DECODING` is read when the settings have no `decoding`.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerConfig = (
  settings: Settings = {}
): Layer.Layer<SignalWireClient, ConfigError.ConfigError, HttpClient.HttpClient> => {
  const decoding = settings.decoding === undefined ? decodingConfig : Effect.succeed(settings.decoding)
  return Layer.fresh(
    Layer.unwrapEffect(Effect.map(decoding, decoding => layerCredentials({ ...settings, decoding }))).pipe(
      Layer.provide(Credentials.layerConfig())
    )
  )
}
