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
import type * as BigDecimal from "effect/BigDecimal"
import type * as Brand from "effect/Brand"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { RoomSession, RoomSessionId, RoomSessionSummary } from "../RoomSession.ts"
import { contradictions } from "./internal/consistency.ts"
import { amount, construct, decodeFields, period, secondsBetween, start, uuid } from "./internal/fixtureFields.ts"
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

/**
 * An amount of money: a `BigDecimal`, a decimal string, or a number.
 *
 * @since 1.0.0
 * @category models
 */
export type AmountInput = BigDecimal.BigDecimal | string | number

/**
 * The accepted type of a field: any input for date-times, durations and amounts, any string for branded strings.
 *
 * @since 1.0.0
 * @category models
 */
export type Input<A> = A extends DateTime.Utc ? DateTimeInput
  : A extends Duration.Duration ? DurationInput
  : A extends BigDecimal.BigDecimal ? AmountInput
  : A extends Brand.Brand<string | symbol> ? string & {}
  : A

/**
 * The fields of a session.
 *
 * @since 1.0.0
 * @category models
 */
export type Fields = {
  readonly [K in keyof typeof RoomSessionSummary.fields]?: Input<RoomSessionSummary[K]> | undefined
}

/**
 * The fields of a session in progress, without the status and the end.
 *
 * @since 1.0.0
 * @category models
 */
export interface InProgressFields extends Omit<Fields, "status" | "start_time" | "end_time"> {
  /** Default: 24 November 2026, 09:00 UTC. */
  readonly start_time?: DateTimeInput | undefined
  /** Whole seconds since the start. Default: from `start_time` to `updated_at`, or 5 minutes without an `updated_at`. */
  readonly duration?: DurationInput | null | undefined
  /** Default: `duration` after `start_time`. */
  readonly updated_at?: DateTimeInput | null | undefined
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
  readonly start_time?: DateTimeInput | null | undefined
  /** Default: `duration` after `start_time`. */
  readonly end_time?: DateTimeInput | null | undefined
  /**
   * Whole seconds. Default: from `start_time` to `end_time`, or 25 minutes when one of them is not given. If both are given, it
   * can be any duration, as in the vendor's own example.
   */
  readonly duration?: DurationInput | null | undefined
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
export const id = (n: number = 1): RoomSessionId => RoomSessionId.make(uuid("RoomSessionFixture.id", "0a1b2c3d", n))

const defaultCost = amount("0.05")
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
  return construct(
    owner,
    () => new RoomSessionSummary({ ...defaults, display_name: name, created_at, updated_at, ...values })
  )
}

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
  const values = { start_time: start, preview_url, ...decodeFields<RoomSessionSummary>(owner, fields) }
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
  const values = decodeFields<RoomSessionSummary>(owner, fields)
  const { duration, end, start: from } = period(
    { start: values.start_time, end: values.end_time, duration: values.duration },
    completedDuration
  )
  return make(owner, { ...values, start_time: from, end_time: end, duration, status: "completed" })
}

/**
 * The fields of a session that only lists have.
 *
 * @since 1.0.0
 * @category models
 */
export interface ListedFields {
  /** Default: 0.05. */
  readonly cost_in_dollars?: AmountInput | null | undefined
  /** Default: whether the session has a `preview_url`. */
  readonly enable_room_previews?: boolean | null | undefined
  /** Default: null. */
  readonly locked_cover?: string | null | undefined
}

/**
 * A session as `RoomSessions.list` returns it: a session of `inProgress` or `completed`, with the three fields that only lists have.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RoomSessionFixture } from "@effect-signalwire/core/testing"
 *
 * const session = RoomSessionFixture.listed(RoomSessionFixture.completed(), { cost_in_dollars: "0.125" })
 */
export const listed = (session: RoomSessionSummary, fields: ListedFields = {}): RoomSession => {
  const owner = "RoomSessionFixture.listed"
  const values = decodeFields<RoomSession>(owner, fields)
  return construct(
    owner,
    () =>
      new RoomSession({
        // the own properties of a session are its fields
        // oxlint-disable-next-line typescript/no-misused-spread
        ...session,
        cost_in_dollars: defaultCost,
        enable_room_previews: session.preview_url !== null,
        locked_cover: null,
        ...values
      })
  )
}
