import { RoomRecordings, RoomSession, RoomSessions } from "@effect-signalwire/core"
import type { Page, RoomRecording, RoomSessionEvent, RoomSessionMember } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { BigDecimal, Cause, Chunk, Effect, Exit, Layer, Option, Stream } from "effect"

/** The client of production over a sandbox. */
const over = (options: Partial<SandboxSpace.Options>) => SandboxSpace.layerWired(NodeSignalWire.layer, options)

const overSeeds = over({})

const collect = <A, E, R>(stream: Stream.Stream<A, E, R>): Effect.Effect<ReadonlyArray<A>, E, R> =>
  Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray)

const unknownId = "00000000-0000-4000-8000-000000000000"
const [designReview, standUp, webinar, adHocCall, booked, missed] = SandboxSpace.seeds

describe("the client lists the seeds", () => {
  it.live("the list has each seed with its cost, in their order", () =>
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      const listed = yield* collect(sessions.list())
      assert.deepStrictEqual(listed, (yield* SandboxSpace.SandboxSpace).listed)
      assert.deepStrictEqual(listed.map(({ id }) => id), SandboxSpace.seeds.map(({ id }) => id))
      assert.deepStrictEqual(
        listed.map(({ cost_in_dollars }) => cost_in_dollars === null ? null : BigDecimal.format(cost_in_dollars)),
        ["0.81", "0.176", "0.048", "0", "0", "0"]
      )
    }).pipe(Effect.provide(overSeeds)))

  it.live("pages of every size have the same sessions, each once", () =>
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      const all = yield* collect(sessions.list())
      for (const page_size of [1, 2, 3, 5, 6, 7, 1000]) {
        const before = (yield* (yield* SandboxSpace.SandboxSpace).requests).length
        assert.deepStrictEqual(yield* collect(sessions.list({ page_size })), all, String(page_size))
        const requests = (yield* (yield* SandboxSpace.SandboxSpace).requests).length - before
        assert.strictEqual(requests, Math.ceil(all.length / page_size), String(page_size))
      }
    }).pipe(Effect.provide(overSeeds)))

  const filters: ReadonlyArray<
    readonly [what: string, RoomSessions.ListOptions, ReadonlyArray<RoomSession.RoomSessionSummary>]
  > = [
    ["a room id", { room_id: webinar.room_id ?? "" }, [webinar]],
    ["a room id in upper case", { room_id: (webinar.room_id ?? "").toUpperCase() }, [webinar]],
    ["the id of no room", { room_id: unknownId }, []],
    ["a room name", { room_name: "design-review" }, [designReview]],
    ["a part of a room name", { room_name: "design" }, []],
    ["a part that a room name contains", { room_name_matches: "view" }, [designReview, booked]],
    ["a part that is no pattern", { room_name_matches: ".*" }, []],
    ["completed sessions", { status: "completed" }, [designReview, standUp, missed]],
    ["sessions in progress", { status: "in-progress" }, [webinar, adHocCall]],
    ["several filters", { status: "in-progress", room_name_matches: "-" }, [webinar, adHocCall]],
    ["filters that nothing matches", { status: "completed", room_name: "product-webinar" }, []]
  ]

  it.live("a list has only the sessions that its filters match, on pages of any size", () =>
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      for (const [what, filter, expected] of filters) {
        for (const page_size of [1, 50]) {
          const found = yield* collect(sessions.list({ ...filter, page_size }))
          assert.deepStrictEqual(found.map(({ id }) => id), expected.map(({ id }) => id), `${what}, ${page_size}`)
        }
      }
    }).pipe(Effect.provide(overSeeds)))

  it.live("a list resumes from the next of any page", () =>
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      const all = yield* collect(sessions.list())
      let next: Page.PageToken | null = null
      for (const start of [0, 2, 4]) {
        const page: Page.Page<RoomSession.RoomSession> = yield* sessions.listPage({
          page_size: 2,
          resumeFrom: next ?? undefined
        })
        assert.deepStrictEqual(page.items, all.slice(start, start + 2))
        next = page.next
        const rest = next === null ? [] : yield* collect(sessions.list({ resumeFrom: next }))
        assert.deepStrictEqual(rest, all.slice(start + 2))
      }
      assert.isNull(next)
    }).pipe(Effect.provide(overSeeds)))

  it.live("a token of a list with other filters is UnprocessableContent with the vendor's code", () =>
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      const { next } = yield* sessions.listPage({ page_size: 1, status: "completed" })
      const error = yield* Effect.flip(sessions.listPage({ resumeFrom: next ?? undefined }))
      assert.strictEqual(error._tag, "SignalWireUnprocessableContent")
      assert.deepInclude("details" in error ? error.details[0] : {}, {
        code: "page_token_is_invalid",
        message: "Page token is invalid"
      })
    }).pipe(Effect.provide(overSeeds)))

  it.live("an item of the list has the 26 fields of get and three more", () =>
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      for (const listed of yield* collect(sessions.list())) {
        const { cost_in_dollars: _c, enable_room_previews: _e, locked_cover: _l, ...same } = listed.toJSON()
        assert.deepStrictEqual((yield* sessions.get(listed.id)).toJSON(), same)
      }
    }).pipe(Effect.provide(overSeeds)))
})

