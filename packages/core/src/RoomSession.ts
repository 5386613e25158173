/**
 * What SignalWire Video tells about a room session: lenient on the wire, exact in memory.
 *
 * @since 1.0.0
 */
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"
import { type FastPath, fastPath, isFields } from "./internal/schema/fastPath.ts"
import { nullable, Seconds, Timestamp } from "./internal/schema/wire.ts"

/**
 * The id of one room session: a UUID.
 *
 * @since 1.0.0
 * @category ids
 * @example
 * import { RoomSession } from "@effect-signalwire/core"
 *
 * const id = RoomSession.RoomSessionId.make("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
 */
export const RoomSessionId = Schema.UUID.pipe(
  Schema.annotations({ description: "a UUID" }),
  Schema.brand("RoomSessionId")
)

/**
 * @since 1.0.0
 * @category ids
 */
export type RoomSessionId = typeof RoomSessionId.Type

/**
 * A value of a documented enumeration that this version does not know. It is kept as it arrived, so that one new value
 * at the vendor does not fail a whole session; after matching the known literals, it is the one case that is left.
 *
 * @since 1.0.0
 * @category enums
 */
export type Unrecognized = string & Brand.Brand<"Unrecognized">

const openEnum = <const Known extends readonly [string, ...ReadonlyArray<string>]>(identifier: string, known: Known) =>
  Schema.Union(
    Schema.Literal(...known),
    Schema.String.pipe(Schema.filter(value => !known.includes(value)), Schema.brand("Unrecognized"))
  ).annotations({
    [fastPath]: "anyString" satisfies FastPath,
    identifier,
    description: "a string",
    jsonSchema: { type: "string", enum: known }
  })

/**
 * The resolution of a session's video: `"720p"`, `"1080p"`, or a value not known yet.
 *
 * @since 1.0.0
 * @category enums
 */
export const VideoQuality = openEnum("Video.VideoQuality", ["720p", "1080p"])

/**
 * @since 1.0.0
 * @category enums
 */
export type VideoQuality = typeof VideoQuality.Type

const KnownFps = openEnum("Video.VideoFps", ["20", "30"])

/** What `String` makes of a number, as that number. */
const toNumber = (fps: string): string | number =>
  String(Number(fps)) === fps && Number.isFinite(Number(fps)) ? Number(fps) : fps

/**
 * Frames per second of a session's video: `"20"`, `"30"`, or a value not known yet. The contract says that it is a string;
 * every body that was seen has a number. Both are read. It is a string in memory, and a number when encoded.
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
  jsonSchema: { type: "string", enum: ["20", "30"] }
})

/**
 * @since 1.0.0
 * @category enums
 */
export type VideoFps = typeof VideoFps.Type

/**
 * Whether a session is in progress: `"in-progress"`, `"completed"`, or a value not known yet.
 *
 * @since 1.0.0
 * @category enums
 */
export const RoomSessionStatus = openEnum("Video.RoomSessionStatus", ["in-progress", "completed"])

/**
 * @since 1.0.0
 * @category enums
 */
export type RoomSessionStatus = typeof RoomSessionStatus.Type

const Uuid = Schema.UUID.annotations({ description: "a UUID" })
const Integer = Schema.Int.annotations({ description: "a whole number" })

/** Sessions of 2021 do not have it. */
const Flag = nullable(Schema.Boolean, { type: "boolean" })

/** Sessions of before February 2026 do not have it. */
const RecordTime = nullable(Timestamp, { type: "string", format: "date-time" })

/**
 * One room session, as the endpoint that finds a session by its id returns it. Field names are the vendor's.
 *
 * Every value has 26 fields. Timestamps are `DateTime.Utc`, second counts are `Duration`; `null` stands for what is not
 * set or not known, and for a key that the service left out. Unknown keys are ignored.
 *
 * `status` and `end_time` say whether a session is in progress. `duration` does not: of a session in progress it is the time so
 * far.
 *
 * Encoding, and so `JSON.stringify`, gives the service's form: all 26 keys, date-times in UTC, durations in whole seconds, `fps` as a
 * number.
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
  /** The session's own id. */
  id: RoomSessionId,
  /** The room it was started from; null when it was started without one, or the room is gone. */
  room_id: nullable(Uuid),
  /** The name that addresses the room. */
  name: nullable(Schema.String),
  /** The name to show to people, at most 200 characters. */
  display_name: nullable(Schema.String),
  /** How many members may be inside at the same time. */
  max_members: nullable(Integer),
  /** Video resolution. */
  quality: nullable(VideoQuality),
  /** Video frames per second, always as a string. */
  fps: nullable(VideoFps),
  /** Nobody can join before this instant. */
  join_from: nullable(Timestamp),
  /** Nobody can join after this instant. */
  join_until: nullable(Timestamp),
  /** Everybody is removed at this instant. */
  remove_at: nullable(Timestamp),
  /** Each member is removed after being inside for this long; whole seconds. */
  remove_after_seconds_elapsed: nullable(Seconds),
  /** The layout it starts with, such as `grid-responsive`; an open set of names. */
  layout: nullable(Schema.String),
  /** Whether recording began by itself when the session began. */
  record_on_start: Schema.Boolean,
  /** Whether a tone is heard when somebody enters or leaves; null where the service does not send it, as in sessions of 2021. */
  tone_on_entry_and_exit: Flag,
  /** Whether the room makes people join with their video off; null where the service does not send it, as in sessions of 2021. */
  room_join_video_off: Flag,
  /** Whether the user's settings make people join with their video off; null where the service does not send it, as in sessions of 2021. */
  user_join_video_off: Flag,
  /** Whether the session is closed to newcomers; null where the service does not send it, as in sessions of 2021. */
  locked: Flag,
  /** When it began. */
  start_time: nullable(Timestamp),
  /** When it ended; null while it is in progress. */
  end_time: nullable(Timestamp),
  /** How long it lasted, or has lasted so far while it is in progress; whole seconds. */
  duration: nullable(Seconds),
  /** Whether it is in progress or completed. */
  status: nullable(RoomSessionStatus),
  /** When the service made its record of it. */
  created_at: RecordTime,
  /** When the service last changed its record of it. */
  updated_at: RecordTime,
  /** An animated picture of what goes on inside, refreshed about twice a minute; null when previews are off. */
  preview_url: nullable(Schema.String),
  /** Whether members who raise a hand come first in the layout. */
  prioritize_handraise: nullable(Schema.Boolean),
  /** Whether audio and video are kept in step by the jitter buffer. */
  sync_audio_video: nullable(Schema.Boolean)
}, { [isFields]: (): unknown => RoomSessionSummary }) {
  /** The service's JSON, which `Schema.decode(RoomSessionSummary)` reads again. */
  toJSON(): typeof RoomSessionSummary.Encoded {
    return encode(this)
  }
}

const encode = Schema.encodeSync(RoomSessionSummary)
