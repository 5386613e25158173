/** The endpoints of room sessions. */
import * as Schema from "effect/Schema"
import * as Endpoint from "../Endpoint.ts"
import * as Page from "../Page.ts"
import { RoomRecording } from "../RoomRecording.ts"
import { RoomSession, RoomSessionId, RoomSessionSummary } from "../RoomSession.ts"
import { RoomSessionEvent } from "../RoomSessionEvent.ts"
import { RoomSessionMember } from "../RoomSessionMember.ts"
import { BadRequest, InternalServerError, NotFound, Unauthorized } from "../SignalWireError.ts"
import { SecondsFromString, Uuid } from "../internal/schema/wire.ts"

/** @see https://signalwire.com/docs/apis/rest/video/room-sessions/get-room-session */
export const get = Endpoint.get("RoomSessions.get", "/room_sessions/:id", {
  operationId: "get-room-session",
  summary: "Get room session",
  description: "Finds a room session by its id. The API token needs the Video scope.",
  result: "The room session.",
  params: { id: RoomSessionId },
  success: RoomSessionSummary,
  errors: {
    400: BadRequest,
    401: Unauthorized,
    404: NotFound,
    500: InternalServerError
  },
  echoes: "id"
})

/** @see https://signalwire.com/docs/apis/rest/video/room-sessions/list-room-sessions */
export const list = Endpoint.get("RoomSessions.list", "/room_sessions", {
  operationId: "list_room_sessions",
  summary: "List room sessions",
  description: "Lists the room sessions of the project, past and in progress. The API token needs the Video scope.",
  result: "A page of room sessions.",
  query: {
    room_id: Uuid,
    room_name: Schema.String,
    room_name_matches: Schema.String,
    status: Schema.Literal("in-progress", "completed").annotations({
      description: "in-progress or completed",
      identifier: "Video.RoomSessionStatus"
    }),
    ...Page.query
  },
  success: Page.of(RoomSession),
  errors: Page.errors,
  isPage: true,
  maxBodyBytes: Page.maxBodyBytes
})

/** @see https://signalwire.com/docs/apis/rest/video/room-sessions/list-room-session-members */
export const members = Endpoint.get("RoomSessions.members", "/room_sessions/:id/members", {
  operationId: "list_room_session_members",
  summary: "List room session members",
  description: "Lists the members of a room session. The API token needs the Video scope.",
  result: "A page of members.",
  params: { id: RoomSessionId },
  query: Page.query,
  success: Page.of(RoomSessionMember),
  errors: Page.errors,
  isPage: true,
  maxBodyBytes: Page.maxBodyBytes
})

/** @see https://signalwire.com/docs/apis/rest/video/room-sessions/list-room-session-events */
export const events = Endpoint.get("RoomSessions.events", "/room_sessions/:id/events", {
  operationId: "list_room_session_events",
  summary: "List room session events",
  description: "Lists the events of a room session. The API token needs the Video scope.",
  result: "A page of events.",
  params: { id: RoomSessionId },
  query: Page.query,
  success: Page.of(RoomSessionEvent),
  errors: Page.errors,
  isPage: true,
  maxBodyBytes: Page.maxBodyBytes
})

/** @see https://signalwire.com/docs/apis/rest/video/room-sessions/list-room-session-recordings */
export const recordings = Endpoint.get("RoomSessions.recordings", "/room_sessions/:id/recordings", {
  operationId: "list_room_session_recordings",
  summary: "List room session recordings",
  description: "Lists the recordings of a room session. The API token needs the Video scope.",
  result: "A page of recordings.",
  params: { id: RoomSessionId },
  query: { media_ttl: SecondsFromString, ...Page.query },
  success: Page.of(RoomRecording),
  errors: Page.errors,
  isPage: true,
  maxBodyBytes: Page.maxBodyBytes
})
