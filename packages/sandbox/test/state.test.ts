import { RoomRecordings, RoomSession, RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { BigDecimal, Chunk, DateTime, Duration, Effect, Stream, TestClock } from "effect"

const [designReview, , webinar, , booked] = SandboxSpace.seeds
const unknownId = "00000000-0000-4000-8000-000000000000"

const over = (options: Partial<SandboxSpace.Options> = {}) => SandboxSpace.layerWired(NodeSignalWire.layer, options)

const collect = <A, E, R>(stream: Stream.Stream<A, E, R>): Effect.Effect<ReadonlyArray<A>, E, R> =>
  Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray)

/** A session by get and by list, with its members, events and recordings, as the client reads them. */
const readAll = (id: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const listed = yield* collect(sessions.list())
    return {
      session: yield* sessions.get(id),
      listed: listed.find(session => session.id === id),
      members: yield* collect(sessions.members(id)),
      events: yield* collect(sessions.events(id)),
      recordings: yield* collect(sessions.recordings(id))
    }
  })

const seconds = (duration: Duration.Duration | null) => duration === null ? null : Duration.toSeconds(duration)
const dollars = (amount: BigDecimal.BigDecimal | null | undefined) => amount ? BigDecimal.format(amount) : amount
const iso = (time: DateTime.Utc | null) => time === null ? null : DateTime.formatIso(time)

const session = RoomSessionFixture.inProgress({ start_time: "2026-11-24T09:00:00Z", duration: "10 seconds" })

