import { RoomRecording, RoomSession, RoomSessionEvent, RoomSessionMember } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import {
  RoomRecordingArbitrary,
  RoomRecordingFixture,
  RoomSessionArbitrary,
  RoomSessionEventArbitrary,
  RoomSessionEventFixture,
  RoomSessionFixture,
  RoomSessionMemberArbitrary,
  RoomSessionMemberFixture
} from "@effect-signalwire/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { BigDecimal, DateTime, Duration, Either, FastCheck, Schema } from "effect"
import * as nodeAssert from "node:assert/strict"

const iso = (utc: DateTime.Utc | null) => (utc === null ? null : DateTime.formatIso(utc))
const seconds = (duration: Duration.Duration | null) => (duration === null ? null : Duration.toSeconds(duration))
const dollars = (amount: BigDecimal.BigDecimal | null) => (amount === null ? null : BigDecimal.format(amount))

/** A value decodes from its JSON to an equal value, by Schema and by FastDecoder. */
const roundTrips = <A, I>(schema: Schema.Schema<A, I>) => {
  const encode = Schema.encodeSync(schema)
  const decode = Schema.decodeUnknownSync(schema)
  const decodeFast = FastDecoder.make(schema)
  return (value: A): void => {
    const text = JSON.stringify(encode(value))
    assert.strictEqual(JSON.stringify(value), text, "toJSON is the encoded form")
    const decoded = decode(JSON.parse(text))
    assert.strictEqual(JSON.stringify(decoded), text)
    nodeAssert.deepStrictEqual(Either.getOrThrowWith(decodeFast(text), String), decoded)
  }
}

describe("arbitraries of lists", () => {
  const check = <A, I>(schema: Schema.Schema<A, I>, arbitrary: FastCheck.Arbitrary<A>) => {
    const { failed, counterexample } = FastCheck.check(FastCheck.property(arbitrary, roundTrips(schema)), {
      numRuns: 200
    })
    return failed ? counterexample : undefined
  }

  it("sessions of lists are equal to themselves after encoding and decoding, by Schema and by FastDecoder", () => {
    assert.isUndefined(check(RoomSession.RoomSession, RoomSessionArbitrary.listed))
  })

  it("members are equal to themselves after encoding and decoding, by Schema and by FastDecoder", () => {
    assert.isUndefined(check(RoomSessionMember.RoomSessionMember, RoomSessionMemberArbitrary.consistent))
    assert.isUndefined(check(RoomSessionMember.RoomSessionMember, RoomSessionMemberArbitrary.anyValid))
  })

  it("events are equal to themselves after encoding and decoding, by Schema and by FastDecoder", () => {
    assert.isUndefined(check(RoomSessionEvent.RoomSessionEvent, RoomSessionEventArbitrary.consistent))
  })

  it("recordings are equal to themselves after encoding and decoding, by Schema and by FastDecoder", () => {
    assert.isUndefined(check(RoomRecording.RoomRecording, RoomRecordingArbitrary.consistent))
    assert.isUndefined(check(RoomRecording.RoomRecording, RoomRecordingArbitrary.anyValid))
  })

  it("consistent members leave after they join, and consistent recordings end after they start", () => {
    const inOrder = (from: DateTime.Utc | null, to: DateTime.Utc | null) =>
      from === null || to === null || from.epochMillis <= to.epochMillis
    for (const { duration, join_time, leave_time } of FastCheck.sample(RoomSessionMemberArbitrary.consistent, 100)) {
      assert.isTrue(inOrder(join_time, leave_time))
      assert.strictEqual(duration === null, leave_time === null)
    }
    for (const { finished_at, started_at, status, uri } of FastCheck.sample(RoomRecordingArbitrary.consistent, 100)) {
      assert.isTrue(inOrder(started_at, finished_at))
      assert.deepStrictEqual([status === "completed", uri !== null], [finished_at !== null, finished_at !== null])
    }
  })
})

