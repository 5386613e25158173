/**
 * Arbitraries of room sessions, for property tests.
 *
 * @since 1.0.0
 */
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as FastCheck from "effect/FastCheck"
import { type RoomSession, RoomSessionSummary } from "../RoomSession.ts"
import * as RoomSessionFixture from "./RoomSessionFixture.ts"
import { amount, dateTime, optional, word } from "./internal/arbitraries.ts"

/** The times from and until which members may join, and at which all are removed, in seconds from the start. */
const limits = optional(FastCheck.record({
  open: FastCheck.integer({ min: -86_400, max: 0 }),
  close: FastCheck.integer({ min: 0, max: 86_400 }),
  /** It is after the end of every session of this module. */
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
  start_time: dateTime,
  prioritize_handraise: optional(FastCheck.boolean()),
  sync_audio_video: optional(FastCheck.boolean())
}).map(({ limits, ...fields }) => {
  if (limits === null) return { ...fields, ...noLimits }
  const after = (seconds: number) => DateTime.add(fields.start_time, { seconds })
  const { close, open, removal } = limits
  return { ...fields, join_from: after(open), join_until: after(close), remove_at: after(removal) }
})

/**
 * Sessions in progress, with a duration of up to a day.
 *
 * @since 1.0.0
 * @category arbitraries
 * @example
 * import { RoomSessionArbitrary } from "@effect-signalwire/core/testing"
 * import { FastCheck } from "effect"
 *
 * const sessions = FastCheck.sample(RoomSessionArbitrary.inProgress, 10)
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
 * Completed sessions, with a duration of up to a day.
 *
 * @since 1.0.0
 * @category arbitraries
 * @example
 * import { RoomSessionArbitrary } from "@effect-signalwire/core/testing"
 * import { FastCheck } from "effect"
 *
 * const sessions = FastCheck.sample(RoomSessionArbitrary.completed, 10)
 */
export const completed: FastCheck.Arbitrary<RoomSessionSummary> = FastCheck.tuple(
  common,
  FastCheck.integer({ min: 0, max: 86_400_000 })
).map(([fields, millis]) =>
  RoomSessionFixture.completed({ ...fields, end_time: DateTime.addDuration(fields.start_time, millis) })
)

/**
 * Sessions without contradictions: the start is before the end, only completed sessions have an end, and the duration is the
 * time from start to end, or since the start, in whole seconds. Flags can be null, as in sessions of 2021.
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
 * All sessions that the schema allows: any string as a name, any date-time as an end, unrecognized values of enumerations.
 *
 * @since 1.0.0
 * @category arbitraries
 * @example
 * import { RoomSession } from "@effect-signalwire/core"
 * import { RoomSessionArbitrary } from "@effect-signalwire/core/testing"
 * import { FastCheck, Schema } from "effect"
 *
 * const encode = Schema.encodeSync(RoomSession.RoomSessionSummary)
 * FastCheck.assert(FastCheck.property(RoomSessionArbitrary.anyValid, session => encode(session).id === session.id))
 */
export const anyValid: FastCheck.Arbitrary<RoomSessionSummary> = Arbitrary.make(RoomSessionSummary)

/**
 * Sessions without contradictions, as `RoomSessions.list` returns them.
 *
 * @since 1.0.0
 * @category arbitraries
 * @example
 * import { RoomSessionArbitrary } from "@effect-signalwire/core/testing"
 * import { FastCheck } from "effect"
 *
 * const sessions = FastCheck.sample(RoomSessionArbitrary.listed, 10)
 */
export const listed: FastCheck.Arbitrary<RoomSession> = FastCheck.tuple(
  consistent,
  FastCheck.record({
    cost_in_dollars: optional(amount),
    enable_room_previews: optional(FastCheck.boolean()),
    locked_cover: optional(word.map(name => `https://video.example.com/covers/${name}.png`))
  })
).map(([session, fields]) => RoomSessionFixture.listed(session, fields))