describe("the life of a session", () => {
  it.effect("get, list, members, events and recordings agree while a session changes, and after it ended", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const { id } = yield* sandbox.put(session)
      assert.deepStrictEqual((yield* readAll(id)).session, session)

      yield* TestClock.adjust("5 seconds")
      const ada = yield* sandbox.addMember(id, { name: "Ada" })
      yield* TestClock.adjust("1 minute")
      const grace = yield* sandbox.addMember(id)
      const recording = yield* sandbox.record(id)
      yield* TestClock.adjust("30 seconds")
      const during = yield* readAll(id)
      assert.strictEqual(during.session.status, "in-progress")
      assert.strictEqual(seconds(during.session.duration), 105)
      assert.strictEqual(seconds(during.listed?.duration ?? null), 105)
      assert.strictEqual(iso(during.session.updated_at), "2026-11-24T09:01:15.000Z")
      assert.strictEqual(dollars(during.listed?.cost_in_dollars), "0")
      assert.deepStrictEqual(
        during.members.map(({ duration, leave_time, name }) => [name, seconds(duration), leave_time]),
        [["Ada", 90, null], [null, 30, null]]
      )
      assert.deepStrictEqual(
        during.recordings.map(({ duration, finished_at, status }) => [status, seconds(duration), finished_at]),
        [["recording", 30, null]]
      )

      yield* sandbox.removeMember(ada.id)
      yield* TestClock.adjust("1 second")
      const left = yield* readAll(id)
      assert.strictEqual(dollars(left.listed?.cost_in_dollars), "0.008")
      assert.strictEqual(iso(left.session.updated_at), "2026-11-24T09:01:45.000Z")
      assert.strictEqual(dollars(left.members[0]?.cost_in_dollars), "0.008")

      yield* sandbox.end(id)
      yield* TestClock.adjust("1 hour")
      const after = yield* readAll(id)
      assert.strictEqual(after.session.status, "completed")
      assert.strictEqual(iso(after.session.end_time), "2026-11-24T09:01:46.000Z")
      assert.deepStrictEqual(after.session.updated_at, after.session.end_time)
      assert.strictEqual(seconds(after.session.duration), 106)
      assert.strictEqual(dollars(after.listed?.cost_in_dollars), "0.012")
      assert.deepStrictEqual(after.members.map(({ leave_time }) => iso(leave_time)), [
        "2026-11-24T09:01:45.000Z",
        "2026-11-24T09:01:46.000Z"
      ])
      assert.deepStrictEqual(after.recordings.map(({ size_in_bytes, status }) => [status, size_in_bytes]), [
        ["completed", 31 * 1000]
      ])
      assert.deepStrictEqual(
        after.events.map((
          { created_at, name, room_participant_id, room_recording_id }
        ) => [iso(created_at)?.slice(14, 19), name, room_participant_id ?? room_recording_id]),
        [
          ["00:00", "room.started", null],
          ["00:15", "member.joined", ada.id],
          ["01:15", "member.joined", grace.id],
          ["01:15", "recording.started", recording.id],
          ["01:45", "member.left", ada.id],
          ["01:46", "recording.ended", recording.id],
          ["01:46", "member.left", grace.id],
          ["01:46", "room.ended", null]
        ]
      )
      assert.strictEqual(new Set(after.events.map(({ id }) => id)).size, after.events.length)
      const contents = yield* sandbox.contents
      assert.deepStrictEqual(contents.members, after.members)
      assert.deepStrictEqual(contents.recordings, after.recordings)
      assert.deepStrictEqual(contents.events, after.events)
      assert.deepStrictEqual(contents.sessions, after.listed === undefined ? [] : [after.listed])
    }).pipe(Effect.provide(over({ sessions: [] }))))

  it.effect("a given session in progress stands still until it changes, and then counts from its duration", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* TestClock.adjust("1 hour")
      const before = yield* readAll(webinar.id)
      assert.deepStrictEqual(before.session, webinar)
      yield* sandbox.addMember(webinar.id, { name: "Late" })
      yield* TestClock.adjust("3 seconds")
      const after = yield* readAll(webinar.id)
      assert.strictEqual(seconds(after.session.duration), 740)
      assert.strictEqual(iso(after.members.at(-1)?.join_time ?? null), "2026-10-07T16:12:20.000Z")
      assert.strictEqual(seconds(after.members[0]?.duration ?? null), 740)
      assert.strictEqual(seconds(after.recordings[0]?.duration ?? null), 738)
      yield* sandbox.end(webinar.id)
      const ended = yield* readAll(webinar.id)
      assert.isNull(ended.session.preview_url)
      assert.isTrue(ended.members.every(({ leave_time }) => leave_time !== null))
      const costs = BigDecimal.sumAll(
        ended.members.map(({ cost_in_dollars }) => cost_in_dollars ?? BigDecimal.make(1n, 0))
      )
      assert.strictEqual(dollars(ended.listed?.cost_in_dollars), BigDecimal.format(BigDecimal.normalize(costs)))
    }).pipe(Effect.provide(over())))

  it.effect("a session that is put without a duration counts from its start, by the clock", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* TestClock.setTime(Date.parse("2026-12-01T12:00:30Z"))
      const start_time = DateTime.unsafeMake("2026-12-01T12:00:00Z")
      yield* sandbox.put(
        new RoomSession.RoomSessionSummary(Object.assign({}, booked, { status: "in-progress" as const, start_time }))
      )
      yield* TestClock.adjust("15 seconds")
      assert.strictEqual(seconds((yield* readAll(booked.id)).session.duration), 45)
    }).pipe(Effect.provide(over())))

  it.effect("a session that is put as completed lets its members leave, and keeps a given cost", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* sandbox.addMember(session.id, { name: "Ada" })
      const end_time = DateTime.unsafeMake("2026-11-24T09:05:00Z")
      const completed = RoomSessionFixture.listed(
        new RoomSession.RoomSessionSummary(
          Object.assign({}, session, { status: "completed" as const, end_time, duration: Duration.minutes(5) })
        ),
        { cost_in_dollars: "1.5" }
      )
      yield* sandbox.put(completed)
      const after = yield* readAll(session.id)
      assert.deepStrictEqual(after.listed, completed)
      assert.deepStrictEqual(after.members.map(({ leave_time }) => iso(leave_time)), ["2026-11-24T09:05:00.000Z"])
      assert.deepStrictEqual(after.events.map(({ name }) => name), ["member.joined", "member.left", "room.ended"])
    }).pipe(Effect.provide(over({ sessions: [session] }))))

  it.effect("changing fields by put keeps the members, and adds no event", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const before = yield* readAll(webinar.id)
      yield* sandbox.put(new RoomSession.RoomSessionSummary(Object.assign({}, webinar, { locked: false })))
      const after = yield* readAll(webinar.id)
      assert.isFalse(after.session.locked)
      assert.deepStrictEqual(after.members, before.members)
      assert.deepStrictEqual(after.events, before.events)
      assert.strictEqual(dollars(after.listed?.cost_in_dollars), dollars(before.listed?.cost_in_dollars))
    }).pipe(Effect.provide(over())))
})

describe("a session that is read, changed and put", () => {
  it.effect("its time continues, in fractions of a second too", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const sessions = yield* RoomSessions.RoomSessions
      yield* sandbox.put(session)
      for (const locked of [true, false, true, false]) {
        yield* TestClock.adjust("1500 millis")
        const current = yield* sessions.get(session.id)
        yield* sandbox.put(new RoomSession.RoomSessionSummary(Object.assign({}, current, { locked })))
      }
      assert.strictEqual(seconds((yield* sessions.get(session.id)).duration), 16)
    }).pipe(Effect.provide(over({ sessions: [] }))))

  it.effect("what only the list has stays", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const changed = yield* sandbox.put(
        new RoomSession.RoomSessionSummary(Object.assign({}, session, { locked: true }))
      )
      assert.strictEqual(dollars(changed.cost_in_dollars), "1.5")
      assert.deepStrictEqual([changed.enable_room_previews, changed.locked_cover, changed.locked], [true, "x", true])
    }).pipe(Effect.provide(over({
      sessions: [
        RoomSessionFixture.listed(session, { cost_in_dollars: "1.5", enable_room_previews: true, locked_cover: "x" })
      ]
    }))))
})

