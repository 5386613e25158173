import { RoomSessions } from "@effect-signalwire/core"
import { Effect, Schedule, Stream } from "effect"

/** Whether a session is locked, each time that it is found changed. It is polled every 10 seconds. */
export const locks = (id: string) =>
  Stream.unwrap(
    Effect.map(
      RoomSessions.RoomSessions,
      sessions => sessions.watch(id, { schedule: Schedule.spaced("10 seconds"), patience: "15 minutes" })
    )
  ).pipe(
    Stream.map(({ locked }) => locked === true),
    Stream.changes
  )
