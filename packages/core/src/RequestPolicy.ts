/**
 * How long, how often and how much: every limit of a call, as data.
 *
 * @since 1.0.0
 */
import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FiberRef from "effect/FiberRef"
import { globalValue } from "effect/GlobalValue"
import * as Option from "effect/Option"

/**
 * How many retries an outage may cost: a bucket of tokens that all calls of one client share. A retry takes tokens out, a
 * call that succeeds at its first attempt puts some back, and when too few are left, failures are reported at once.
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
 * What a call may take, and how it is tried again.
 *
 * @since 1.0.0
 * @category models
 */
interface Limits<D> {
  /**
   * Time for one attempt, from the moment that it has a connection to use or to make to the last byte of the response; default
   * 10 s. Waiting for a connection counts against the deadline only.
   */
  readonly attemptTimeout: D
  /** Time for the whole call: all attempts and the waits between them; default 30 s. */
  readonly deadline: D
  /** How often a failed attempt is repeated at most; default 2, and 0 means one attempt only. */
  readonly maxRetries: number
  /**
   * The longest wait before the first retry; it doubles with each further one, up to `maxDelay`. What is waited is a
   * random part of it, from half to whole; default 300 ms.
   */
  readonly baseDelay: D
  /** Where the doubling ends; default 4 s. */
  readonly maxDelay: D
  /** The limit on retries that all calls of a client share, or `null` for none. */
  readonly retryBudget: RetryBudget | null
  /** The largest body of a 200 that is read, in bytes; default 1 MiB. */
  readonly maxBodyBytes: number
  /**
   * The most that is read of the body of any other response, in bytes; default 64 KiB. It is waited for a second at most, from
   * the head of the response on: the status is what counts. An application's own `HttpClient` that reads whole bodies before it gives
   * a response is waited for as for any response.
   */
  readonly maxErrorBodyBytes: number
  /** Time to make a connection; default 3 s. Read when the transport is built. */
  readonly connectTimeout: D
  /** How many connections are open at the same time at most; default 32. Read when the transport is built. */
  readonly maxConnections: number
  /**
   * How long a connection is used for new requests; default 5 minutes, after which a new one follows a changed DNS record. Read
   * when the transport is built.
   */
  readonly maxConnectionAge: D
  /** The largest header section of a response, in bytes; default 16 KiB. Read when the transport is built. */
  readonly maxHeaderBytes: number
}

type TransportOption = "connectTimeout" | "maxConnections" | "maxConnectionAge" | "maxHeaderBytes"

/**
 * What can be asked for; what is left out stays as it is. Durations are above zero and below 2^31 ms, counts are whole
 * numbers.
 *
 * @since 1.0.0
 * @category models
 */
export type Options = {
  readonly [Limit in keyof Limits<unknown>]?: Limits<Duration.DurationInput>[Limit] | undefined
}

/**
 * What can be changed for a call or for an effect: all but the limits that the transport read when it was built.
 *
 * @since 1.0.0
 * @category models
 */
export type Override = Omit<Options, TransportOption>

/** The mark of what was checked. Private, so that it does not pass on to a copy with other values. */
class Policy {
  // oxlint-disable-next-line no-unused-private-class-members -- looked for by `in`
  readonly #checked = true

  static isChecked(options: Options | RequestPolicy): options is RequestPolicy {
    return #checked in options
  }

  static of<L extends Partial<Limits<Duration.Duration>>>(limits: L): L & Policy {
    return Object.assign(new Policy(), limits)
  }
}

/**
 * Options that were checked. What is left out stays as it is. A copy of one, `{ ...policy, maxRetries: 5 }`, counts as options
 * that were not.
 *
 * @since 1.0.0
 * @category models
 */
export interface RequestPolicy extends Partial<Limits<Duration.Duration>>, Policy {}

/**
 * Every limit.
 *
 * @since 1.0.0
 * @category models
 */
export interface Complete extends Limits<Duration.Duration> {}

/**
 * The policy when nothing else is said.
 *
 * @since 1.0.0
 * @category policies
 */