describe("the client lists what belongs to a session", () => {
  it.live("members, events and recordings of each session are those of the space, over several pages", () =>
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      const space = yield* SandboxSpace.SandboxSpace
      for (const { id } of space.sessions) {
        const own = <A extends { readonly room_session_id: string | null }>(items: ReadonlyArray<A>) =>
          items.filter(({ room_session_id }) => room_session_id === id)
        assert.deepStrictEqual(yield* collect(sessions.members(id)), own(space.members))
        assert.deepStrictEqual(yield* collect(sessions.members(id, { page_size: 1 })), own(space.members))
        assert.deepStrictEqual(yield* collect(sessions.events(id, { page_size: 7 })), own(space.events))
        assert.deepStrictEqual(yield* collect(sessions.recordings(id, { page_size: 1 })), own(space.recordings))
      }
      // a page without a size has 50 members, and the webinar 60
      assert.lengthOf(yield* collect(sessions.members(webinar.id)), 60)
    }).pipe(Effect.provide(overSeeds)))

  it.live("the lists of an unknown session are empty, and of an id in upper case the same", () =>
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      const lists = (id: string) =>
        Effect.all([
          collect(sessions.members(id)),
          collect(sessions.events(id)),
          collect(sessions.recordings(id, { mediaTtl: "1 hour" }))
        ])
      assert.deepStrictEqual(yield* lists(unknownId), [[], [], []])
      assert.deepStrictEqual(yield* lists(webinar.id.toUpperCase()), yield* lists(webinar.id))
    }).pipe(Effect.provide(overSeeds)))

  it.live("a recording is found by its id, in the list of all recordings, and with its events", () =>
    Effect.gen(function*() {
      const recordings = yield* RoomRecordings.RoomRecordings
      const space = yield* SandboxSpace.SandboxSpace
      const all = yield* collect(recordings.list({ page_size: 2, mediaTtl: "1 minute" }))
      assert.deepStrictEqual(all, space.recordings)
      for (const recording of all) {
        assert.deepStrictEqual(yield* recordings.get(recording.id), recording)
        const events = yield* collect(recordings.events(recording.id, { page_size: 1 }))
        assert.deepStrictEqual(
          events.map(({ name }) => name),
          recording.finished_at === null ? ["recording.started"] : ["recording.started", "recording.ended"]
        )
        assert.isTrue(events.every(({ room_recording_id }) => room_recording_id === recording.id))
      }
      const error = yield* Effect.flip(recordings.get(unknownId))
      assert.strictEqual(error._tag, "SignalWireNotFound")
      assert.deepStrictEqual(yield* collect(recordings.events(unknownId)), [])
    }).pipe(Effect.provide(overSeeds)))
})

const session = RoomSessionFixture.completed({ duration: "1 hour", start_time: "2026-11-24T09:00:00Z" })

