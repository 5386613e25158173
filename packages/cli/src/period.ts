/** The period of `--since` and `--until`. The service has no filter by time, so a command selects from the pages that it reads. */
import type { RoomSession } from "@effect-signalwire/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { CommandError } from "./CommandError.ts"
import type { Time } from "./options.ts"
import * as report from "./report.ts"

export interface Options {
  readonly since: Time | undefined
  readonly until: Time | undefined
}

export interface Period {
  /** Inclusive. */
  readonly from?: DateTime.Utc | undefined
  /** Exclusive. */
  readonly until?: DateTime.Utc | undefined
}

/** The period of the options. An age is counted from now. */
export const make = ({ since, until }: Options): Effect.Effect<Period> =>
  Effect.map(DateTime.now, now => {
    const dateTimeOf = (time: Time): DateTime.Utc =>
      "dateTime" in time ? time.dateTime : DateTime.subtractDuration(now, time.age)
    return {
      ...(since === undefined ? {} : { from: dateTimeOf(since) }),
      ...(until === undefined ? {} : { until: dateTimeOf(until) })
    }
  })

/**
 * Makes the function that tells whether a session started in the period. The time of a session that has not started is that of its record.
 * Fails for a period that contains no time.
 */
export const filterOf = (
  { from, until }: Period
): Effect.Effect<(session: RoomSession.RoomSession) => boolean, CommandError> => {
  if (from === undefined && until === undefined) return Effect.succeed(() => true)
  if (from !== undefined && until !== undefined && DateTime.greaterThanOrEqualTo(from, until)) {
    return report.ofUsage(
      `--since must be before --until: it is ${DateTime.formatIso(from)}, and not before ${DateTime.formatIso(until)}.`
    )
  }
  return Effect.succeed(({ created_at, start_time }) => {
    const start = start_time ?? created_at
    return start !== null &&
      (from === undefined || DateTime.greaterThanOrEqualTo(start, from)) &&
      (until === undefined || DateTime.lessThan(start, until))
  })
}
