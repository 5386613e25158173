import { RoomSessions } from "@effect-signalwire/core"
import { Effect, Stream } from "effect"

const toLine = RoomSessions.SessionChange.$match({
  Started: ({ session }) => `${session.display_name ?? session.id} started`,
  Changed: ({ session }) => `${session.display_name ?? session.id} changed`,
  Ended: ({ session }) => `${session.display_name ?? session.id} ended`
})

/** A line for each change of a session in progress. */
export const liveSessions = Stream.unwrap(
  Effect.map(RoomSessions.RoomSessions, sessions => Stream.map(sessions.watchAll(), toLine))
)
