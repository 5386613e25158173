import { RoomRecording, RoomSession, RoomSessionEvent, RoomSessionMember } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { BigDecimal, type DateTime, Duration, Effect, Schema, Struct } from "effect"

const zero = BigDecimal.make(0n, 0)

const millis = (time: DateTime.Utc | null): number | null => (time === null ? null : time.epochMillis)

/** The start of a session, and its end or the time so far. */
const spanOf = ({ duration, start_time }: RoomSession.RoomSession): readonly [start: number, end: number] => {
  const start = millis(start_time) ?? Number.NaN
  return [start, start + Duration.toMillis(duration ?? Number.NaN)]
}

const isWithin = (time: DateTime.Utc | null, [start, end]: readonly [number, number], what: string): void => {
  if (time !== null) assert.isTrue(time.epochMillis >= start && time.epochMillis <= end, what)
}

const values = <A, K extends keyof A>(items: ReadonlyArray<A>, key: K): ReadonlySet<A[K]> =>
  new Set(items.map(item => item[key]))

const spaces = [
  ["of the seeds", SandboxSpace.layerTest],
  ["of 100 generated sessions", SandboxSpace.layerTestWith({ generate: 100 })]
] as const

for (const [name, layer] of spaces) {
  describe(`the contents ${name}`, () => {
    const test = (what: string, check: (space: SandboxSpace.Service) => void) =>
      it.live(what, () => Effect.map(SandboxSpace.SandboxSpace, check).pipe(Effect.provide(layer)))

    const own = <A extends { readonly room_session_id: string | null }>(items: ReadonlyArray<A>, id: string) =>
      items.filter(({ room_session_id }) => room_session_id === id)

    test("everything decodes from its wire form, and has an id of its own", space => {
      const roundTrips = <A extends { readonly id: string }, I>(
        schema: Schema.Schema<A, I>,
        items: ReadonlyArray<A>
      ) => {
        const decoded = items.map(item => Schema.decodeSync(schema)(Schema.encodeSync(schema)(item)))
        assert.deepStrictEqual(decoded, items)
        assert.strictEqual(values(items, "id").size, items.length)
      }
      roundTrips(RoomSession.RoomSession, space.listed)
      roundTrips(RoomSession.RoomSessionSummary, space.sessions)
      roundTrips(RoomSessionMember.RoomSessionMember, space.members)
      roundTrips(RoomSessionEvent.RoomSessionEvent, space.events)
      roundTrips(RoomRecording.RoomRecording, space.recordings)
    })

    test("members, events and recordings belong to a session of the space", ({ events, listed, members, recordings }) => {
      const ids: ReadonlySet<string | null> = values(listed, "id")
      for (const { room_session_id } of [...members, ...events, ...recordings]) assert.isTrue(ids.has(room_session_id))
      const all: ReadonlySet<string | null> = new Set([...members, ...recordings].map(({ id }) => id))
      for (const { room_participant_id, room_recording_id } of events) {
        assert.isTrue(room_participant_id === null || all.has(room_participant_id))
        assert.isTrue(room_recording_id === null || all.has(room_recording_id))
      }
    })

    test("members are inside their session's time, and their duration is their stay", ({ listed, members }) => {
      for (const session of listed) {
        const span = spanOf(session)
        for (const { duration, id, join_time, leave_time } of own(members, session.id)) {
          isWithin(join_time, span, id)
          isWithin(leave_time, span, id)
          if (session.status === "completed") assert.strictEqual(join_time === null, leave_time === null, id)
          if (join_time === null) {
            assert.isNull(duration, id)
            continue
          }
          const stay = (millis(leave_time) ?? span[1]) - join_time.epochMillis
          assert.strictEqual(Duration.toMillis(duration ?? Number.NaN), stay, id)
          assert.isAtLeast(stay, 0, id)
        }
      }
    })

    test("no more members are inside at the same time than the session allows", ({ listed, members }) => {
      for (const session of listed) {
        const inside = own(members, session.id).flatMap(({ join_time, leave_time }) => [
          ...(join_time === null ? [] : [[join_time.epochMillis, 1] as const]),
          ...(leave_time === null ? [] : [[leave_time.epochMillis, -1] as const])
        ]).toSorted(([a, x], [b, y]) => a - b || x - y)
        let count = 0
        for (const [, change] of inside) {
          count += change
          if (session.max_members !== null) assert.isAtMost(count, session.max_members, session.id)
        }
      }
    })

    test("a session costs what its members cost, and only who has left costs something", ({ listed, members }) => {
      for (const session of listed) {
        const costs = own(members, session.id).map(({ cost_in_dollars }) => cost_in_dollars ?? zero)
        assert.isTrue(BigDecimal.equals(session.cost_in_dollars ?? zero, BigDecimal.sumAll(costs)), session.id)
      }
      for (const { cost_in_dollars, id, leave_time } of members) {
        assert.strictEqual(BigDecimal.isPositive(cost_in_dollars ?? zero), leave_time !== null, id)
      }
    })

    test("recordings are inside their session's time, and only completed ones have a file and a cost", space => {
      for (const session of space.listed) {
        const span = spanOf(session)
        for (const recording of own(space.recordings, session.id)) {
          const { cost_in_dollars, duration, finished_at, id, size_in_bytes, started_at, status, uri } = recording
          isWithin(started_at, span, id)
          isWithin(finished_at, span, id)
          const length = (millis(finished_at) ?? span[1]) - (millis(started_at) ?? Number.NaN)
          assert.strictEqual(Duration.toMillis(duration ?? Number.NaN), length, id)
          const completed = status === "completed"
          assert.strictEqual(BigDecimal.isPositive(cost_in_dollars ?? zero), completed, id)
          assert.strictEqual(uri !== null && size_in_bytes !== null, completed, id)
          assert.strictEqual(finished_at !== null, completed || status === "processing", id)
        }
      }
    })

    test("the events of a session are in the order of time, from its start to its end", ({ events, listed }) => {
      for (const session of listed) {
        const found = own(events, session.id)
        const times = found.map(({ created_at }) => created_at.epochMillis)
        assert.deepStrictEqual(times, times.toSorted((a, b) => a - b), session.id)
        const names = found.map(({ name }) => name)
        assert.strictEqual(names.at(0), session.start_time === null ? undefined : "room.started", session.id)
        assert.strictEqual(names.includes("room.ended"), session.end_time !== null, session.id)
        if (session.end_time !== null) assert.strictEqual(names.at(-1), "room.ended", session.id)
        for (const { created_at, id } of found) isWithin(created_at, spanOf(session), id)
      }
    })

    test("each stay and each recording has an event of its start, and of its end if it has ended", space => {
      const count = (name: string) => space.events.filter(event => event.name === name).length
      const set = (items: ReadonlyArray<unknown>) => items.filter(item => item !== null).length
      assert.deepStrictEqual(
        ["member.joined", "member.left", "recording.started", "recording.ended"].map(count),
        [
          set(space.members.map(({ join_time }) => join_time)),
          set(space.members.map(({ leave_time }) => leave_time)),
          set(space.recordings.map(({ started_at }) => started_at)),
          set(space.recordings.map(({ finished_at }) => finished_at))
        ]
      )
    })

    it.live("two sandboxes have the same contents, but for the port in the addresses of files", () =>
      Effect.gen(function*() {
        const contents = Effect.map(
          SandboxSpace.SandboxSpace,
          Struct.pick("listed", "members", "events", "recordings")
        ).pipe(Effect.provide(layer))
        // the files have the port of their sandbox
        const [one, other] = (yield* Effect.all([contents, contents])).map(({ recordings, ...rest }) => ({
          ...rest,
          recordings: recordings.map(recording => ({ ...recording.toJSON(), uri: recording.uri?.replace(/:\d+/, "") }))
        }))
        assert.deepStrictEqual(one, other)
      }))
  })
}

it.live("the seeds have every status of a recording, and every nullable field of the other models both set and null", () =>
  Effect.gen(function*() {
    const { events, listed, members, recordings } = yield* SandboxSpace.SandboxSpace
    const both = <A>(items: ReadonlyArray<A>, ...keys: ReadonlyArray<keyof A>) => {
      for (const key of keys) {
        assert.isTrue(values(items, key).size > 1 && items.some(item => item[key] === null), String(key))
      }
    }
    both(listed, "enable_room_previews", "locked_cover")
    both(members, "name", "join_time", "leave_time", "duration")
    both(recordings, "finished_at", "size_in_bytes", "uri")
    both(events, "room_recording_id", "room_participant_id")
    assert.deepStrictEqual(
      [...values(recordings, "status")],
      ["completed", "processing", "recording", "paused"]
    )
  }).pipe(Effect.provide(SandboxSpace.layerTest)))
