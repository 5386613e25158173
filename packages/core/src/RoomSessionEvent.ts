/**
 * The events of room sessions and of recordings.
 *
 * @since 1.0.0
 */
import * as Schema from "effect/Schema"
import { fieldsOnly } from "./internal/schema/fastPath.ts"
import { nullable, Timestamp, Uuid } from "./internal/schema/wire.ts"

/**
 * One entry of the log of a room session.
 *
 * @see https://signalwire.com/docs/apis/rest/video/room-sessions/list-room-session-events
 * @since 1.0.0
 * @category models
 */
export class RoomSessionEvent extends Schema.Class<RoomSessionEvent>("Video.RoomSessionEvent")({
  /** The id of the event. */
  id: Uuid,
  /** The id of the project. */
  project_id: nullable(Uuid),
  /** The id of the room. */
  room_id: nullable(Uuid),
  /** The id of the room session. */
  room_session_id: nullable(Uuid),
  /** The id of the recording that the event is about; null for every other event. */
  room_recording_id: nullable(Uuid),
  /** The id of the member that the event is about; null for every other event. */
  room_participant_id: nullable(Uuid),
  /** The severity, such as `info`; an open set of names. */
  level: Schema.String,
  /** The name, such as `room.started`; an open set of names. */
  name: Schema.String,
  /** What the service adds to an event of this name, as JSON. */
  payload: Schema.Record({ key: Schema.String, value: Schema.Unknown }),
  /** When the event happened. */
  created_at: Timestamp
}, { [fieldsOnly]: (): unknown => RoomSessionEvent }) {
  /** The form that the service sends, which `Schema.decode(RoomSessionEvent)` decodes. */
  toJSON(): typeof RoomSessionEvent.Encoded {
    return Schema.encodeSync(RoomSessionEvent)(this)
  }
}
