/** Timers that use Effect's `Clock`, and fibers that run on behalf of a call. */
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"

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

const live = Clock.make()

// they are only compared, so their `this` does not matter
// oxlint-disable-next-line typescript/unbound-method
const { sleep: liveSleep, unsafeCurrentTimeNanos: liveNanos } = live

/** Whether a clock is Effect's own. */
export const isLive = (clock: Clock.Clock): boolean => clock.sleep === liveSleep

/** Milliseconds of a monotonic clock. Effect's own clock allocates three BigInts for each reading. */
export const monotonicMillis = (clock: Clock.Clock): number =>
  clock.unsafeCurrentTimeNanos === liveNanos ? performance.now() : Number(clock.unsafeCurrentTimeNanos()) / 1e6

/** A timer of the environment, or the function that cancels a timer of another clock. */
export type Timer = ReturnType<typeof setTimeout> | (() => void)

/**
 * Starts a timer. Effect's own clock sleeps with `setTimeout`, so this does the same: it saves the two fibers of an
 * `Effect.timeout`, which cost more than the rest of a request. With any other clock, such as `TestClock`, it calls `sleep`.
 *
 * @param onTimeout is called with `argument`, so that it needs no closure, which each waiting call would retain
 */
export const setTimer = <A>(
  clock: Clock.Clock,
  fiber: Fiber,
  millis: number,
  onTimeout: (argument: A) => void,
  argument: A
): Timer =>
  isLive(clock)
    ? setTimeout(onTimeout, millis, argument)
    : fork(Effect.andThen(Effect.sleep(millis), Effect.sync(() => onTimeout(argument))), fiber)

export const clearTimer = (timer: Timer | undefined): void => {
  if (typeof timer === "function") timer()
  else clearTimeout(timer)
}

/** Starts a timer, and returns the function that cancels it. */
export const startTimer = (clock: Clock.Clock, fiber: Fiber, millis: number, onTimeout: () => void): () => void => {
  const timer = setTimer(clock, fiber, millis, onTimeout, undefined)
  return () => clearTimer(timer)
}
