/** Timers by Effect's Clock, and fibers of a call that are interrupted with it. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"

export type Fiber = RuntimeFiber<unknown, unknown>

/**
 * Forks with all that a fiber has, and returns how to interrupt it: also where the fiber that waits is not interruptible.
 * `Effect.runtime` would cost more than a microsecond for each request.
 */
export const fork = (effect: Effect.Effect<void>, fiber: Fiber): () => void => {
  const runtime = Runtime.make({
    context: fiber.currentContext,
    fiberRefs: fiber.getFiberRefs(),
    runtimeFlags: Runtime.defaultRuntimeFlags
  })
  const forked = Runtime.runFork(runtime)(effect)
  return () => forked.unsafeInterruptAsFork(FiberId.none)
}

// compared only, never called
// oxlint-disable-next-line typescript/unbound-method
const liveSleep = Clock.make().sleep

/**
 * Effect's own clock sleeps by `setTimeout`: to do the same saves the two fibers of an `Effect.timeout`, which cost more than
 * the rest of a request. Any other clock, such as `TestClock`, is asked to sleep. Returns how to cancel the timer.
 */
export const startTimer = (clock: Clock.Clock, fiber: Fiber, millis: number, onTimeout: () => void): () => void => {
  if (clock.sleep === liveSleep) {
    const timer = setTimeout(onTimeout, millis)
    return () => clearTimeout(timer)
  }
  return fork(Effect.andThen(Effect.sleep(millis), Effect.sync(onTimeout)), fiber)
}
