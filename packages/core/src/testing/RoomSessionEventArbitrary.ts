/**
 * Arbitraries of events of room sessions and recordings, for property tests.
 *
 * @since 1.0.0
 */
import * as FastCheck from "effect/FastCheck"
import type { RoomSessionEvent } from "../RoomSessionEvent.ts"
import * as RoomSessionEventFixture from "./RoomSessionEventFixture.ts"
import { dateTime, optional, word } from "./internal/arbitraries.ts"

/**
 * Events with any payload that JSON can express.
 *
 * @since 1.0.0
 * @category arbitraries
 * @example
 * import { RoomSessionEventArbitrary } from "@effect-signalwire/core/testing"
 * import { FastCheck } from "effect"
 *
 * const events = FastCheck.sample(RoomSessionEventArbitrary.consistent, 10)
 */
export const consistent: FastCheck.Arbitrary<RoomSessionEvent> = FastCheck.record({
  id: FastCheck.uuid(),
  project_id: optional(FastCheck.uuid()),
  room_id: optional(FastCheck.uuid()),
  room_session_id: optional(FastCheck.uuid()),
  room_recording_id: optional(FastCheck.uuid()),
  room_participant_id: optional(FastCheck.uuid()),
  level: FastCheck.constantFrom("info", "warn", "error"),
  name: FastCheck.tuple(word, word).map(parts => parts.join(".")),
  payload: FastCheck.dictionary(word, FastCheck.jsonValue({ noUnicodeString: false }), { noNullPrototype: true }),
  created_at: dateTime
}).map(RoomSessionEventFixture.make)
