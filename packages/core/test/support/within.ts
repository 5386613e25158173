import { type Duration, Effect, Fiber, Option, TestClock } from "effect"

/** What an effect has come to when so much of the test's time has gone by; a defect if it goes on. */
export const within = (duration: Duration.DurationInput) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.fork(effect)
    yield* TestClock.adjust(duration)
    return yield* Option.getOrElse(yield* Fiber.poll(fiber), () => Effect.dieMessage("it still goes on"))
  })

/** With a clock that sleeps for no time at all. */
export const waitingForNothing = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.clockWith(clock =>
    Effect.withClock(effect, {
      ...clock,
      unsafeCurrentTimeMillis: () => clock.unsafeCurrentTimeMillis(),
      unsafeCurrentTimeNanos: () => clock.unsafeCurrentTimeNanos(),
      sleep: () => Effect.void
    })
  )

/** Randomness that makes every wait as short as it can be: half of the backoff, and nothing on top of Retry-After. */
export const shortestWaits = Effect.withRandomFixed([0])

/** Randomness that makes every wait as long as it can be. */
export const longestWaits = Effect.withRandomFixed([1])