export const defaults: Complete & RequestPolicy = Policy.of({
  attemptTimeout: Duration.seconds(10),
  deadline: Duration.seconds(30),
  maxRetries: 2,
  baseDelay: Duration.millis(300),
  maxDelay: Duration.seconds(4),
  retryBudget: { capacity: 100, retryCost: 5, timeoutCost: 10, refill: 1 },
  maxBodyBytes: 1_048_576,
  maxErrorBodyBytes: 65_536,
  connectTimeout: Duration.seconds(3),
  maxConnections: 32,
  maxConnectionAge: Duration.minutes(5),
  maxHeaderBytes: 16_384
})

/**
 * One attempt and no retries. Timeouts and limits of size stay on.
 *
 * @since 1.0.0
 * @category policies
 */
export const noRetries: RequestPolicy = Policy.of({ maxRetries: 0 })

/** The longest wait that the timers of JavaScript can do. */
const longestMillis = 2 ** 31 - 1

type Check = (value: unknown) => Either.Either<unknown, string>

const duration: Check = value =>
  Option.match(Duration.decodeUnknown(value), {
    onNone: () => Either.left("a duration such as \"10 seconds\""),
    onSome: decoded => {
      const millis = Duration.toMillis(decoded)
      return millis > 0 && millis <= longestMillis
        ? Either.right(decoded)
        : Either.left("a duration above zero and below 2^31 ms")
    }
  })

const wholeFrom = (least: number): Check => value =>
  Number.isSafeInteger(value) && Number(value) >= least
    ? Either.right(value)
    : Either.left(`a whole number of at least ${least}`)

const budgetKeys = ["capacity", "retryCost", "timeoutCost", "refill"] as const

const budget: Check = value =>
  value === null ||
    (typeof value === "object" &&
      budgetKeys.every(key => key in value && Number.isFinite(Reflect.get(value, key)) && Reflect.get(value, key) >= 0))
    ? Either.right(value)
    : Either.left(`null, or numbers of at least 0 for ${budgetKeys.join(", ")}`)

const checks: Record<keyof Limits<unknown>, Check> = {
  attemptTimeout: duration,
  deadline: duration,
  maxRetries: wholeFrom(0),
  baseDelay: duration,
  maxDelay: duration,
  retryBudget: budget,
  maxBodyBytes: wholeFrom(1),
  maxErrorBodyBytes: wholeFrom(0),
  connectTimeout: duration,
  maxConnections: wholeFrom(1),
  maxConnectionAge: duration,
  maxHeaderBytes: wholeFrom(1)
}

const isOption = (key: string): key is keyof typeof checks => Object.hasOwn(checks, key)

/**
 * Checks options.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RequestPolicy } from "@effect-signalwire/core"
 *
 * const patient = RequestPolicy.make({ deadline: "2 minutes", maxRetries: 5 })
 */
export const make = (options: Options): Either.Either<RequestPolicy, ConfigError.ConfigError> => {
  if (Policy.isChecked(options)) return Either.right(options)
  const wrong: Array<ConfigError.ConfigError> = []
  const policy: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined) continue
    const checked = isOption(key) ? checks[key](value) : Either.left(`one of ${Object.keys(checks).join(", ")}`)
    if (Either.isRight(checked)) policy[key] = checked.right
    else wrong.push(ConfigError.InvalidData(["policy", key], `Expected ${checked.left}`))
  }
  // each value was checked to be of its option's type, which the loop over entries cannot express
  return wrong.length === 0
    ? Either.right(Policy.of(policy))
    : Either.left(wrong.reduce((left, right) => ConfigError.And(left, right)))
}

/**
 * What `with` has changed for the effect that runs now.
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
      make(policy),
      changes => Effect.locallyWith(effect, currentOverride, outer => ({ ...outer, ...changes }))
    )
}

/**
 * Changes the policy of every call inside an effect. Wrapped effects nest: what the inner one leaves out stays as the outer one,
 * or the layer, has it. Options that were not checked with `make` can fail with a `ConfigError`.
 *
 * @since 1.0.0
 * @category policies
 * @example
 * import { RequestPolicy, RoomSessions } from "@effect-signalwire/core"
 * import { Effect } from "effect"
 *
 * const impatient = Effect.flatMap(RoomSessions.RoomSessions, sessions =>
 *   sessions.get("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
 * ).pipe(RequestPolicy.with(RequestPolicy.noRetries))
 */
export { withPolicy as with }
