/**
 * Valid and realistic room sessions for tests. They differ from the defaults only in the fields that a test gives.
 *
 * Dependent fields derive from the others: the duration from start and end, `display_name` from `name`. A contradictory session
 * ends the test with a defect. For such sessions, use `new RoomSessionSummary({ ... })` or `RoomSessionArbitrary.anyValid`, which
 * only apply the schema.
 *
 * `status` and `end_time` show whether a session is in progress. `duration` does not: for a session in progress it is the time
 * since its start.
 *
 * @since 1.0.0
 */
import type * as Brand from "effect/Brand"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import { RoomSessionId, RoomSessionSummary } from "../RoomSession.ts"
import { contradictions } from "./internal/consistency.ts"
import { formatParseError } from "./internal/formatParseError.ts"
import { TestSetupError } from "./internal/testSetupError.ts"

/**
 * A date-time: a `DateTime`, its parts, an ISO string, a `Date`, or milliseconds since 1970.
 *
 * @since 1.0.0
 * @category models
 */
export type DateTimeInput = DateTime.DateTime.Input

/**
 * A duration with its unit. A number is not accepted: Effect reads it as milliseconds, and the service writes seconds.
 *
 * @since 1.0.0
 * @category models
 */
export type DurationInput = Exclude<Duration.DurationInput, number>

/** The accepted type of a field: any input for date-times and durations, any string for branded strings. */
type Input<A> = A extends DateTime.Utc ? DateTimeInput
  : A extends Duration.Duration ? DurationInput
  : A extends Brand.Brand<string | symbol> ? string & {}
  : A

/**
 * The fields of a session.
 *
 * @since 1.0.0
 * @category models
 */
export type Fields = { readonly [K in keyof typeof RoomSessionSummary.fields]?: Input<RoomSessionSummary[K]> }

/**
 * The fields of a session in progress, without the status and the end.
 *
 * @since 1.0.0
 * @category models
 */
export interface InProgressFields extends Omit<Fields, "status" | "start_time" | "end_time"> {
  /** Default: 24 November 2026, 09:00 UTC. */
  readonly start_time?: DateTimeInput
  /** Whole seconds since the start. Default: from `start_time` to `updated_at`, or 5 minutes without an `updated_at`. */
  readonly duration?: DurationInput | null
  /** Default: `duration` after `start_time`. */
  readonly updated_at?: DateTimeInput | null
}

/**
 * The fields of a completed session, without the status and the preview.
 *
 * @since 1.0.0
 * @category models
 */
export interface CompletedFields
  extends Omit<Fields, "status" | "preview_url" | "start_time" | "end_time" | "duration">
{
  /** Default: `duration` before a given `end_time`, otherwise 24 November 2026, 09:00 UTC. */
  readonly start_time?: DateTimeInput | null
  /** Default: `duration` after `start_time`. */
  readonly end_time?: DateTimeInput | null
  /**
   * Whole seconds. Default: from `start_time` to `end_time`, or 25 minutes when one of them is not given. If both are given, it
   * can be any duration, as in the vendor's own example.
   */
  readonly duration?: DurationInput | null
}

/**
 * The id with the number `n`, for tests with several sessions. The same number gives the same id.
 *
 * @param n a whole number from 1 to 2^48 - 1; default 1, the id of all fixtures
 * @since 1.0.0
 * @category ids
 * @example
 * import { RoomSessionFixture } from "@effect-signalwire/core/testing"
 *
 * const sessions = [RoomSessionFixture.inProgress(), RoomSessionFixture.completed({ id: RoomSessionFixture.id(2) })]
 */
export const id = (n: number = 1): RoomSessionId => {
  if (!Number.isSafeInteger(n) || n < 1 || n > 0xffff_ffff_ffff) {
    throw new TestSetupError(`RoomSessionFixture.id: expected a whole number from 1 to 2^48 - 1, got ${n}`)
  }
  return RoomSessionId.make(`0a1b2c3d-4e5f-4a6b-8c7d-${n.toString(16).padStart(12, "0")}`)
}

const start = DateTime.unsafeMake("2026-11-24T09:00:00Z")
const completedDuration = Duration.minutes(25)
const inProgressDuration = Duration.minutes(5)

const defaults = {
  id: id(),
  room_id: "7f3e2d1c-0b9a-4876-9543-210fedcba987",
  name: "standup",
  max_members: 20,
  quality: "720p",
  fps: "20",
  join_from: null,
  join_until: null,
  remove_at: null,
  remove_after_seconds_elapsed: null,
  layout: "grid-responsive",
  record_on_start: false,
  tone_on_entry_and_exit: true,
  room_join_video_off: false,
  user_join_video_off: false,
  locked: false,
  preview_url: null,
  prioritize_handraise: false,
  sync_audio_video: true
} as const

