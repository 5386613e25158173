/**
 * The models of room sessions. They decode the forms that the service sends to one form in memory.
 *
 * @since 1.0.0
 */
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"
import { type FastPath, fastPath, fieldsOnly } from "./internal/schema/fastPath.ts"
import { Dollars, nullable, openEnum, Seconds, Timestamp, Uuid } from "./internal/schema/wire.ts"

/**
 * The id of a room session: a UUID.
 *
 * @since 1.0.0
 * @category ids
 * @example
 * import { RoomSession } from "@effect-signalwire/core"
 *
 * const id = RoomSession.RoomSessionId.make("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
 */
export const RoomSessionId = Uuid.pipe(Schema.brand("RoomSessionId"))

/**
 * The id of a room session, as `RoomSessionId.make` returns it.
 *
 * @since 1.0.0
 * @category ids
 */
export type RoomSessionId = typeof RoomSessionId.Type

/**
 * A value of a documented enumeration that this version does not know, as received. It is the type that remains after
 * all known literals are matched. Without it, a new value of the vendor would make whole sessions undecodable.
 *
 * @since 1.0.0
 * @category enums
 * @example
 * import { RoomSession } from "@effect-signalwire/core"
 *
 * const label = (status: RoomSession.RoomSessionStatus): string => {
 *   switch (status) {
 *     case "in-progress":
 *       return "in progress"
 *     case "completed":
 *       return "completed"
 *     default: // RoomSession.Unrecognized
 *       return `unknown (${status})`
 *   }
 * }
 */
export type Unrecognized = string & Brand.Brand<"Unrecognized">

/**
 * The resolution of a session's video: `"720p"`, `"1080p"`, or a value that is not known yet.
 *
 * @since 1.0.0
 * @category enums
 * @example
 * import type { RoomSession } from "@effect-signalwire/core"
 *
 * const isFullHd = ({ quality }: RoomSession.RoomSessionSummary): boolean => quality === "1080p"
 */
export const VideoQuality = openEnum("Video.VideoQuality", ["720p", "1080p"])

/**
 * The resolution of a session's video, in memory.
 *
 * @since 1.0.0
 * @category enums
 */
export type VideoQuality = typeof VideoQuality.Type

const KnownFps = openEnum("Video.VideoFps", ["20", "30"])

/** The inverse of `String` for strings that are numbers. */
const toNumber = (fps: string): string | number =>
  String(Number(fps)) === fps && Number.isFinite(Number(fps)) ? Number(fps) : fps

/**
 * The frames per second of a session's video: `"20"`, `"30"`, or a value that is not known yet.
 *
 * It is a string in memory. The contract documents a string and the service sends a number: both decode, and it encodes
 * to a number.
 *
 * @since 1.0.0
 * @category enums
 */
export const VideoFps = Schema.transform(
  Schema.Union(Schema.String, Schema.JsonNumber),
  Schema.typeSchema(KnownFps),
  { strict: false, decode: String, encode: toNumber }
).annotations({
  [fastPath]: "stringOrNumber" satisfies FastPath,
  description: "a string or a number",
  identifier: "Video.VideoFps",
  jsonSchema: { type: ["number", "string"], examples: [20, 30] }
})

/**
 * The frames per second of a session's video, in memory.
 *
 * @since 1.0.0
 * @category enums
 */
export type VideoFps = typeof VideoFps.Type

/**
 * Whether a session is in progress: `"in-progress"`, `"completed"`, or a value that is not known yet.
 *
 * @since 1.0.0
 * @category enums
 */
export const RoomSessionStatus = openEnum("Video.RoomSessionStatus", ["in-progress", "completed"])

/**
 * Whether a session is in progress, in memory.
 *
 * @since 1.0.0
 * @category enums
 */
export type RoomSessionStatus = typeof RoomSessionStatus.Type

const Integer = Schema.Int.annotations({ description: "a whole number" })

/** Nullable, though the contract says that it is never null: old sessions do not have it. */
const Flag = nullable(Schema.Boolean)

/** Nullable, though the contract says that it is never null: the service did not always send it. */
const RecordTime = nullable(Timestamp)

/**
 * One room session, as `RoomSessions.get` returns it. The field names are the vendor's.
 *
 * Each value has all 26 fields. Date-times are `DateTime.Utc` with milliseconds; numbers of seconds are `Duration`.
 * `null` means not set, not known, or not sent by the service. Unknown keys are ignored.
 *
 * `status` and `end_time` show whether a session is in progress. `duration` does not: for a session in progress it is
 * the time since its start.
 *
 * Encoding and `JSON.stringify` give the form that the service sends: all 26 keys, date-times in UTC, durations in whole
 * seconds, `fps` as a number.
 *
 * @see https://signalwire.com/docs/apis/rest/video/room-sessions/get-room-session
 * @since 1.0.0
 * @category models
 * @example
 * import { RoomSession } from "@effect-signalwire/core"
 * import { Duration } from "effect"
 *
 * const minutes = (session: RoomSession.RoomSessionSummary): number =>
 *   session.status !== "completed" || session.duration === null ? 0 : Duration.toMinutes(session.duration)
 */
