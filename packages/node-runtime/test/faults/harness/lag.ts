/**
 * How late the event loop is. A bound in milliseconds is a promise of the library, and not of the machine that runs it: the
 * time in which this process got no CPU, or was busy with other work, is measured and added to the bound. A call that hangs
 * leaves the loop idle, and so adds nothing to its own bound.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { until } from "./until.ts"

/** Milliseconds between two looks at the clock. */
const interval = 10

/** Timers of Node are whole milliseconds: so much is no delay. */
const precision = 1

/** How long a call may take beyond its bound on an idle machine. */
export const graceMillis = 250

export interface Elapsed {
  readonly millis: number
  /** How much of it the event loop was late, in milliseconds. */
  readonly lagMillis: number
}

export interface Meter {
  readonly read: () => Elapsed
  readonly stop: () => void
}

/** Looks at the clock again and again: what a timer is late, everything else in this process is late. */
export const start = (): Meter => {
  const begun = performance.now()
  let due = begun + interval
  let lagMillis = 0
  const lateAt = (now: number) => Math.max(0, now - due - precision)
  const look = () => {
    const now = performance.now()
    lagMillis += lateAt(now)
    due = now + interval
    timer = setTimeout(look, interval).unref()
  }
  // not one of the timers that are looked for when a test is over
  let timer = setTimeout(look, interval).unref()
  return {
    read: () => {
      const now = performance.now()
      // the present delay included, since the timer may be due after what is measured
      return { millis: now - begun, lagMillis: lagMillis + lateAt(now) }
    },
    stop: () => clearTimeout(timer)
  }
}

/** Measures the time that an effect takes, and how much of it the event loop was late. */
export const during = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<Elapsed & { readonly value: A }, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(start),
    meter => Effect.map(effect, value => ({ value, ...meter.read() })),
    meter => Effect.sync(meter.stop)
  )

/** Waits for what must become so within `millis` in which the event loop was not late; tells whether it has. */
export const becomes = (isSo: () => boolean, millis: number): Effect.Effect<boolean> =>
  Effect.acquireUseRelease(
    Effect.sync(start),
    meter => {
      const isTime = () => {
        const elapsed = meter.read()
        return elapsed.millis - elapsed.lagMillis < millis
      }
      return Effect.map(until(() => isSo() || !isTime()), isSo)
    },
    meter => Effect.sync(meter.stop)
  )

/** Fails when something took longer than its bound, the lag of the event loop and `grace` milliseconds. */
export const assertWithin = (
  { lagMillis, millis }: Elapsed,
  boundMillis: number,
  where: string,
  grace = graceMillis
): void =>
  assert.isAtMost(
    millis,
    boundMillis + grace + lagMillis,
    `${where}: within ${boundMillis} ms, ${grace} ms of grace and ${Math.round(lagMillis)} ms of lag`
  )
