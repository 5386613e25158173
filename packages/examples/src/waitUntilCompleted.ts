import { type RoomSession, RoomSessions } from "@effect-signalwire/core"
import { Effect, Schedule } from "effect"

const everyTenSeconds = Schedule.spaced("10 seconds")

const isCompleted = ({ end_time, status }: RoomSession.RoomSessionSummary) =>
  status === "completed" || end_time !== null

const untilCompleted = Schedule.recurUntil(isCompleted).pipe(Schedule.addDelay(() => "10 seconds"))

/** Polls every 10 seconds until a session is completed, and continues during an outage of the service. */
export const waitUntilCompleted = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions =>
    sessions.get(id).pipe(
      Effect.retry({
        while: error => error.isRetryable || error._tag === "SignalWireRequestTimeout",
        schedule: everyTenSeconds
      }),
      Effect.repeat(untilCompleted)
    ))
