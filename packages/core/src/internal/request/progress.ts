/** The time that a call has taken and has left, and the fields that each of its errors has. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import type { Call } from "./call.ts"

/** The fields of a call that each of its errors has. */
export interface Progress {
  readonly operation: string
  readonly attempts: number
  readonly requestsSent: number
  readonly elapsed: Duration.Duration
}

/** Milliseconds of a monotonic clock. */
export const monotonicMillis = (clock: Clock.Clock): number => Number(clock.unsafeCurrentTimeNanos()) / 1e6

export const elapsedMillis = (call: Call): number => monotonicMillis(call.clock) - call.startMillis

/** Milliseconds until the deadline. */
export const leftMillis = (call: Call): number => call.deadlineMillis - elapsedMillis(call)

export const progress = (call: Call, attempts: number): Progress => ({
  operation: call.compiled.name,
  attempts,
  requestsSent: call.requestsSent,
  elapsed: Duration.millis(Math.round(elapsedMillis(call)))
})
