import { RoomSessions } from "@effect-signalwire/core"
import { Duration, Effect } from "effect"

/** Waits until a session is completed, at most two hours, and returns its minutes. */
export const minutesWhenCompleted = (id: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const { duration } = yield* sessions.awaitCompleted(id, { timeout: "2 hours" })
    return duration === null ? null : Math.ceil(Duration.toMinutes(duration))
  }).pipe(
    Effect.catchTag("TimeoutException", () => Effect.succeed(null))
  )
