/** Polls with patience for errors that are temporary. All times are in milliseconds. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { InvalidRequest, type SignalWireError } from "../SignalWireError.ts"
import * as durations from "./duration.ts"
import { monotonicMillis } from "./request/call.ts"
import { retryAfterMillis } from "./request/retry.ts"
import { isRetryable } from "./request/retryable.ts"

const defaultPatience = Duration.minutes(5)

/** Decodes the option `patience`. */
export const decodePatience = (
  operation: string,
  patience: Duration.DurationInput = defaultPatience
): Effect.Effect<Duration.Duration, InvalidRequest> =>
  Effect.mapError(
    durations.decode(patience),
    () =>
      new InvalidRequest({
        operation,
        parameter: "patience",
        expected: "a duration of at least zero, such as \"5 minutes\""
      })
  )

/** Limits on the time between two polls. The lower one takes precedence. */
interface Bounds {
  readonly least: number
  readonly most: number
}

/** Waits for the next poll; false where there is none. */
export type Wait<A> = (last: A | undefined, bounds: Bounds) => Effect.Effect<boolean>

/**
 * Waits as long as a function says.
 *
 * @param delay of the last success, which is undefined before the first one, and the time
 */
export const waitFor = <A>(delay: (last: A | undefined, now: number) => number): Wait<A> => (last, { least, most }) =>
  Effect.clockWith(clock =>
    Effect.as(Effect.sleep(Math.max(least, Math.min(most, delay(last, clock.unsafeCurrentTimeMillis())))), true)
  )

/** Waits as long as a schedule says, and before the first success, which its input is, as `fallback` does. */
export const waitBySchedule = <A>(
  schedule: Schedule.Schedule<unknown, A>,
  fallback: Wait<A>
): Effect.Effect<Wait<A>> =>
  Effect.map(Schedule.driver(schedule), driver => (last, bounds) => {
    if (last === undefined) return fallback(last, bounds)
    return Effect.clockWith(clock => {
      const start = monotonicMillis(clock)
      const rest = Effect.suspend(() => Effect.sleep(Math.max(0, bounds.least - (monotonicMillis(clock) - start))))
      return driver.next(last).pipe(
        Effect.zipRight(rest),
        Effect.as(true),
        Effect.catchAll(() => Effect.succeed(false))
      )
    })
  })

/**
 * Whether an error can be gone at a later poll. After a success, the host name is known to exist, so that the error of a name server is one of
 * the network.
 */
const isTemporary = (error: SignalWireError, hasSucceeded: boolean): boolean =>
  isRetryable(error) || error._tag === "SignalWireRequestTimeout" ||
  (hasSucceeded && error._tag === "SignalWireTransportError" && error.reason === "Dns")

interface State<A> {
  readonly last: A | undefined
  /** The time of the last success, or of the start. */
  readonly since: number
}

/** The successes of all polls. It fails with an error that is not temporary, or that lasts longer than `patience`. */
export const successes = <A, E extends SignalWireError>(
  poll: Effect.Effect<A, E>,
  { patience, wait }: { readonly patience: Duration.Duration; readonly wait: Wait<A> }
): Stream.Stream<A, E> => {
  const patienceMillis = Duration.toMillis(patience)

  const next = (state: State<A>): Effect.Effect<A, E> =>
    Effect.catchAll(poll, error =>
      Effect.clockWith(clock => {
        const left = state.since + patienceMillis - monotonicMillis(clock)
        const retryAfter = retryAfterMillis(error) ?? 0
        if (!isTemporary(error, state.last !== undefined) || left <= 0 || retryAfter > left) return Effect.fail(error)
        return Effect.flatMap(
          wait(state.last, { least: retryAfter, most: left }),
          isNext => isNext ? next(state) : Effect.fail(error)
        )
      }))

  const isNext = ({ last }: State<A>): Effect.Effect<boolean> =>
    last === undefined ? Effect.succeed(true) : wait(last, { least: 0, most: Infinity })

  return Stream.unwrap(Effect.clockWith(clock =>
    Effect.sync(() => {
      const initial: State<A> = { last: undefined, since: monotonicMillis(clock) }
      return Stream.unfoldEffect(initial, state =>
        Effect.flatMap(isNext(state), isNext =>
          isNext
            ? Effect.map(next(state), last => Option.some([last, { last, since: monotonicMillis(clock) }] as const))
            : Effect.succeedNone))
    })
  ))
}
