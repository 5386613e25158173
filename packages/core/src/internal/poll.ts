/** Polls with patience for errors that are temporary. All times are in milliseconds. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { InvalidRequest, type SignalWireError } from "../SignalWireError.ts"
import * as durations from "./duration.ts"
import { monotonicMillis } from "./request/progress.ts"
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
      const isNext = driver.next(last).pipe(
        Effect.zipRight(rest),
        Effect.as(true),
        Effect.catchAll(() => Effect.succeed(false))
      )
      // the loser of a race must be interruptible even if the caller is not
      return bounds.most === Infinity ? isNext : Effect.raceFirst(
        Effect.interruptible(isNext),
        Effect.interruptible(Effect.as(Effect.sleep(bounds.most), true))
      )
    })
  })

/**
 * Whether an error can be gone at a later poll. After a response, the host name is known to exist, so that the error of a name server is one of
 * the network; and the filter of a list is known to be valid, so that a 422 is about the token of a page, which the next poll does not use.
 */
const isTemporary = (error: SignalWireError, hasResponded: boolean): boolean =>
  isRetryable(error) || error._tag === "SignalWireRequestTimeout" ||
  (hasResponded && (
    (error._tag === "SignalWireTransportError" && error.reason === "Dns") ||
    error._tag === "SignalWireUnprocessableContent"
  ))

interface Options<A> {
  readonly patience: Duration.Duration
  readonly wait: Wait<A>
  /** Whether a part of a poll has succeeded, such as one page; default: whether a poll has. */
  readonly hasResponded?: () => boolean
}

/** The successes of all polls. It fails with an error that is not temporary, and when temporary ones last longer than `patience`. */
export const successes = <A, E extends SignalWireError>(
  poll: Effect.Effect<A, E>,
  { hasResponded = () => false, patience, wait }: Options<A>
): Stream.Stream<A, E> => {
  const patienceMillis = Duration.toMillis(patience)

  /** @param since the time of the first error after the last success */
  const next = (last: A | undefined, since?: number): Effect.Effect<A, E> =>
    Effect.catchAll(poll, error =>
      Effect.clockWith(clock => {
        const now = monotonicMillis(clock)
        const left = (since ?? now) + patienceMillis - now
        const retryAfter = retryAfterMillis(error) ?? 0
        if (!isTemporary(error, last !== undefined || hasResponded()) || left <= 0 || retryAfter > left) {
          return Effect.fail(error)
        }
        return Effect.flatMap(
          wait(last, { least: retryAfter, most: left }),
          isNext => isNext ? next(last, since ?? now) : Effect.fail(error)
        )
      }))

  const isNext = (last: A | undefined): Effect.Effect<boolean> =>
    last === undefined ? Effect.succeed(true) : wait(last, { least: 0, most: Infinity })

  const initial: A | undefined = undefined
  return Stream.unfoldEffect(initial, (last: A | undefined) =>
    Effect.flatMap(isNext(last), isNext =>
      isNext
        ? Effect.map(next(last), success => Option.some([success, success] as const))
        : Effect.succeedNone))
}
