/**
 * Arbitraries of recordings of room sessions, for property tests.
 *
 * @since 1.0.0
 */
import * as Arbitrary from "effect/Arbitrary"
import * as FastCheck from "effect/FastCheck"
import { RoomRecording } from "../RoomRecording.ts"
import * as RoomRecordingFixture from "./RoomRecordingFixture.ts"
import { amount, dateTime, optional, word } from "./internal/arbitraries.ts"

const common = FastCheck.record({
  id: FastCheck.uuid(),
  room_session_id: FastCheck.uuid(),
  started_at: dateTime,
  cost_in_dollars: optional(amount)
})

/**
 * Recordings without contradictions: the completed ones have an end, a size and a file.
 *
 * @since 1.0.0
 * @category arbitraries
 * @example
 * import { RoomRecordingArbitrary } from "@effect-signalwire/core/testing"
 * import { FastCheck } from "effect"
 *
 * const recordings = FastCheck.sample(RoomRecordingArbitrary.consistent, 10)
 */
export const consistent: FastCheck.Arbitrary<RoomRecording> = FastCheck.oneof(
  FastCheck.tuple(common, FastCheck.constantFrom("recording", "paused", "processing")).map(([fields, status]) =>
    RoomRecordingFixture.inProgress({ ...fields, status })
  ),
  FastCheck.tuple(
    common,
    FastCheck.integer({ min: 0, max: 86_400 }),
    FastCheck.integer({ min: 0, max: 2 ** 40 }),
    word
  ).map(([fields, seconds, size_in_bytes, name]) =>
    RoomRecordingFixture.completed({
      ...fields,
      duration: `${seconds} seconds`,
      size_in_bytes,
      uri: `https://recordings.example.com/${name}.mp4?signature=example`
    })
  )
)

/**
 * All recordings that the schema allows: any date-times, unrecognized values of the status.
 *
 * @since 1.0.0
 * @category arbitraries
 */
export const anyValid: FastCheck.Arbitrary<RoomRecording> = Arbitrary.make(RoomRecording)
