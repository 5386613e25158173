/**
 * The recordings of room sessions.
 *
 * @since 1.0.0
 */
import * as Schema from "effect/Schema"
import { fieldsOnly } from "./internal/schema/fastPath.ts"
import { Dollars, nullable, openEnum, Seconds, Timestamp, Uuid } from "./internal/schema/wire.ts"

/**
 * The id of a recording: a UUID.
 *
 * @since 1.0.0
 * @category ids
 */
export const RoomRecordingId = Uuid.pipe(Schema.brand("RoomRecordingId"))

/**
 * The id of a recording, as `RoomRecordingId.make` gives it.
 *
 * @since 1.0.0
 * @category ids
 */
export type RoomRecordingId = typeof RoomRecordingId.Type

/**
 * The state of a recording: `"recording"`, `"paused"`, `"processing"`, `"completed"`, or a value that is not known yet.
 *
 * @since 1.0.0
 * @category enums
 */
export const RoomRecordingStatus = openEnum("Video.RoomRecordingStatus", [
  "recording",
  "paused",
  "processing",
  "completed"
])

/**
 * The state of a recording, in memory.
 *
 * @since 1.0.0
 * @category enums
 */
export type RoomRecordingStatus = typeof RoomRecordingStatus.Type

/**
 * One recording of a room session.
 *
 * `null` stands for what is not set, not known, or left out by the service.
 *
 * @see https://signalwire.com/docs/apis/rest/video/room-recordings/get-room-recording
 * @since 1.0.0
 * @category models
 */
export class RoomRecording extends Schema.Class<RoomRecording>("Video.RoomRecording")({
  /** The id of the recording. */
  id: RoomRecordingId,
  /** The id of the room session. */
  room_session_id: Uuid,
  /** The state of the recording. */
  status: nullable(RoomRecordingStatus),
  /** When the recording started. */
  started_at: nullable(Timestamp),
  /** When the recording ended; null while it is in progress. */
  finished_at: nullable(Timestamp),
  /** The length of the recording, in whole seconds. */
  duration: nullable(Seconds),
  /** The size of the file, in bytes. */
  size_in_bytes: nullable(Schema.Int),
  /** The media type of the file, such as `video/mp4`. */
  format: nullable(Schema.String),
  /** The cost of the recording in US dollars. */
  cost_in_dollars: nullable(Dollars),
  /**
   * The URL of the file, on a host of its own.
   *
   * Whoever has it can download the file until it expires, 15 minutes after the response by default: treat it as a secret.
   */
  uri: nullable(Schema.String),
  /** When the service created its record of the recording. */
  created_at: nullable(Timestamp),
  /** When the service last changed its record of the recording. */
  updated_at: nullable(Timestamp)
}, { [fieldsOnly]: (): unknown => RoomRecording }) {
  /** The form that the service sends, which `Schema.decode(RoomRecording)` decodes. */
  toJSON(): typeof RoomRecording.Encoded {
    return Schema.encodeSync(RoomRecording)(this)
  }
}
