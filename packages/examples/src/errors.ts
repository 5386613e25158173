import { RoomSessions } from "@effect-signalwire/core"
import { Duration, Effect } from "effect"

/** The text of an invoice for a session. The errors that it does not handle remain in its type. */
export const billedMinutes = (id: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const { duration, end_time, status } = yield* sessions.get(id)
    // a session in progress has a duration too: the time since its start
    if (status !== "completed" && end_time === null) return "open"
    return duration === null ? "not known yet" : `${Math.ceil(Duration.toMinutes(duration))} min`
  }).pipe(
    Effect.catchTags({
      SignalWireNotFound: () => Effect.succeed("unknown"),
      SignalWireInvalidRequest: () => Effect.succeed("unknown"),
      SignalWireRateLimited: ({ retryAfter = Duration.minutes(1) }) =>
        Effect.succeed(`retry in ${Math.ceil(Duration.toSeconds(retryAfter))} s`)
    })
  )
