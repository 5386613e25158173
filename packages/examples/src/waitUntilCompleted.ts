import { type RoomSession, RoomSessions } from "@effect-signalwire/core"
import { Effect, Schedule } from "effect"

const everyTenSeconds = Schedule.spaced("10 seconds")

const untilCompleted = Schedule.recurUntil((session: RoomSession.RoomSessionSummary) => session.status === "completed")
  .pipe(Schedule.addDelay(() => "10 seconds"))

/** Looks every 10 seconds until a session is over. A look that fails for a while is no reason to give up. */
export const waitUntilCompleted = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions =>
    sessions.get(id).pipe(
      Effect.retry({ while: failure => failure.isRetryable, schedule: everyTenSeconds }),
      Effect.repeat(untilCompleted)
    ))