describe("a space of a test", () => {
  it.live("a given RoomSessionSummary is listed without a cost, and has no members, events and recordings", () =>
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      assert.deepStrictEqual((yield* collect(sessions.list())).map(one => one.toJSON()), [{
        ...session.toJSON(),
        cost_in_dollars: 0,
        enable_room_previews: false,
        locked_cover: "https://covers.example.com/locked.png"
      }])
      const { id } = session
      assert.deepStrictEqual(
        yield* Effect.all([
          collect(sessions.members(id)),
          collect(sessions.events(id)),
          collect(sessions.recordings(id))
        ]),
        [[], [], []]
      )
    }).pipe(Effect.provide(over({ sessions: [session] }))))

  it.live("a given RoomSession is listed unchanged, and get returns it without the fields of the list", () =>
    Effect.gen(function*() {
      const listed = new RoomSession.RoomSession({
        ...decodedFields(session),
        cost_in_dollars: BigDecimal.unsafeFromString("1.25"),
        enable_room_previews: true,
        locked_cover: null
      })
      yield* Effect.gen(function*() {
        const sessions = yield* RoomSessions.RoomSessions
        assert.deepStrictEqual(yield* collect(sessions.list()), [listed])
        assert.deepStrictEqual(yield* sessions.get(session.id), session)
      }).pipe(Effect.provide(over({ sessions: [listed] })))
    }))

  it.live("given members, events and recordings are served, and the session costs what its members cost", () =>
    Effect.gen(function*() {
      const contents = yield* borrowed
      yield* Effect.gen(function*() {
        const sessions = yield* RoomSessions.RoomSessions
        assert.deepStrictEqual(yield* collect(sessions.members(designReview.id)), contents.members)
        assert.deepStrictEqual(yield* collect(sessions.events(designReview.id)), contents.events)
        assert.deepStrictEqual(yield* collect(sessions.recordings(designReview.id)), contents.recordings)
        const [listed] = yield* collect(sessions.list())
        assert.strictEqual(
          listed?.cost_in_dollars === null ? "" : BigDecimal.format(listed?.cost_in_dollars ?? zero),
          "0.81"
        )
      }).pipe(Effect.provide(over({ sessions: [designReview], ...contents })))
    }))

  it.live("two members, events or recordings with the same id are a defect that names the id", () =>
    Effect.gen(function*() {
      const { events, members, recordings } = yield* borrowed
      for (
        const [kind, item, options] of [
          ["members", members[0], { members: [...members, ...members] }],
          ["events", events[0], { events: [...events, ...events] }],
          ["recordings", recordings[0], { recordings: [...recordings, ...recordings] }]
        ] as const
      ) {
        assert.include(yield* defectOf(options), `SandboxSpace: two of the given ${kind} have the id ${item?.id}`)
      }
    }))

  for (const generate of [-1, 1.5, 100_001, Number.NaN]) {
    it.live(`${generate} sessions to generate is a defect that says what is accepted`, () =>
      Effect.map(
        defectOf({ generate }),
        message => assert.include(message, `expected a whole number from 0 to 100,000 as generate, got ${generate}`)
      ))
  }

  it.live("2,500 generated sessions are listed in three pages of 1,000, each once, after the given ones", () =>
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      const space = yield* SandboxSpace.SandboxSpace
      const listed = yield* collect(sessions.list({ page_size: 1000 }))
      assert.lengthOf(listed, 2501)
      assert.strictEqual(listed[0]?.id, session.id)
      assert.strictEqual(new Set(listed.map(({ id }) => id)).size, 2501)
      assert.lengthOf(yield* space.requests, 3)
      const last = listed.at(-1)
      const members = yield* collect(sessions.members(last?.id ?? ""))
      assert.lengthOf(members, 2)
      assert.strictEqual(
        sumOf(members),
        last?.cost_in_dollars === null ? "" : BigDecimal.format(last?.cost_in_dollars ?? zero)
      )
      assert.lengthOf(yield* collect(sessions.list({ room_name: "room-7", page_size: 1000 })), 125)
    }).pipe(Effect.provide(over({ sessions: [session], generate: 2500 }))))
})

const zero = BigDecimal.make(0n, 0)

const sumOf = (members: ReadonlyArray<RoomSessionMember.RoomSessionMember>): string =>
  BigDecimal.format(BigDecimal.sumAll(members.map(({ cost_in_dollars }) => cost_in_dollars ?? zero)))

const decodedFields = (summary: RoomSession.RoomSessionSummary) => {
  const { id, ...fields } = summary
  return { id, ...fields }
}

interface Borrowed {
  readonly members: ReadonlyArray<RoomSessionMember.RoomSessionMember>
  readonly events: ReadonlyArray<RoomSessionEvent.RoomSessionEvent>
  readonly recordings: ReadonlyArray<RoomRecording.RoomRecording>
}

/** What belongs to the first seed. */
const borrowed: Effect.Effect<Borrowed, Layer.Layer.Error<typeof SandboxSpace.layerTest>> = Effect.map(
  SandboxSpace.SandboxSpace,
  ({ events, members, recordings }) => ({
    members: members.filter(({ room_session_id }) => room_session_id === designReview.id),
    events: events.filter(({ room_session_id }) => room_session_id === designReview.id),
    recordings: recordings.filter(({ room_session_id }) => room_session_id === designReview.id)
  })
).pipe(Effect.provide(SandboxSpace.layerTest))

/** The message of the defect with which a sandbox does not start. */
const defectOf = (options: Parameters<typeof SandboxSpace.layerTestWith>[0]): Effect.Effect<string> =>
  Effect.map(Effect.exit(Effect.scoped(Layer.build(SandboxSpace.layerTestWith(options)))), exit => {
    const defect = Exit.isFailure(exit) ? Option.getOrNull(Cause.dieOption(exit.cause)) : null
    return defect instanceof Error ? defect.message : String(defect)
  })
