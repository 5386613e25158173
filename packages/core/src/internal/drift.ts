/** Tells of fields that could not be read and count as null: in the log, as a metric, and to the application. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

/** A field of one response that could not be read and is null instead. */
export interface Drift {
  /** Such as `RoomSessions.get`. */
  readonly operation: string
  /** Where it is in the body, such as `duration`. */
  readonly path: string
  /** What should have been there, such as "a whole number of seconds, at least 0, or null". */
  readonly expected: string
  /** The id under which the vendor's support finds the request, when one was sent. */
  readonly requestId?: string
}

export type OnDrift = (drift: Drift) => Effect.Effect<void>

const counter = Metric.counter("signalwire_decoding_drift", {
  description: "Fields of responses that could not be read and are null instead",
  incremental: true
})

/** The application's own part may be slow or broken: the call that it concerns has its result, and its deadline. */
const within = (report: Effect.Effect<void>, timeLeft: Duration.DurationInput): Effect.Effect<void> =>
  Effect.disconnect(Effect.interruptible(report)).pipe(
    Effect.timeoutOption(timeLeft),
    Effect.catchAllDefect(() => Effect.logWarning("signalwire: onDrift died")),
    Effect.asVoid
  )

export const report = (
  drift: Drift,
  onDrift: OnDrift | undefined,
  timeLeft: Duration.DurationInput
): Effect.Effect<void> =>
  Effect.logWarning(`${drift.operation}: ${drift.path} is not as documented and is null: expected ${drift.expected}`)
    .pipe(
      Effect.zipRight(Metric.increment(
        Metric.tagged(Metric.tagged(counter, "operation", drift.operation), "path", drift.path)
      )),
      Effect.zipRight(onDrift === undefined ? Effect.void : within(Effect.suspend(() => onDrift(drift)), timeLeft))
    )
