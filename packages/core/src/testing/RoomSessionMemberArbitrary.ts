/**
 * Arbitraries of members of room sessions, for property tests.
 *
 * @since 1.0.0
 */
import * as Arbitrary from "effect/Arbitrary"
import * as FastCheck from "effect/FastCheck"
import { RoomSessionMember } from "../RoomSessionMember.ts"
import * as RoomSessionMemberFixture from "./RoomSessionMemberFixture.ts"
import { amount, dateTime, optional, word } from "./internal/arbitraries.ts"

const common = FastCheck.record({
  id: FastCheck.uuid(),
  room_session_id: FastCheck.uuid(),
  name: optional(word),
  join_time: dateTime,
  cost_in_dollars: optional(amount)
})

/**
 * Members without contradictions: some have left after they joined, the others are in the session.
 *
 * @since 1.0.0
 * @category arbitraries
 * @example
 * import { RoomSessionMemberArbitrary } from "@effect-signalwire/core/testing"
 * import { FastCheck } from "effect"
 *
 * const members = FastCheck.sample(RoomSessionMemberArbitrary.consistent, 10)
 */
export const consistent: FastCheck.Arbitrary<RoomSessionMember> = FastCheck.oneof(
  common.map(RoomSessionMemberFixture.joined),
  FastCheck.tuple(common, FastCheck.integer({ min: 0, max: 86_400 })).map(([fields, seconds]) =>
    RoomSessionMemberFixture.left({ ...fields, duration: `${seconds} seconds` })
  )
)

/**
 * All members that the schema allows.
 *
 * @since 1.0.0
 * @category arbitraries
 */
export const anyValid: FastCheck.Arbitrary<RoomSessionMember> = Arbitrary.make(RoomSessionMember)
