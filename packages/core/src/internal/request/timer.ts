/** Timers that use Effect's `Clock`, and fibers that run on behalf of a call. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"
import { builtInServices } from "./builtInServices.ts"

export type Fiber = RuntimeFiber<unknown, unknown>

/**
 * Forks an effect with the context and the FiberRefs of a fiber, and returns the function that interrupts it. The fork is
 * interruptible even if the fiber is not. `Effect.runtime` would take more than a microsecond for each request.
 */
export const fork = (
  effect: Effect.Effect<void>,
  fiber: Fiber,
  context: Context.Context<never> = fiber.currentContext
): () => void => {
  const runtime = Runtime.make({
    context,
    fiberRefs: fiber.getFiberRefs(),
    runtimeFlags: Runtime.defaultRuntimeFlags
  })
  const forked = Runtime.runFork(runtime)(effect)
  return () => forked.unsafeInterruptAsFork(FiberId.none)
}

// it is only compared, so its `this` does not matter
// oxlint-disable-next-line typescript/unbound-method
const liveSleep = Context.get(builtInServices, Clock.Clock).sleep

/** Whether a clock is Effect's own. */
export const isLive = (clock: Clock.Clock): boolean => clock.sleep === liveSleep

/** A timer of the platform, or the function that cancels one of a clock other than Effect's own. */
export type Timer = ReturnType<typeof setTimeout> | (() => void)

/**
 * Starts a timer. Effect's own clock sleeps with `setTimeout`, so this does the same: it saves the two fibers of an
 * `Effect.timeout`, which cost more than the rest of a request. With any other clock, such as `TestClock`, it calls `sleep`.
 */
export const startTimer = (clock: Clock.Clock, fiber: Fiber, millis: number, onTimeout: () => void): Timer =>
  clock.sleep === liveSleep
    ? setTimeout(onTimeout, millis)
    : fork(Effect.andThen(Effect.sleep(millis), Effect.sync(onTimeout)), fiber)

export const cancelTimer = (timer: Timer | undefined): void => {
  if (typeof timer === "function") timer()
  else clearTimeout(timer)
}

/** Whose clock and context a wait uses, such as a call. */
interface Waiting {
  readonly clock: Clock.Clock
  readonly fiber: Fiber
}

/**
 * Runs an effect in a fiber of its own, within a time. The effect is interruptible even if the caller is not, and nothing waits for the
 * end of one that was interrupted. The wait is interruptible where the caller is: the children of an `Effect.race` are interrupted with
 * their parent even where the parent is uninterruptible.
 */
export const within = <A, E, E2>(
  effect: Effect.Effect<A, E>,
  millis: number,
  onTimeout: () => Effect.Effect<A, E2>,
  { clock, fiber }: Waiting
): Effect.Effect<A, E | E2> =>
  Effect.async(resume => {
    let isSettled = false
    let timer: Timer | undefined
    let cancelEffect = () => {}
    const cancel = () => {
      isSettled = true
      cancelTimer(timer)
      cancelEffect()
    }
    const settle = (result: Effect.Effect<A, E | E2>) => {
      if (isSettled) return
      cancel()
      resume(result)
    }
    timer = startTimer(clock, fiber, millis, () => settle(onTimeout()))
    if (!isSettled) {
      cancelEffect = fork(Effect.flatMap(Effect.exit(effect), exit => Effect.sync(() => settle(exit))), fiber)
    }
    return Effect.sync(cancel)
  })

/** Waits for a time, unless another effect ends before. Returns whether it did. */
export const sleepUnless = (other: Effect.Effect<void>, millis: number, waiting: Waiting): Effect.Effect<boolean> =>
  within(Effect.as(other, true), millis, () => Effect.succeed(false), waiting)
