/**
 * The limits of a call as data: times, sizes and retries.
 *
 * @since 1.0.0
 */
import type * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FiberRef from "effect/FiberRef"
import { globalValue } from "effect/GlobalValue"
import { all, invalid } from "./internal/configErrors.ts"
import { configErrors, findInvalid, namesOf, readable } from "./internal/options.ts"
import { duration, durationOrZero, type Validate, wholeFrom } from "./internal/validators.ts"

/**
 * The limit on retries during an outage: a token bucket that all calls of one client share. A retry takes tokens, and a
 * call that succeeds at its first attempt puts some back. Without enough tokens an error is not retried.
 *
 * @since 1.0.0
 * @category models
 */
export interface RetryBudget {
  /** Tokens in a full bucket; default 100. Read when the layer is built. */
  readonly capacity: number
  /** Tokens that a retry costs; default 5, so that an outage costs at most 20 extra requests. */
  readonly retryCost: number
  /** Tokens that a retry after a timeout costs; default 10. */
  readonly timeoutCost: number
  /** Tokens that a success at the first attempt puts back; default 1. */
  readonly refill: number
}

/**
 * A limit on the requests of a client. A request counts when it is dispatched: in any interval of this length at most `limit` are,
 * retries included. Two clients have two limits. A transform that sends several requests for one attempt exceeds the limit, since they
 * count as one.
 *
 * @since 1.0.0
 * @category models
 */
export interface RateLimit<D = Duration.DurationInput> {
  /** The maximum number of requests in any interval; a whole number of at least 1. */
  readonly limit: number
  /** The length of the interval, such as `"1 second"`. */
  readonly interval: D
}

/**
 * The options of a policy, with durations as values of `D`.
 *
 * @since 1.0.0
 * @category models
 */
export interface Limits<D> {
  /**
   * The time for one attempt, from the moment that it uses or opens a connection to the last byte of the response;
   * default 10 s. The time in the queue for a connection counts against the deadline only.
   */
  readonly attemptTimeout: D
  /** The time for the whole call, with all attempts and the delays between them; default 30 s. */
  readonly deadline: D
  /** The maximum number of retries of a call; default 2. With 0 there is one attempt. */
  readonly maxRetries: number
  /**
   * The maximum delay before the first retry; default 300 ms. It doubles with each further retry, up to `maxDelay`. The
   * delay is a random value between half of the maximum and the maximum.
   */
  readonly baseDelay: D
  /** The upper limit of the doubled delay; default 4 s. */
  readonly maxDelay: D
  /** The limit on retries that all calls of a client share; `null` for no such limit. Default: see `RetryBudget`. */
  readonly retryBudget: RetryBudget | null
  /**
   * The limit on the requests of a client; default `null` for none. A request above it waits in a FIFO queue, which counts against
   * the deadline only. After a 429 with `Retry-After`, no call of the client sends a request until then, or for one minute where
   * `Retry-After` is longer; a call with an earlier deadline fails at once with `RateLimited`. Read when the layer is built.
   */
  readonly rateLimit: RateLimit<D> | null
  /**
   * The time for which calls in progress may continue when the layer is closed; default 0. New calls fail meanwhile, and
   * what is not complete at the end fails, with `TransportError`, reason `Closed`. Over a transport that several clients share, calls of one
   * of them end with the transport. Read when the layer is built.
   */
  readonly shutdownGrace: D
  /**
   * The largest body of a success that is read, in bytes; default 1 MiB, and 8 MiB for a page of a list. The value of the default counts as
   * not given, so that `RequestPolicy.defaults` has no other meaning than no policy.
   */
  readonly maxBodyBytes: number
  /**
   * The maximum number of bytes that are read of the body of an error; default 64 KiB. Reading ends a second after the
   * headers of the response, since the status alone decides which error it is. An application's own `HttpClient` that
   * reads a whole body before it returns a response is limited by `attemptTimeout` instead.
   */
  readonly maxErrorBodyBytes: number
  /**
   * The time to open a connection; default 3 s. The lookup of the host's address, before it, has twice this time, unless a proxy is
   * used. Read when the transport is built.
   */
  readonly connectTimeout: D
  /** The maximum number of open connections to an origin; default 32. Read when the transport is built. */
  readonly maxConnections: number
  /**
   * The age up to which a connection is used for new requests; default 5 minutes. A new connection follows a changed DNS
   * record. Read when the transport is built.
   */
  readonly maxConnectionAge: D
  /** The largest header section of a response, in bytes; default 16 KiB. Read when the transport is built. */
  readonly maxHeaderBytes: number
}

/** The options that are read when a layer is built. */
const layerOptions = [
  "rateLimit",
  "shutdownGrace",
  "connectTimeout",
  "maxConnections",
  "maxConnectionAge",
  "maxHeaderBytes"
] as const

