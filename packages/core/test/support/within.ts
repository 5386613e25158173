import { type Duration, Effect, Fiber, Option, TestClock } from "effect"

/** Advances the test clock by a duration and returns the result of an effect; a defect where it has not completed. */
export const within = (duration: Duration.DurationInput) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.fork(effect)
    yield* TestClock.adjust(duration)
    return yield* Option.getOrElse(yield* Fiber.poll(fiber), () => Effect.dieMessage("the effect has not completed"))
  })
