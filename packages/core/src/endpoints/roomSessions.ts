/** The endpoints of room sessions. */
import * as Endpoint from "../Endpoint.ts"
import { RoomSessionId, RoomSessionSummary } from "../RoomSession.ts"
import { BadRequest, InternalServerError, NotFound, Unauthorized } from "../SignalWireError.ts"

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
