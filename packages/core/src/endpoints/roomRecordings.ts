/** The endpoints of recordings. */
import * as Endpoint from "../Endpoint.ts"
import * as Page from "../Page.ts"
import { RoomRecording, RoomRecordingId } from "../RoomRecording.ts"
import { RoomSessionEvent } from "../RoomSessionEvent.ts"
import { BadRequest, InternalServerError, NotFound, Unauthorized, UnprocessableContent } from "../SignalWireError.ts"
import { SecondsFromString } from "../internal/schema/wire.ts"

/** @see https://signalwire.com/docs/apis/rest/video/room-recordings/get-room-recording */
export const get = Endpoint.get("RoomRecordings.get", "/room_recordings/:id", {
  operationId: "get_room_recording",
  summary: "Get room recording",
  description: "Finds a recording by its id. The API token needs the Video scope.",
  result: "The recording.",
  params: { id: RoomRecordingId },
  query: { media_ttl: SecondsFromString },
  success: RoomRecording,
  errors: {
    400: BadRequest,
    401: Unauthorized,
    404: NotFound,
    422: UnprocessableContent,
    500: InternalServerError
  },
  echoes: "id"
})

/** @see https://signalwire.com/docs/apis/rest/video/room-recordings/list-room-recordings */
export const list = Endpoint.get("RoomRecordings.list", "/room_recordings", {
  operationId: "list_room_recordings",
  summary: "List room recordings",
  description: "Lists the recordings of the project. The API token needs the Video scope.",
  result: "A page of recordings.",
  query: { media_ttl: SecondsFromString, ...Page.query },
  success: Page.of(RoomRecording),
  errors: Page.errors,
  isPage: true,
  maxBodyBytes: Page.maxBodyBytes
})

/** @see https://signalwire.com/docs/apis/rest/video/room-recordings/list-room-recording-events */
export const events = Endpoint.get("RoomRecordings.events", "/room_recordings/:id/events", {
  operationId: "list_room_recording_events",
  summary: "List room recording events",
  description: "Lists the events of a recording. The API token needs the Video scope.",
  result: "A page of events.",
  params: { id: RoomRecordingId },
  query: Page.query,
  success: Page.of(RoomSessionEvent),
  errors: Page.errors,
  isPage: true,
  maxBodyBytes: Page.maxBodyBytes
})