/**
 * The options of a policy. An omitted option is not changed. Durations are above zero and below 2^31 ms, counts and sizes
 * are whole numbers. A `shutdownGrace` can be zero.
 *
 * @since 1.0.0
 * @category models
 */
export type Options = {
  readonly [Limit in keyof Limits<unknown>]?: Limits<Duration.DurationInput>[Limit] | undefined
}

/**
 * The options that can be changed for a call or for an effect: all but those that are read when a layer is built.
 *
 * @since 1.0.0
 * @category models
 */
export type Override = Omit<Options, (typeof layerOptions)[number]>

/** Marks options as validated. The mark is a private field, so a copy with other values does not have it. */
class Policy {
  // oxlint-disable-next-line no-unused-private-class-members -- read by `in`
  readonly #isValid = true

  static isValid(options: unknown): options is RequestPolicy {
    return typeof options === "object" && options !== null && #isValid in options
  }

  static of<L extends Partial<Limits<Duration.Duration>>>(limits: L): L & Policy {
    return Object.assign(new Policy(), limits)
  }
}

/**
 * Validated options. An omitted option is not changed. A copy, such as `{ ...policy, maxRetries: 5 }`, does not count as
 * validated.
 *
 * @since 1.0.0
 * @category models
 */
export interface RequestPolicy extends Partial<Limits<Duration.Duration>>, Policy {}

/**
 * A policy with a value for each option.
 *
 * @since 1.0.0
 * @category models
 */
export interface Resolved extends Limits<Duration.Duration> {}

/**
 * The default of each option.
 *
 * @since 1.0.0
 * @category policies
 */
export const defaults: Resolved & RequestPolicy = Policy.of({
  attemptTimeout: Duration.seconds(10),
  deadline: Duration.seconds(30),
  maxRetries: 2,
  baseDelay: Duration.millis(300),
  maxDelay: Duration.seconds(4),
  retryBudget: { capacity: 100, retryCost: 5, timeoutCost: 10, refill: 1 },
  rateLimit: null,
  shutdownGrace: Duration.zero,
  maxBodyBytes: 1_048_576,
  maxErrorBodyBytes: 65_536,
  connectTimeout: Duration.seconds(3),
  maxConnections: 32,
  maxConnectionAge: Duration.minutes(5),
  maxHeaderBytes: 16_384
})

/**
 * A policy without retries. All other options are not changed.
 *
 * @since 1.0.0
 * @category policies
 * @example
 * import { RequestPolicy, RoomSessions } from "@effect-signalwire/core"
 * import { Effect } from "effect"
 *
 * const get = Effect.flatMap(RoomSessions.RoomSessions, sessions =>
 *   sessions.get("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
 * ).pipe(RequestPolicy.with(RequestPolicy.noRetries))
 */
export const noRetries: RequestPolicy = Policy.of({ maxRetries: 0 })

/**
 * A policy for exports and other work that has time and must lose nothing: up to 8 retries of each call, delays from 0.5 to 30 s, a
 * deadline of 10 minutes, and no retry budget. All other options are not changed. With 20 % errors that are retryable, one call in
 * two million fails. Without a budget, an outage costs up to 9 requests for each call, so limit the concurrency of the calls.
 *
 * @since 1.0.0
 * @category policies
 * @example
 * import { RequestPolicy, RoomSessions } from "@effect-signalwire/core"
 * import { Effect, Stream } from "effect"
 *
 * const count = Effect.flatMap(RoomSessions.RoomSessions, sessions => Stream.runCount(sessions.list())).pipe(
 *   RequestPolicy.with(RequestPolicy.batch)
 * )
 */
export const batch: RequestPolicy = Policy.of({
  deadline: Duration.minutes(10),
  maxRetries: 8,
  baseDelay: Duration.millis(500),
  maxDelay: Duration.seconds(30),
  retryBudget: null
})

const budgetKeys = namesOf<RetryBudget>({ capacity: true, retryCost: true, timeoutCost: true, refill: true })

const isBudget = (value: object): boolean =>
  budgetKeys.every(key => Number.isFinite(Reflect.get(value, key)) && Reflect.get(value, key) >= 0)

const budget: Validate = value => {
  if (value === null) return Either.right(null)
  const given = readable(Object(value))
  return isBudget(given)
    ? Either.right(given)
    : Either.left(`null, or numbers of at least 0 for ${budgetKeys.join(", ")}`)
}

const rateLimit: Validate = value => {
  if (value === null) return Either.right(null)
  const given = readable(Object(value))
  const limit = wholeFrom(1)(Reflect.get(given, "limit"))
  const interval = duration(Reflect.get(given, "interval"))
  return Either.all({ limit, interval }).pipe(
    Either.mapLeft(() =>
      "null, or { limit, interval }: a whole number of at least 1, and a duration such as \"1 second\""
    )
  )
}

