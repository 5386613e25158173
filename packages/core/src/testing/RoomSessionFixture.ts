/**
 * Room sessions for tests: valid, realistic, and different from the default only where the test says so.
 *
 * What belongs together stays together: the duration follows from start and end, `display_name` from `name`. A session that
 * contradicts itself is rejected with a message. Where a test is about just that, `new RoomSessionSummary({ ... })` and
 * `RoomSessionArbitrary.anyValid` know nothing but the types.
 *
 * `status` and `end_time` say whether a session is in progress. `duration` does not: of a session in progress it is the time so
 * far.
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
import { explain } from "./internal/explain.ts"
import { Misuse } from "./internal/misuse.ts"

/**
 * What can be read as an instant: an ISO string, milliseconds since 1970, a date or a `DateTime`.
 *
 * @since 1.0.0
 * @category models
 */
export type Instant = DateTime.DateTime | Date | number | string

/**
 * A length of time with its unit. A bare number is none: Effect would take it for milliseconds, and the service writes seconds.
 *
 * @since 1.0.0
 * @category models
 */
export type Length = Exclude<Duration.DurationInput, number>

/** Instants, durations and branded strings may be given in any form that can be read as one. */
type Loose<A> = A extends DateTime.Utc ? Instant
  : A extends Duration.Duration ? Length
  : A extends Brand.Brand<string | symbol> ? string & {}
  : A

/**
 * Each field of a session, second counts as any duration input.
 *
 * @since 1.0.0
 * @category models
 */
export type Fields = { readonly [K in keyof typeof RoomSessionSummary.fields]?: Loose<RoomSessionSummary[K]> }

/**
 * @since 1.0.0
 * @category models
 */
export interface InProgressFields extends Omit<Fields, "status" | "start_time" | "end_time"> {
  /** Default 24 November 2026, 09:00 UTC. */
  readonly start_time?: Instant
  /** The time so far, in whole seconds. Default: from `start_time` to `updated_at`, or 5 minutes without one. */
  readonly duration?: Length | null
  /** Default: `duration` after `start_time`. */
  readonly updated_at?: Instant | null
}

/**
 * @since 1.0.0
 * @category models
 */
export interface CompletedFields
  extends Omit<Fields, "status" | "preview_url" | "start_time" | "end_time" | "duration">
{
  /** Default 24 November 2026, 09:00 UTC; follows from `end_time` and `duration` when both are given. */
  readonly start_time?: Instant | null
  /** Default: `duration` after `start_time`. */
  readonly end_time?: Instant | null
  /**
   * Whole seconds. Default: from `start_time` to `end_time`, or 25 minutes when these do not tell. Beside both of them it may be
   * any duration, as in the vendor's own example.
   */
  readonly duration?: Length | null
}

/**
 * The id number `n`, always the same one for the same number, for tests with several sessions.
 *
 * @param n a whole number from 1; default 1, the id that fixtures have
 * @since 1.0.0
 * @category ids
 */
export const id = (n: number = 1): RoomSessionId => {
  if (!Number.isSafeInteger(n) || n < 1 || n > 0xffff_ffff_ffff) {
    throw new Misuse(`RoomSessionFixture.id: expected a whole number from 1 to 2^48 - 1, got ${n}`)
  }
  return RoomSessionId.make(`0a1b2c3d-4e5f-4a6b-8c7d-${n.toString(16).padStart(12, "0")}`)
}

const start = DateTime.unsafeMake("2026-11-24T09:00:00Z")
const typicalDuration = Duration.minutes(25)
const typicalSoFar = Duration.minutes(5)

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

const instants = ["join_from", "join_until", "remove_at", "start_time", "end_time", "created_at", "updated_at"]
const durations = ["remove_after_seconds_elapsed", "duration"]

const toInstant = (value: unknown): Option.Option<DateTime.Utc> => {
  if (DateTime.isDateTime(value)) return Option.some(DateTime.toUtc(value))
  return typeof value === "string" || typeof value === "number" || value instanceof Date
    ? Option.map(DateTime.make(value), DateTime.toUtc)
    : Option.none()
}

