/**
 * Room sessions for property tests.
 *
 * @since 1.0.0
 */
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as FastCheck from "effect/FastCheck"
import { RoomSessionSummary } from "../RoomSession.ts"
import * as RoomSessionFixture from "./RoomSessionFixture.ts"

const optional = <A>(arbitrary: FastCheck.Arbitrary<A>): FastCheck.Arbitrary<A | null> =>
  FastCheck.option(arbitrary, { nil: null })

const instantBetween = (from: string, to: string): FastCheck.Arbitrary<DateTime.Utc> =>
  FastCheck.integer({ min: Date.parse(from), max: Date.parse(to) }).map(millis => DateTime.unsafeMake(millis))

const word = FastCheck.stringMatching(/^[a-z][a-z0-9-]{0,30}$/)

/** When people may come, around the start, and when all are sent away, in seconds from the start. */
const limits = optional(FastCheck.record({
  open: FastCheck.integer({ min: -86_400, max: 0 }),
  close: FastCheck.integer({ min: 0, max: 86_400 }),
  /** Longer than any session here. */
  removal: FastCheck.integer({ min: 86_400, max: 172_800 })
}))

const noLimits = { join_from: null, join_until: null, remove_at: null }

const common = FastCheck.record({
  id: FastCheck.uuid(),
  room_id: optional(FastCheck.uuid()),
  name: optional(word),
  max_members: optional(FastCheck.integer({ min: 1, max: 300 })),
  quality: FastCheck.constantFrom("720p", "1080p", null),
  fps: FastCheck.constantFrom("20", "30", null),
  limits,
  remove_after_seconds_elapsed: optional(FastCheck.integer({ min: 1, max: 86_400 }).map(Duration.seconds)),
  layout: FastCheck.constantFrom("grid-responsive", "highlight-1-responsive", "full-screen", null),
  record_on_start: FastCheck.boolean(),
  tone_on_entry_and_exit: optional(FastCheck.boolean()),
  room_join_video_off: optional(FastCheck.boolean()),
  user_join_video_off: optional(FastCheck.boolean()),
  locked: optional(FastCheck.boolean()),
  start_time: instantBetween("2022-01-01", "2030-01-01"),
  prioritize_handraise: optional(FastCheck.boolean()),
  sync_audio_video: optional(FastCheck.boolean())
}).map(({ limits, ...fields }) => {
  if (limits === null) return { ...fields, ...noLimits }
  const after = (seconds: number) => DateTime.add(fields.start_time, { seconds })
  const { close, open, removal } = limits
  return { ...fields, join_from: after(open), join_until: after(close), remove_at: after(removal) }
})

/**
 * Sessions in progress, which started up to a day ago.
 *
 * @since 1.0.0
 * @category arbitraries
 */
export const inProgress: FastCheck.Arbitrary<RoomSessionSummary> = FastCheck.tuple(
  common,
  FastCheck.integer({ min: 0, max: 86_400 }),
  optional(word)
).map(([fields, seconds, preview]) =>
  RoomSessionFixture.inProgress({
    ...fields,
    duration: Duration.seconds(seconds),
    preview_url: preview === null ? null : `https://video.example.com/previews/${preview}.webp`
  })
)

/**
 * Completed sessions, of up to a day.
 *
 * @since 1.0.0
 * @category arbitraries
 */
export const completed: FastCheck.Arbitrary<RoomSessionSummary> = FastCheck.tuple(
  common,
  FastCheck.integer({ min: 0, max: 86_400_000 })
).map(([fields, millis]) =>
  RoomSessionFixture.completed({ ...fields, end_time: DateTime.addDuration(fields.start_time, millis) })
)

/**
 * Sessions that make sense as a whole: they start before they end, only completed ones have an end, and the duration is the
 * time from start to end in whole seconds, or the time so far. Flags can be null, as in sessions of 2021.
 *
 * @since 1.0.0
 * @category arbitraries
 * @example
 * import { RoomSessionArbitrary } from "@effect-signalwire/core/testing"
 * import { FastCheck } from "effect"
 *
 * FastCheck.assert(
 *   FastCheck.property(
 *     RoomSessionArbitrary.consistent,
 *     session => (session.status === "completed") === (session.end_time !== null)
 *   )
 * )
 */
export const consistent: FastCheck.Arbitrary<RoomSessionSummary> = FastCheck.oneof(inProgress, completed)

/**
 * Everything that the schema allows: any string as a name, any date-time as an end, values of enumerations not known yet.
 *
 * @since 1.0.0
 * @category arbitraries
 */
export const anyValid: FastCheck.Arbitrary<RoomSessionSummary> = Arbitrary.make(RoomSessionSummary)
