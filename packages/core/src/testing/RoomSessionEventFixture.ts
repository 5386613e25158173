/**
 * Valid and realistic events of room sessions and recordings for tests. They differ from the defaults only in the fields that a test
 * gives.
 *
 * @since 1.0.0
 */
import { RoomSessionEvent } from "../RoomSessionEvent.ts"
import * as RoomSessionFixture from "./RoomSessionFixture.ts"
import { construct, decodeFields, start, uuid } from "./internal/fixtureFields.ts"

/**
 * The fields of an event.
 *
 * @since 1.0.0
 * @category models
 */
export type Fields = {
  readonly [K in keyof typeof RoomSessionEvent.fields]?: RoomSessionFixture.Input<RoomSessionEvent[K]> | undefined
}

/**
 * The id with the number `n`, for tests with several events. The same number gives the same id.
 *
 * @param n a whole number from 1 to 2^48 - 1; default 1, the id of all fixtures
 * @since 1.0.0
 * @category ids
 * @example
 * import { RoomSessionEventFixture } from "@effect-signalwire/core/testing"
 *
 * const id = RoomSessionEventFixture.id(2)
 */
export const id = (n: number = 1): string => uuid("RoomSessionEventFixture.id", "3d4e5f6a", n)

const defaults = {
  id: id(),
  project_id: "5e6f7a8b-9c0d-4e1f-8a2b-3c4d5e6f7a8b",
  room_id: "7f3e2d1c-0b9a-4876-9543-210fedcba987",
  room_session_id: RoomSessionFixture.id(),
  room_recording_id: null,
  room_participant_id: null,
  level: "info",
  name: "room.started",
  payload: {},
  created_at: start
}

/**
 * An event, by default the start of the session of `RoomSessionFixture`.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RoomSessionEventFixture } from "@effect-signalwire/core/testing"
 *
 * const events = [
 *   RoomSessionEventFixture.make(),
 *   RoomSessionEventFixture.make({ id: RoomSessionEventFixture.id(2), name: "room.ended", created_at: "2026-11-24T09:25:00Z" })
 * ]
 */
export const make = (fields: Fields = {}): RoomSessionEvent => {
  const owner = "RoomSessionEventFixture.make"
  const values = decodeFields<RoomSessionEvent>(owner, fields)
  return construct(owner, () => new RoomSessionEvent({ ...defaults, ...values }))
}