/** Effect makes a negative length zero. */
const toLength = (value: unknown): Option.Option<Duration.Duration> =>
  typeof value === "number" || (typeof value === "string" && value.trim().startsWith("-"))
    ? Option.none()
    : Duration.decodeUnknown(value)

const normalise = (owner: string, key: string, value: unknown): unknown => {
  if (value === null) return null
  if (instants.includes(key)) {
    return Option.getOrThrowWith(
      toInstant(value),
      () => new Misuse(`${owner}: ${key} is not an instant, such as "2026-11-24T09:00:00Z"`)
    )
  }
  return durations.includes(key)
    ? Option.getOrThrowWith(
      toLength(value),
      () => new Misuse(`${owner}: ${key} is not a duration with its unit, such as "25 minutes"`)
    )
    : value
}

const given = (owner: string, fields: object): Partial<RoomSessionSummary> => {
  const unknown = Object.keys(fields).find(key => !Object.hasOwn(RoomSessionSummary.fields, key))
  if (unknown !== undefined) throw new Misuse(`${owner}: a session has no field ${unknown}`)
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, normalise(owner, key, value)])
  )
}

const make = (owner: string, values: Partial<RoomSessionSummary>): RoomSessionSummary => {
  const session = build(owner, values)
  const found = contradictions(session)
  if (found.length > 0) throw new Misuse(`${owner}: ${found.join("; ")}`)
  return session
}

const build = (owner: string, values: Partial<RoomSessionSummary>): RoomSessionSummary => {
  const begun = values.start_time ?? start
  const created_at = values.created_at ?? begun
  const name = values.name === undefined ? defaults.name : values.name
  const seen = values.end_time ?? DateTime.addDuration(begun, values.duration ?? Duration.zero)
  const updated_at = DateTime.max(created_at, seen)
  try {
    return new RoomSessionSummary({ ...defaults, display_name: name, created_at, updated_at, ...values })
  } catch (error) {
    throw ParseResult.isParseError(error) ? new Misuse(`${owner}: ${explain(error)}`) : error
  }
}

const refuseKeys = (owner: string, fields: object, keys: ReadonlyArray<string>, why: string): void => {
  const found = keys.find(key => Reflect.get(fields, key) !== undefined)
  if (found !== undefined) throw new Misuse(`${owner}: ${found} cannot be given, since ${why}`)
}

const secondsBetween = (from: DateTime.Utc, to: DateTime.Utc): Duration.Duration =>
  Duration.seconds(Math.max(0, Math.floor((to.epochMillis - from.epochMillis) / 1000)))

/**
 * A session in progress: it has a start, no end, and the time so far as its duration.
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
  refuseKeys(owner, fields, ["status", "end_time"], "the session is in progress; see RoomSessionFixture.completed")
  if (Reflect.get(fields, "start_time") === null) {
    throw new Misuse(`${owner}: start_time cannot be null, since the session is in progress`)
  }
  const preview_url = "https://video.example.com/previews/standup.webp"
  const values = { start_time: start, preview_url, ...given(owner, fields) }
  const { duration, start_time, updated_at } = values
  const soFar = updated_at === undefined || updated_at === null
    ? typicalSoFar
    : secondsBetween(start_time ?? start, updated_at)
  return make(owner, {
    ...values,
    status: "in-progress",
    end_time: null,
    duration: duration === undefined ? soFar : duration
  })
}

/** Of start, end and duration any two give the third. What is null stays null. */
const period = ({ duration, end_time, start_time }: Partial<RoomSessionSummary>) => {
  const length = duration ?? typicalDuration
  const from = start_time === undefined ? (end_time ? DateTime.subtractDuration(end_time, length) : start) : start_time
  const to = end_time === undefined ? DateTime.addDuration(from ?? start, length) : end_time
  const between = from === null || to === null ? null : secondsBetween(from, to)
  return { start_time: from, end_time: to, duration: duration === undefined ? between : duration }
}

/**
 * A completed session: it has a start, an end and the duration between them. Any two of these give the third; all three are
 * taken as they are.
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
  refuseKeys(owner, fields, ["status", "preview_url"], "the session is completed; see RoomSessionFixture.inProgress")
  const values = given(owner, fields)
  return make(owner, { ...values, ...period(values), status: "completed" })
}