const validators: Record<keyof Limits<unknown>, Validate> = {
  attemptTimeout: duration,
  deadline: duration,
  maxRetries: wholeFrom(0),
  baseDelay: duration,
  maxDelay: duration,
  retryBudget: budget,
  rateLimit,
  shutdownGrace: durationOrZero,
  maxBodyBytes: wholeFrom(1),
  maxErrorBodyBytes: wholeFrom(0),
  connectTimeout: duration,
  maxConnections: wholeFrom(1),
  maxConnectionAge: duration,
  maxHeaderBytes: wholeFrom(1)
}

/** The names within the options that are objects. */
const nestedNames: Partial<Record<keyof Limits<unknown>, ReadonlyArray<string>>> = {
  retryBudget: budgetKeys,
  rateLimit: namesOf<RateLimit>({ limit: true, interval: true })
}

const isOption = (key: string): key is keyof typeof validators => Object.hasOwn(validators, key)

const optionNames = Object.keys(validators)

/** The options of `with`. */
const overrideNames = optionNames.filter(name => !layerOptions.some(option => option === name))

const unknownOptions = (options: unknown, accepted: ReadonlyArray<string>): ReadonlyArray<ConfigError.ConfigError> =>
  findInvalid(options, accepted).map(({ expected, name }) => {
    if (name === undefined) return invalid(["policy"], expected)
    if (accepted.includes(name)) return invalid(["policy", name], expected)
    const reason = isOption(name) ? `${name} is read when the layer is built` : `there is no option ${name}`
    return invalid(["policy", name], `${expected}; ${reason}`)
  })

/** @param accepted the names in the error of an option that does not exist */
const validated = (
  options: Options,
  accepted: ReadonlyArray<string>
): Either.Either<RequestPolicy, ConfigError.ConfigError> => {
  if (Policy.isValid(options)) return Either.right(options)
  const errors = [...unknownOptions(options, accepted)]
  const policy: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(readable(options))) {
    if (value === undefined || !isOption(key) || !accepted.includes(key)) continue
    const result = validators[key](value)
    if (Either.isLeft(result)) {
      errors.push(invalid(["policy", key], result.left))
      continue
    }
    policy[key] = result.right
    const nested = nestedNames[key]
    if (nested !== undefined && value !== null) errors.push(...configErrors(["policy", key], value, nested))
  }
  const error = all(errors)
  // each value has the type of its option, which the loop over entries cannot express
  return error === undefined ? Either.right(Policy.of(policy)) : Either.left(error)
}

/**
 * Validates options. The `ConfigError` names every option that is invalid or does not exist.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RequestPolicy } from "@effect-signalwire/core"
 *
 * const patient = RequestPolicy.make({ deadline: "2 minutes", maxRetries: 5 })
 */
export const make = (options: Options): Either.Either<RequestPolicy, ConfigError.ConfigError> =>
  validated(options, optionNames)

/**
 * The options that `with` has set for the running effect.
 *
 * @since 1.0.0
 * @category fiber refs
 */
export const currentOverride: FiberRef.FiberRef<Partial<Limits<Duration.Duration>> | undefined> = globalValue(
  Symbol.for("@effect-signalwire/core/RequestPolicy/currentOverride"),
  () => FiberRef.unsafeMake<Partial<Limits<Duration.Duration>> | undefined>(undefined)
)

function withPolicy(policy: RequestPolicy): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
function withPolicy(
  override: Override
): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | ConfigError.ConfigError, R>
function withPolicy(policy: Override) {
  return <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | ConfigError.ConfigError, R> =>
    Effect.flatMap(
      validated(policy, overrideNames),
      changes => Effect.locallyWith(effect, currentOverride, outer => ({ ...outer, ...changes }))
    )
}

/**
 * Changes the policy of every call inside an effect. Uses nest: an option that the inner `with` omits has its value from
 * the outer one, or from the layer. With options that `make` has not validated, the effect can fail with a
 * `ConfigError`; with a policy from `make` it cannot. The options that are read when a layer is built, such as `rateLimit` and
 * `maxConnections`, are not options of `with`: they are a `ConfigError`, or ignored in a policy from `make`.
 *
 * The calls of a stream have the policy of the effect that runs it, and not of one that only makes it. For a stream that is handed out, such as
 * the body of a response, the policy is set for each pull: `Stream.fromPull(Effect.map(Stream.toPull(stream), RequestPolicy.with(policy)))`.
 *
 * @since 1.0.0
 * @category policies
 * @example
 * import { RequestPolicy, RoomSessions } from "@effect-signalwire/core"
 * import { Effect } from "effect"
 *
 * const get = Effect.flatMap(RoomSessions.RoomSessions, sessions =>
 *   sessions.get("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
 * ).pipe(RequestPolicy.with({ deadline: "5 seconds" }))
 */
export { withPolicy as with }
