/**
 * The members of room sessions.
 *
 * @since 1.0.0
 */
import * as Schema from "effect/Schema"
import { fieldsOnly } from "./internal/schema/fastPath.ts"
import { Dollars, nullable, Seconds, Timestamp, Uuid } from "./internal/schema/wire.ts"

/**
 * One member of a room session: a stay of a person from joining to leaving. A person that joins again is another member.
 *
 * `null` stands for what is not set, not known, or left out by the service.
 *
 * @see https://signalwire.com/docs/apis/rest/video/room-sessions/list-room-session-members
 * @since 1.0.0
 * @category models
 * @example
 * import { RoomSessionMember } from "@effect-signalwire/core"
 *
 * const isInside = (member: RoomSessionMember.RoomSessionMember): boolean =>
 *   member.join_time !== null && member.leave_time === null
 */
export class RoomSessionMember extends Schema.Class<RoomSessionMember>("Video.RoomSessionMember")({
  /** The id of the member. */
  id: Uuid,
  /** The id of the room session. */
  room_session_id: Uuid,
  /** The name to show to people. */
  name: nullable(Schema.String),
  /** When the member joined. */
  join_time: nullable(Timestamp),
  /** When the member left; null while it is inside. */
  leave_time: nullable(Timestamp),
  /** How long the member stayed, in whole seconds. */
  duration: nullable(Seconds),
  /** The cost of the member in US dollars. */
  cost_in_dollars: nullable(Dollars)
}, { [fieldsOnly]: (): unknown => RoomSessionMember }) {
  /** The form that the service sends, which `Schema.decode(RoomSessionMember)` decodes. */
  toJSON(): typeof RoomSessionMember.Encoded {
    return Schema.encodeSync(RoomSessionMember)(this)
  }
}