const dateTimes = [
  "join_from",
  "join_until",
  "remove_at",
  "start_time",
  "end_time",
  "created_at",
  "updated_at"
] as const
const durations = ["remove_after_seconds_elapsed", "duration"] as const

const toDateTime = (owner: string, key: string, input: DateTimeInput): DateTime.Utc =>
  Option.match(DateTime.make(input), {
    onNone: () => {
      throw new TestSetupError(`${owner}: ${key} is not a date-time, such as "2026-11-24T09:00:00Z"`)
    },
    onSome: DateTime.toUtc
  })

const toDuration = (owner: string, key: string, input: DurationInput): Duration.Duration => {
  // Effect reads a negative duration as zero
  if (typeof input === "string" && input.trim().startsWith("-")) {
    throw new TestSetupError(`${owner}: ${key} is negative`)
  }
  return Duration.decode(input)
}

const decodeFields = (owner: string, fields: Fields): Partial<RoomSessionSummary> =>
  Object.fromEntries([
    ...Object.entries(fields).filter(([, input]) => input !== undefined),
    ...dateTimes.map(key => [key, fields[key]] as const)
      .flatMap(([key, input]) => input === undefined || input === null ? [] : [[key, toDateTime(owner, key, input)]]),
    ...durations.map(key => [key, fields[key]] as const)
      .flatMap(([key, input]) => input === undefined || input === null ? [] : [[key, toDuration(owner, key, input)]])
  ])

const make = (owner: string, values: Partial<RoomSessionSummary>): RoomSessionSummary => {
  const session = build(owner, values)
  const found = contradictions(session)
  if (found.length > 0) throw new TestSetupError(`${owner}: ${found.join("; ")}`)
  return session
}

const build = (owner: string, values: Partial<RoomSessionSummary>): RoomSessionSummary => {
  const started = values.start_time ?? start
  const created_at = values.created_at ?? started
  const name = values.name === undefined ? defaults.name : values.name
  const lastChange = values.end_time ?? DateTime.addDuration(started, values.duration ?? Duration.zero)
  const updated_at = DateTime.max(created_at, lastChange)
  try {
    return new RoomSessionSummary({ ...defaults, display_name: name, created_at, updated_at, ...values })
  } catch (error) {
    throw ParseResult.isParseError(error) ? new TestSetupError(`${owner}: ${formatParseError(error)}`) : error
  }
}

const secondsBetween = (from: DateTime.Utc, to: DateTime.Utc): Duration.Duration =>
  Duration.seconds(Math.max(0, Math.floor((to.epochMillis - from.epochMillis) / 1000)))

/**
 * A session in progress: it has a start and no end, and its duration is the time since the start.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RoomSessionFixture } from "@effect-signalwire/core/testing"
 *
 * const session = RoomSessionFixture.inProgress({ start_time: "2026-11-24T14:30:00Z", duration: "11 seconds" })
 */
export const inProgress = (fields: InProgressFields = {}): RoomSessionSummary => {
  const owner = "RoomSessionFixture.inProgress"
  const preview_url = "https://video.example.com/previews/standup.webp"
  const values = { start_time: start, preview_url, ...decodeFields(owner, fields) }
  const { duration, start_time, updated_at } = values
  const sinceStart = updated_at === undefined || updated_at === null
    ? inProgressDuration
    : secondsBetween(start_time ?? start, updated_at)
  return make(owner, {
    ...values,
    status: "in-progress",
    end_time: null,
    duration: duration === undefined ? sinceStart : duration
  })
}

/** Derives the third of start, end and duration from the other two. Null remains null. */
const period = ({ duration, end_time, start_time }: Partial<RoomSessionSummary>) => {
  const given = duration ?? completedDuration
  const from = start_time === undefined ? (end_time ? DateTime.subtractDuration(end_time, given) : start) : start_time
  const to = end_time === undefined ? DateTime.addDuration(from ?? start, given) : end_time
  const between = from === null || to === null ? null : secondsBetween(from, to)
  return { start_time: from, end_time: to, duration: duration === undefined ? between : duration }
}

/**
 * A completed session: it has a start, an end and the duration between them. The third derives from two given ones. Three given
 * ones are not compared.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RoomSessionFixture } from "@effect-signalwire/core/testing"
 *
 * const session = RoomSessionFixture.completed({ duration: "90 minutes" })
 */
export const completed = (fields: CompletedFields = {}): RoomSessionSummary => {
  const owner = "RoomSessionFixture.completed"
  const values = decodeFields(owner, fields)
  return make(owner, { ...values, ...period(values), status: "completed" })
}
