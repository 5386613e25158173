import { type RoomSession, RoomSessions } from "@effect-signalwire/core"
import { Effect, Schedule } from "effect"

const everyTenSeconds = Schedule.spaced("10 seconds")

const untilCompleted = Schedule.recurUntil((session: RoomSession.RoomSessionSummary) => session.status === "completed")
  .pipe(Schedule.addDelay(() => "10 seconds"))

/** Polls every 10 seconds until a session has ended. An outage of the service is no reason to stop. */
export const waitUntilCompleted = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions =>
    sessions.get(id).pipe(
      Effect.retry({
        while: error => error.isRetryable || error._tag === "SignalWireRequestTimeout",
        schedule: everyTenSeconds
      }),
      Effect.repeat(untilCompleted)
    ))
