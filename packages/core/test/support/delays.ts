import { Effect } from "effect"

/** Randomness that makes every delay as short as it can be: half of the backoff, and no more than Retry-After. */
export const shortestDelays = Effect.withRandomFixed([0])

/** Randomness that makes every delay as long as it can be: all of the backoff, and a tenth more than Retry-After. */
export const longestDelays = Effect.withRandomFixed([1])

/** A clock whose `sleep` returns at once. */
export const withoutSleep = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.clockWith(clock =>
    Effect.withClock(effect, {
      ...clock,
      unsafeCurrentTimeMillis: () => clock.unsafeCurrentTimeMillis(),
      unsafeCurrentTimeNanos: () => clock.unsafeCurrentTimeNanos(),
      sleep: () => Effect.void
    })
  )
