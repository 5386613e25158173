import { RoomSession, RoomSessions } from "@effect-signalwire/core"
import { Effect, Schema } from "effect"

/** Before the boundary: the JSON of the service, which has only plain objects and strings. */
export const encodedSession = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
    Effect.flatMap(Schema.encode(RoomSession.RoomSessionSummary))
  )

/** After the boundary: the session, or a `ParseError` for any other value. */
export const decodedSession = Schema.decodeUnknown(RoomSession.RoomSessionSummary)
