/**
 * How late the event loop is. A bound in milliseconds holds for the library, and not for the machine that runs it: the time in
 * which this process got no CPU, or was busy with other work, is measured and added to the bound. A call that hangs leaves the
 * loop idle, and so adds nothing to its own bound.
 */
import { Effect } from "effect"
import assert from "node:assert"
import process from "node:process"
import { until } from "./until.ts"

/** Milliseconds between two readings of the clock. */
const interval = 10

/** In milliseconds: timers of Node are whole milliseconds, so that a timer this late is not late. */
const precision = 1

/** How long a call may take beyond its bound on an idle machine. */
export const graceMillis = 250

export interface Elapsed {
  readonly millis: number
  /** For how much of it the event loop was late, in milliseconds. */
  readonly lagMillis: number
}

export interface ElapsedWithCpu extends Elapsed {
  /** The CPU time of this process meanwhile, in milliseconds: work that blocks the event loop is lag as well. */
  readonly cpuMillis: number
}

export interface Meter {
  readonly read: () => Elapsed
  readonly stop: () => void
}

/** Reads the clock at an interval: as late as its timer is, everything else in this process is. */
export const start = (): Meter => {
  const started = performance.now()
  let due = started + interval
  let lagMillis = 0
  const lateAt = (now: number) => Math.max(0, now - due - precision)
  const readClock = () => {
    const now = performance.now()
    lagMillis += lateAt(now)
    due = now + interval
    timer = setTimeout(readClock, interval).unref()
  }
  // an unreferenced timer is no leak of the test
  let timer = setTimeout(readClock, interval).unref()
  return {
    read: () => {
      const now = performance.now()
      // includes the present delay, since the timer may be due after what is measured
      return { millis: now - started, lagMillis: lagMillis + lateAt(now) }
    },
    stop: () => clearTimeout(timer)
  }
}

/** Measures the time that an effect takes, for how much of it the event loop was late, and the CPU time. */
export const during = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<ElapsedWithCpu & { readonly value: A }, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => ({ meter: start(), cpu: process.cpuUsage() })),
    ({ cpu, meter }) =>
      Effect.map(effect, value => {
        const { system, user } = process.cpuUsage(cpu)
        return { value, ...meter.read(), cpuMillis: (user + system) / 1000 }
      }),
    ({ meter }) => Effect.sync(meter.stop)
  )

/** Whether a condition becomes true within `millis` in which the event loop is not late. */
export const becomes = (holds: () => boolean, millis: number): Effect.Effect<boolean> =>
  Effect.acquireUseRelease(
    Effect.sync(start),
    meter => {
      const isInTime = () => {
        const elapsed = meter.read()
        return elapsed.millis - elapsed.lagMillis < millis
      }
      return Effect.map(until(() => holds() || !isInTime()), holds)
    },
    meter => Effect.sync(meter.stop)
  )

/** Fails where something took longer than its bound, the lag of the event loop and `grace` milliseconds together. */
export const assertWithin = (
  { lagMillis, millis }: Pick<Elapsed, "lagMillis" | "millis">,
  boundMillis: number,
  where: string,
  grace = graceMillis
): void =>
  assert.ok(
    millis <= boundMillis + grace + lagMillis,
    `${where}: ${millis} ms, where ${boundMillis} ms, ${grace} ms of grace and ${lagMillis} ms of lag are allowed`
  )

export const block = (millis: number): void => {
  const started = performance.now()
  while (performance.now() - started < millis);
}
