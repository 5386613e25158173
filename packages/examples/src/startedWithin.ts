import { RoomSessions } from "@effect-signalwire/core"
import { DateTime, type Duration, Effect, Stream } from "effect"

/** The sessions that started within this time before now, in any order. It reads all pages. A `start_time` of null is a session that has not started. */
export const startedWithin = (time: Duration.DurationInput) =>
  Stream.unwrap(
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      const since = DateTime.subtractDuration(yield* DateTime.now, time)
      return sessions.list({ page_size: 1000, distinct: true }).pipe(
        Stream.filter(({ start_time }) => start_time !== null && DateTime.greaterThanOrEqualTo(start_time, since))
      )
    })
  )