export class RoomSessionSummary extends Schema.Class<RoomSessionSummary>("Video.RoomSessionSummary")({
  /** The id of the session. */
  id: RoomSessionId,
  /**
   * The id of the room that the session was started from; null when it was started without a room, or when the room was
   * deleted.
   */
  room_id: nullable(Uuid),
  /** The name that addresses the room. */
  name: nullable(Schema.String),
  /** The name that users see, at most 200 characters. */
  display_name: nullable(Schema.String),
  /** The maximum number of members at the same time. */
  max_members: nullable(Integer),
  /** The resolution of the video. */
  quality: nullable(VideoQuality),
  /**
   * The frames per second of the video.
   *
   * Always a string, though the service sends a number.
   */
  fps: nullable(VideoFps),
  /** The time from which members can join. */
  join_from: nullable(Timestamp),
  /** The time until which members can join. */
  join_until: nullable(Timestamp),
  /** The time at which all members are removed. */
  remove_at: nullable(Timestamp),
  /** The maximum time that a member can stay, in whole seconds. */
  remove_after_seconds_elapsed: nullable(Seconds),
  /** The layout at the start, such as `grid-responsive`; the set of names is open. */
  layout: nullable(Schema.String),
  /** Whether a recording starts with the session. */
  record_on_start: Schema.Boolean,
  /**
   * Whether a tone is played when a member enters or leaves.
   *
   * Null in sessions of 2021, where the service does not send it.
   */
  tone_on_entry_and_exit: Flag,
  /**
   * Whether the room makes members join with their video off.
   *
   * Null in sessions of 2021, where the service does not send it.
   */
  room_join_video_off: Flag,
  /**
   * Whether the user's settings make members join with their video off.
   *
   * Null in sessions of 2021, where the service does not send it.
   */
  user_join_video_off: Flag,
  /**
   * Whether the session is closed to new members.
   *
   * Null in sessions of 2021, where the service does not send it.
   */
  locked: Flag,
  /** When the session started. */
  start_time: nullable(Timestamp),
  /** When the session ended; null while it is in progress. */
  end_time: nullable(Timestamp),
  /** The time from start to end, or since the start while the session is in progress, in whole seconds. */
  duration: nullable(Seconds),
  /** Whether the session is in progress or completed. */
  status: nullable(RoomSessionStatus),
  /**
   * When the service created its record of the session.
   *
   * Null where the service does not send it, as before February 2026.
   */
  created_at: RecordTime,
  /**
   * When the service last changed its record of the session.
   *
   * Null where the service does not send it, as before February 2026.
   */
  updated_at: RecordTime,
  /** The URL of an animated preview, which is refreshed about twice a minute; null when previews are off. */
  preview_url: nullable(Schema.String),
  /** Whether members with a raised hand come first in the layout. */
  prioritize_handraise: nullable(Schema.Boolean),
  /** Whether the jitter buffer synchronizes audio and video. */
  sync_audio_video: nullable(Schema.Boolean)
}, { [fieldsOnly]: (): unknown => RoomSessionSummary }) {
  /** Encodes the session to the form that the service sends, which `Schema.decode(RoomSessionSummary)` decodes. */
  toJSON(): typeof RoomSessionSummary.Encoded {
    return Schema.encodeSync(RoomSessionSummary)(this)
  }
}

/**
 * One room session, as `RoomSessions.list` returns it: the fields of `RoomSessionSummary`, and three more.
 *
 * Everything that is said of `RoomSessionSummary` holds for it: 29 fields, `null` for what is not set, not known, or left out by the service.
 *
 * @see https://signalwire.com/docs/apis/rest/video/room-sessions/list-room-sessions
 * @since 1.0.0
 * @category models
 * @example
 * import { RoomSession } from "@effect-signalwire/core"
 * import { BigDecimal } from "effect"
 *
 * const cost = (session: RoomSession.RoomSession): string =>
 *   session.cost_in_dollars === null ? "unknown" : BigDecimal.format(session.cost_in_dollars)
 */
export class RoomSession extends Schema.Class<RoomSession>("Video.RoomSession")({
  ...RoomSessionSummary.fields,
  /**
   * The cost of the session in US dollars.
   *
   * A decimal number: 0.05 is exactly 0.05.
   */
  cost_in_dollars: nullable(Dollars),
  /** Whether the service makes previews of the session. */
  enable_room_previews: Flag,
  /** The URL of the picture that is shown while the session is locked. */
  locked_cover: nullable(Schema.String)
}, { [fieldsOnly]: (): unknown => RoomSession }) {
  /** The form that the service sends, which `Schema.decode(RoomSession)` decodes. */
  toJSON(): typeof RoomSession.Encoded {
    return Schema.encodeSync(RoomSession)(this)
  }
}
