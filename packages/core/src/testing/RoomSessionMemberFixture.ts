/**
 * Valid and realistic members of room sessions for tests. They differ from the defaults only in the fields that a test gives.
 *
 * @since 1.0.0
 */
import * as Duration from "effect/Duration"
import { RoomSessionMember } from "../RoomSessionMember.ts"
import * as RoomSessionFixture from "./RoomSessionFixture.ts"
import { amount, checkOrder, construct, decodeFields, period, start, uuid } from "./internal/fixtureFields.ts"

/**
 * The fields of a member.
 *
 * @since 1.0.0
 * @category models
 */
export type Fields = {
  readonly [K in keyof typeof RoomSessionMember.fields]?: RoomSessionFixture.Input<RoomSessionMember[K]> | undefined
}

/**
 * The id with the number `n`, for tests with several members. The same number gives the same id.
 *
 * @param n a whole number from 1 to 2^48 - 1; default 1, the id of all fixtures
 * @since 1.0.0
 * @category ids
 * @example
 * import { RoomSessionMemberFixture } from "@effect-signalwire/core/testing"
 *
 * const members = [RoomSessionMemberFixture.left(), RoomSessionMemberFixture.left({ id: RoomSessionMemberFixture.id(2) })]
 */
export const id = (n: number = 1): string => uuid("RoomSessionMemberFixture.id", "1b2c3d4e", n)

const defaults = {
  id: id(),
  room_session_id: RoomSessionFixture.id(),
  name: "Ada",
  cost_in_dollars: amount("0.025")
}

const leftDuration = Duration.minutes(25)

/**
 * A member that is in the session: it has joined and not left, and no duration.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RoomSessionFixture, RoomSessionMemberFixture } from "@effect-signalwire/core/testing"
 *
 * const member = RoomSessionMemberFixture.joined({ room_session_id: RoomSessionFixture.id(2), name: "Grace" })
 */
export const joined = (fields: Omit<Fields, "leave_time"> = {}): RoomSessionMember => {
  const owner = "RoomSessionMemberFixture.joined"
  const values = decodeFields<RoomSessionMember>(owner, fields)
  return construct(
    owner,
    () => new RoomSessionMember({ ...defaults, join_time: start, duration: null, ...values, leave_time: null })
  )
}

/**
 * A member that has left: it has a join time, a leave time and the duration between them, 25 minutes by default. The third derives
 * from two given ones. A member that leaves before it joins ends the test with a defect.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RoomSessionMemberFixture } from "@effect-signalwire/core/testing"
 *
 * const member = RoomSessionMemberFixture.left({ duration: "90 seconds", cost_in_dollars: "0.0015" })
 */
export const left = (fields: Fields = {}): RoomSessionMember => {
  const owner = "RoomSessionMemberFixture.left"
  const values = decodeFields<RoomSessionMember>(owner, fields)
  const { duration, end: leave_time, start: join_time } = period(
    { start: values.join_time, end: values.leave_time, duration: values.duration },
    leftDuration
  )
  checkOrder(owner, { join_time, leave_time }, "join_time", "leave_time")
  return construct(owner, () => new RoomSessionMember({ ...defaults, ...values, join_time, leave_time, duration }))
}