describe("changes that are not possible", () => {
  it.effect("a change of what does not exist or is not in progress is a ChangeError with its reason", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const { members, recordings } = sandbox
      const [gone] = members
      const [finished] = recordings
      const changes = [
        [sandbox.end(unknownId), "UnknownSession", `The sandbox has no session ${unknownId}`],
        // a program in JavaScript can give anything
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        [sandbox.end(undefined as never), "UnknownSession", "The sandbox has no session undefined"],
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        [sandbox.removeMember(5 as never), "UnknownMember", "The sandbox has no member 5"],
        [sandbox.addMember(unknownId), "UnknownSession", `The sandbox has no session ${unknownId}`],
        [sandbox.record(unknownId), "UnknownSession", `The sandbox has no session ${unknownId}`],
        [sandbox.removeMember(unknownId), "UnknownMember", `The sandbox has no member ${unknownId}`],
        [sandbox.endRecording(unknownId), "UnknownRecording", `The sandbox has no recording ${unknownId}`],
        [sandbox.end(designReview.id), "Completed", "is completed"],
        [sandbox.addMember(designReview.id), "Completed", "is completed"],
        [sandbox.end(booked.id), "NotStarted", "has not started"],
        [sandbox.removeMember(gone?.id ?? ""), "MemberLeft", "is not inside"],
        [sandbox.endRecording(finished?.id ?? ""), "RecordingEnded", "has ended"]
      ] as const
      for (const [change, reason, message] of changes) {
        const error = yield* Effect.flip<unknown, SandboxSpace.ChangeError, never>(change)
        assert.strictEqual(error._tag, "ChangeError")
        assert.strictEqual(error.reason, reason)
        assert.include(error.message, message)
      }
      const { events } = yield* sandbox.contents
      assert.strictEqual(events.length, sandbox.events.length)
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.effect("a change of a session by its id in upper case is a change of that session", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const member = yield* sandbox.addMember(webinar.id.toUpperCase())
      assert.strictEqual(member.room_session_id, webinar.id)
      yield* sandbox.removeMember(member.id.toUpperCase())
      assert.strictEqual((yield* sandbox.end(webinar.id.toUpperCase())).status, "completed")
    }).pipe(Effect.provide(SandboxSpace.layerTest)))
})

describe("pages while the space changes", () => {
  const ids = (count: number, from = 1) =>
    Array.from({ length: count }, (_, index) => RoomSessionFixture.id(from + index))

  it.effect("a session that leaves a filter shifts no later page: every session is listed once", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const sessions = yield* RoomSessions.RoomSessions
      const seen = yield* collect(
        Stream.tap(sessions.list({ status: "in-progress", page_size: 3 }), ({ id }) => Effect.orDie(sandbox.end(id)))
      )
      assert.deepStrictEqual(seen.map(({ id }) => id), ids(9))
      assert.deepStrictEqual(yield* collect(sessions.list({ status: "in-progress" })), [])
    }).pipe(Effect.provide(over({ sessions: ids(9).map(id => RoomSessionFixture.inProgress({ id })) }))))

  it.effect("a session that is added during a listing is on its last page, and nothing is listed twice", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const sessions = yield* RoomSessions.RoomSessions
      const added = RoomSessionFixture.inProgress({ id: RoomSessionFixture.id(100) })
      const seen = yield* collect(Stream.tap(sessions.list({ page_size: 2 }), () => sandbox.put(added)))
      assert.deepStrictEqual(seen.map(({ id }) => id), [...ids(5), added.id])
    }).pipe(Effect.provide(over({ sessions: ids(5).map(id => RoomSessionFixture.inProgress({ id })) }))))

  it.effect("recordings that start are in the list of all recordings and by their id", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const recordings = yield* RoomRecordings.RoomRecordings
      const started = yield* sandbox.record(webinar.id)
      yield* TestClock.adjust("2 seconds")
      const ended = yield* sandbox.endRecording(started.id)
      assert.strictEqual(seconds(ended.duration), 2)
      assert.deepStrictEqual(yield* recordings.get(started.id), ended)
      assert.deepStrictEqual((yield* collect(recordings.list())).at(-1), ended)
    }).pipe(Effect.provide(over())))
})