describe("fixtures of lists", () => {
  it("a listed session has the fields of its session, and a cost, previews and a cover", () => {
    const session = RoomSessionFixture.completed({ name: "retro" })
    const listed = RoomSessionFixture.listed(session)
    assert.strictEqual(Object.keys(listed).length, 29)
    assert.deepInclude(listed, Object.fromEntries(Object.entries(session)))
    assert.deepStrictEqual([dollars(listed.cost_in_dollars), listed.enable_room_previews, listed.locked_cover], [
      "0.05",
      false,
      null
    ])
    assert.isTrue(RoomSessionFixture.listed(RoomSessionFixture.inProgress()).enable_room_previews)
    for (const cost_in_dollars of ["0.125", 0.125, BigDecimal.unsafeFromString("0.125")]) {
      assert.strictEqual(dollars(RoomSessionFixture.listed(session, { cost_in_dollars }).cost_in_dollars), "0.125")
    }
    assert.isNull(RoomSessionFixture.listed(session, { cost_in_dollars: null }).cost_in_dollars)
  })

  it("a member that joined has no end, and one that left has the duration between", () => {
    const joined = RoomSessionMemberFixture.joined()
    assert.deepStrictEqual([iso(joined.join_time), joined.leave_time, joined.duration], [
      "2026-11-24T09:00:00.000Z",
      null,
      null
    ])
    const left = RoomSessionMemberFixture.left({ join_time: "2026-01-01T10:00:00Z", duration: "90 seconds" })
    assert.strictEqual(iso(left.leave_time), "2026-01-01T10:01:30.000Z")
    assert.strictEqual(left.room_session_id, RoomSessionFixture.id())
    const hour = RoomSessionMemberFixture.left({
      join_time: "2026-01-01T10:00:00Z",
      leave_time: "2026-01-01T11:00:00Z"
    })
    assert.strictEqual(seconds(hour.duration), 3600)
  })

  it("a recording in progress has no file, and a completed one has a file, a size and a duration", () => {
    const inProgress = RoomRecordingFixture.inProgress({ started_at: "2026-01-01T10:00:00Z" })
    assert.deepStrictEqual(
      [inProgress.status, inProgress.uri, inProgress.size_in_bytes, iso(inProgress.created_at)],
      ["recording", null, null, "2026-01-01T10:00:00.000Z"]
    )
    const completed = RoomRecordingFixture.completed({ duration: "1 hour" })
    assert.deepStrictEqual(
      [completed.status, seconds(completed.duration), iso(completed.finished_at), iso(completed.updated_at)],
      ["completed", 3600, "2026-11-24T10:00:00.000Z", "2026-11-24T10:00:00.000Z"]
    )
    assert.isNotNull(completed.uri)
    assert.isNotNull(completed.size_in_bytes)
  })

  it("an event is by default the start of the session of the other fixtures", () => {
    const event = RoomSessionEventFixture.make()
    assert.deepInclude(event, { name: "room.started", room_session_id: RoomSessionFixture.id() })
    assert.strictEqual(iso(event.created_at), iso(RoomSessionFixture.inProgress().start_time))
    const other = RoomSessionEventFixture.make({ name: "member.joined", payload: { name: "Ada" } })
    assert.deepInclude(other, { name: "member.joined", payload: { name: "Ada" } })
  })

  it.each<readonly [what: string, make: () => unknown, message: string]>([
    [
      "a member that leaves before it joins",
      () => RoomSessionMemberFixture.left({ join_time: "2026-01-02T00:00:00Z", leave_time: "2026-01-01T00:00:00Z" }),
      "RoomSessionMemberFixture.left: leave_time 2026-01-01T00:00:00.000Z is before join_time 2026-01-02T00:00:00.000Z"
    ],
    [
      "a recording that ends before its start",
      () => RoomRecordingFixture.completed({ started_at: "2026-01-02T00:00:00Z", finished_at: "2026-01-01T00:00:00Z" }),
      "RoomRecordingFixture.completed: finished_at 2026-01-01T00:00:00.000Z is before started_at"
    ],
    [
      "a cost that is not an amount",
      () => RoomSessionFixture.listed(RoomSessionFixture.completed(), { cost_in_dollars: "5 cents" }),
      "RoomSessionFixture.listed: cost_in_dollars is not an amount, such as \"0.05\""
    ],
    [
      "an event with an id that is not a UUID",
      () => RoomSessionEventFixture.make({ id: "x" }),
      "RoomSessionEventFixture.make: id: Expected a UUID, actual \"x\""
    ],
    [
      "a time that is not a date-time",
      () => RoomSessionMemberFixture.joined({ join_time: "soon" }),
      "RoomSessionMemberFixture.joined: join_time is not a date-time"
    ],
    ["the id zero", () => RoomRecordingFixture.id(0), "RoomRecordingFixture.id: expected a whole number from 1"]
  ])("%s ends the test with a defect", (_, make, message) => {
    assert.throws(make, message)
  })
})
