import { RoomSessions } from "@effect-signalwire/core"
import { Duration, Effect } from "effect"

/** The minutes of a completed session. Null while it is in progress, and where there is no session. */
export const minutesOf = (id: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const { duration, status } = yield* sessions.get(id)
    return status === "completed" && duration !== null ? Math.ceil(Duration.toMinutes(duration)) : null
  }).pipe(
    Effect.catchTag("SignalWireNotFound", () => Effect.succeed(null))
  )
