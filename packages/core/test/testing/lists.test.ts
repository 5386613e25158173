import { type Page, RoomRecordings, RoomSessions, SignalWireError } from "@effect-signalwire/core"
import {
  CallJournal,
  RoomRecordingFixture,
  RoomSessionEventFixture,
  RoomSessionFixture,
  RoomSessionMemberFixture,
  RoomSessionsTest,
  Script,
  ScriptedTransport
} from "@effect-signalwire/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Brand, Cause, Chunk, Effect, Equal, Exit, Fiber, type Layer, Stream, TestClock } from "effect"

const id = RoomSessionFixture.id

const session = (n: number, fields: RoomSessionFixture.CompletedFields = {}) =>
  RoomSessionFixture.listed(RoomSessionFixture.completed({ id: id(n), ...fields }))

type List<A, E> = (service: RoomSessions.Service) => Stream.Stream<A, E>

const collect = <A, E>(use: List<A, E>) =>
  Effect.flatMap(RoomSessions.RoomSessions, service => Stream.runCollect(use(service))).pipe(
    Effect.map(Chunk.toReadonlyArray)
  )

const idsOf = <E>(use: List<{ readonly id: string }, E>) =>
  Effect.map(collect(use), items => items.map(item => item.id))

const calls = Effect.flatMap(CallJournal.CallJournal, journal => journal.calls)

/** The message of the defect that an effect ends with. */
const defect = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.exit(effect), exit => {
    assert.isTrue(Exit.isFailure(exit), "expected a defect, got a success")
    return Exit.isFailure(exit) ? Cause.prettyErrors(exit.cause).map(error => error.message) : []
  })

describe("RoomSessionsTest.layer with lists", () => {
  const summary = RoomSessionFixture.inProgress({ id: id(2), name: "retro" })
  const inProgress = RoomSessionFixture.listed(summary)
  const sessions = [session(1), inProgress, session(3, { name: "standup-emea", room_id: null })]

  it.effect("a layer over a list of sessions lists them, and gets each of them", () =>
    Effect.gen(function*() {
      const service = yield* RoomSessions.RoomSessions
      assert.deepStrictEqual(yield* collect(service => service.list()), sessions)
      assert.deepStrictEqual(yield* service.get(id(2)), summary)
    }).pipe(Effect.provide(RoomSessionsTest.layer(sessions))))

  it.effect("a session of get is listed with null for the fields that only lists have", () =>
    Effect.gen(function*() {
      const [listed] = yield* collect(service => service.list())
      assert.deepInclude(listed, { id: id(), cost_in_dollars: null, enable_room_previews: null, locked_cover: null })
    }).pipe(Effect.provide(RoomSessionsTest.layer([RoomSessionFixture.completed()]))))

  it.effect.each<readonly [what: string, options: RoomSessions.ListOptions, numbers: ReadonlyArray<number>]>([
    ["a status", { status: "in-progress" }, [2]],
    ["a name", { room_name: "standup" }, [1]],
    ["a part of a name", { room_name_matches: "standup" }, [1, 3]],
    ["a room, in either case", { room_id: String(inProgress.room_id).toUpperCase() }, [1, 2]],
    ["several filters", { room_name_matches: "standup", room_id: String(inProgress.room_id) }, [1]],
    ["a name that no session has", { room_name: "none" }, []]
  ])("a list is filtered by %s", ([, options, numbers]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* idsOf(service => service.list(options)), numbers.map(id))
    }).pipe(Effect.provide(RoomSessionsTest.layer({ sessions }))))

  it.effect("a list is served in pages, each a call of the journal with its parameters", () =>
    Effect.gen(function*() {
      const ids = yield* idsOf(service => service.list({ status: "completed", page_size: 1 }))
      assert.deepStrictEqual(ids, [1, 3].map(id))
      const made = yield* calls
      assert.deepStrictEqual(made.map(({ operation, result }) => [operation, result]), [
        ["RoomSessions.list", "Success"],
        ["RoomSessions.list", "Success"]
      ])
      const [first, second] = yield* Effect.flatMap(
        CallJournal.CallJournal,
        journal => journal.callsOf("RoomSessions.list")
      )
      assert.deepInclude(first?.parameters, { status: "completed", page_size: 1 })
      assert.isUndefined(first?.parameters.page_token)
      assert.deepInclude(second?.parameters, { status: "completed", page_size: 1, page_token: "after-1" })
    }).pipe(Effect.provide(RoomSessionsTest.layer({ sessions }))))

  it.effect("a page has 50 items by default, and its next is where the list resumes", () =>
    Effect.gen(function*() {
      const service = yield* RoomSessions.RoomSessions
      const { items, next } = yield* service.listPage()
      assert.strictEqual(items.length, 50)
      assert.isNotNull(next)
      const rest = yield* idsOf(service => service.list({ resumeFrom: next ?? undefined }))
      assert.deepStrictEqual(rest, [id(51)])
    }).pipe(Effect.provide(RoomSessionsTest.layer(Array.from({ length: 51 }, (_, n) => session(n + 1))))))

  it.effect("an unknown page token is UnprocessableContent, and a page size out of range is InvalidRequest", () =>
    Effect.gen(function*() {
      const service = yield* RoomSessions.RoomSessions
      const resumeFrom = Brand.nominal<Page.PageToken>()("page_token=x")
      const unknown = yield* Effect.flip(service.listPage({ resumeFrom }))
      assert.deepInclude(unknown, { _tag: "SignalWireUnprocessableContent", operation: "RoomSessions.list" })
      const invalid = yield* Effect.flip(service.listPage({ page_size: 1001 }))
      assert.deepInclude(invalid, { _tag: "SignalWireInvalidRequest", parameter: "page_size" })
    }).pipe(Effect.provide(RoomSessionsTest.layer({ sessions }))))

  const members = [
    RoomSessionMemberFixture.left({ room_session_id: id(1) }),
    RoomSessionMemberFixture.joined({ id: RoomSessionMemberFixture.id(2), room_session_id: id(2) }),
    RoomSessionMemberFixture.left({ id: RoomSessionMemberFixture.id(3), room_session_id: id(1) })
  ] as const
  const recordings = [
    RoomRecordingFixture.completed({ room_session_id: id(1) }),
    RoomRecordingFixture.inProgress({ id: RoomRecordingFixture.id(2), room_session_id: id(2) })
  ] as const
  const events = [
    RoomSessionEventFixture.make({ room_session_id: id(1) }),
    RoomSessionEventFixture.make({
      id: RoomSessionEventFixture.id(2),
      name: "recording.started",
      room_session_id: id(2),
      room_recording_id: RoomRecordingFixture.id(2)
    })
  ] as const
  const all = RoomSessionsTest.layer({ sessions, members, events, recordings })

  it.effect("members, events and recordings are those of the session, in pages", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* collect(service => service.members(id(1), { page_size: 1 })), [
        members[0],
        members[2]
      ])
      assert.deepStrictEqual(yield* collect(service => service.events(id(2).toUpperCase())), [events[1]])
      assert.deepStrictEqual(yield* collect(service => service.recordings(id(1), { mediaTtl: "1 hour" })), [
        recordings[0]
      ])
      assert.deepStrictEqual(yield* collect(service => service.members(id(3))), [])
      assert.deepStrictEqual((yield* calls).map(({ operation }) => operation), [
        "RoomSessions.members",
        "RoomSessions.members",
        "RoomSessions.events",
        "RoomSessions.recordings",
        "RoomSessions.members"
      ])
    }).pipe(Effect.provide(all)))

  it.effect("the layer provides RoomRecordings: a recording by its id, all of them, and the events of one", () =>
    Effect.gen(function*() {
      const service = yield* RoomRecordings.RoomRecordings
      assert.strictEqual(yield* service.get(RoomRecordingFixture.id(2)), recordings[1])
      const missing = yield* Effect.flip(service.get(RoomRecordingFixture.id(9)))
      assert.deepInclude(missing, { _tag: "SignalWireNotFound", operation: "RoomRecordings.get" })
      assert.deepStrictEqual(Chunk.toReadonlyArray(yield* Stream.runCollect(service.list())), recordings)
      assert.deepStrictEqual((yield* service.listPage({ page_size: 1 })).items, [recordings[0]])
      const found = yield* Stream.runCollect(service.events(RoomRecordingFixture.id(2)))
      assert.deepStrictEqual(Chunk.toReadonlyArray(found), [events[1]])
    }).pipe(Effect.provide(all)))

  it.effect.each<
    readonly [what: string, layer: Layer.Layer<RoomSessionsTest.Services>, message: string]
  >([
    [
      "members of a layer without members",
      RoomSessionsTest.layer({ sessions }),
      "RoomSessionsTest.layer: RoomSessions.members was called, and no members are given"
    ],
    [
      "members of sessions by id",
      RoomSessionsTest.layer({ [id(1)]: session(1) }),
      "RoomSessionsTest.layer: RoomSessions.members was called, and sessions by id provide RoomSessions.get alone"
    ],
    [
      "two members with one id",
      RoomSessionsTest.layer({ members: [RoomSessionMemberFixture.left(), RoomSessionMemberFixture.joined()] }),
      "RoomSessionsTest.layer: two members have the same id. RoomSessionMemberFixture.id(2) is the id of a second member"
    ],
    [
      "an event of a session that is not given",
      RoomSessionsTest.layer({ sessions, events: [RoomSessionEventFixture.make({ room_session_id: id(9) })] }),
      `RoomSessionsTest.layer: the event ${RoomSessionEventFixture.id()} is of the session ${id(9)}, which is not given`
    ],
    [
      "members of layerPartial that are not given",
      RoomSessionsTest.layerPartial({ list: () => Stream.empty }),
      "RoomSessionsTest.layerPartial: RoomSessions.members was called and is not given"
    ]
  ])("%s end the test with a defect", ([, layer, message]) =>
    Effect.gen(function*() {
      const messages = yield* defect(Effect.provide(collect(service => service.members(id())), layer))
      assert.deepStrictEqual(messages, [message])
    }))
})

describe("RoomSessionsTest.layerPartial with lists", () => {
  it.effect("functions of both services can be given", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* idsOf(service => service.list()), [id(7)])
      const recordings = yield* RoomRecordings.RoomRecordings
      assert.strictEqual((yield* recordings.get("any")).id, RoomRecordingFixture.id())
    }).pipe(Effect.provide(RoomSessionsTest.layerPartial(
      { list: () => Stream.make(session(7)) },
      { get: () => Effect.succeed(RoomRecordingFixture.completed()) }
    ))))
})

describe("RoomSessionsTest.layerScript with lists", () => {
  it.effect("pages respond to the calls of a list by their parameters", () =>
    Effect.gen(function*() {
      const ids = idsOf(service => service.list({ status: "completed" }))
      assert.deepStrictEqual(yield* ids, [1, 2, 3].map(id))
      const error = yield* Effect.flip(idsOf(service => service.list({ status: "in-progress" })))
      assert.strictEqual(error._tag, "SignalWireServerUnavailable")
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([
      Script.when("RoomSessions.list", { page_token: "b c&d" }, [Script.page([session(3)])]),
      Script.when("RoomSessions.list", { status: "completed" }, [
        Script.page([session(1), session(2)], { next: "b c&d" })
      ]),
      Script.when("RoomSessions.list", {}, [new SignalWireError.ServerUnavailable()])
    ]))))

  it.effect("an error that was made without an operation has that of the call, with its other fields", () =>
    Effect.gen(function*() {
      const members = yield* Effect.flip(collect(service => service.members(id())))
      const details = [new SignalWireError.ErrorDetail({ code: "page_token_is_invalid" })]
      assert.isTrue(Equal.equals(
        members,
        new SignalWireError.UnprocessableContent({ operation: "RoomSessions.members", requestId: "r-1", details })
      ))
      assert.match(members.message, /^RoomSessions\.members: /)
      const list = yield* Effect.flip(idsOf(service => service.list()))
      assert.strictEqual(list.operation, "RoomSessions.list")
      const given = yield* Effect.flip(idsOf(service => service.list()))
      assert.strictEqual(given.operation, "RoomSessions.events")
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([
      new SignalWireError.UnprocessableContent({
        requestId: "r-1",
        details: [new SignalWireError.ErrorDetail({ code: "page_token_is_invalid" })]
      }),
      Effect.delay(new SignalWireError.ServerUnavailable({ status: 503 }), 0),
      new SignalWireError.RateLimited({ operation: "RoomSessions.events" })
    ]))))

  it.effect("a page that is left is a defect that counts its items", () =>
    Effect.gen(function*() {
      const script = RoomSessionsTest.layerScript([Script.page([session(1)]), Script.page([session(2), session(3)])])
      const messages = yield* defect(Effect.provide(idsOf(service => service.list()), script))
      assert.include(messages.join(), "2 of 2: page of 2")
    }))

  it.effect("a page of another list is a defect that names the operation", () =>
    Effect.gen(function*() {
      const script = RoomSessionsTest.layerScript([Script.page([session(1)])])
      const messages = yield* defect(Effect.provide(collect(service => service.members(id())), script))
      assert.deepStrictEqual(messages, [
        "RoomSessionsTest.layerScript: a response to RoomSessions.members is not a success of this operation"
      ])
    }))
})

describe("RoomSessionsTest.layerTransport with lists", () => {
  it.effect("pages go through the real pipeline, with retries for each page", () =>
    Effect.gen(function*() {
      const listing = yield* Effect.fork(collect(service => service.list({ page_size: 2 })))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* Fiber.join(listing), [session(1), session(2), session(3)])
      assert.deepStrictEqual((yield* calls).map(({ attempts }) => attempts), [1, 3])
    }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
      ScriptedTransport.page([session(1), session(2)], { next: "b" }),
      ScriptedTransport.status(500),
      ScriptedTransport.status(503),
      ScriptedTransport.page([session(3)])
    ]))))

  it.effect("pages of members, events and recordings, and a recording, go through the real pipeline", () =>
    Effect.gen(function*() {
      const [member, event, recording] = [
        RoomSessionMemberFixture.left(),
        RoomSessionEventFixture.make(),
        RoomRecordingFixture.completed()
      ]
      assert.deepStrictEqual(yield* collect(service => service.members(id())), [member])
      assert.deepStrictEqual(yield* collect(service => service.events(id())), [event])
      assert.deepStrictEqual(yield* collect(service => service.recordings(id())), [recording])
      const recordings = yield* RoomRecordings.RoomRecordings
      assert.deepStrictEqual(yield* recordings.get(recording.id), recording)
    }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
      Script.when("RoomSessions.members", { id: id() }, [
        ScriptedTransport.page([RoomSessionMemberFixture.left()])
      ]),
      Script.when("RoomSessions.events", {}, [ScriptedTransport.page([RoomSessionEventFixture.make()])]),
      Script.when("RoomSessions.recordings", {}, [ScriptedTransport.page([RoomRecordingFixture.completed()])]),
      Script.when("RoomRecordings.get", {}, [ScriptedTransport.ok(RoomRecordingFixture.completed())])
    ]))))

  it.effect("a 422 is UnprocessableContent with the detail of the contract, after the items before it", () =>
    Effect.gen(function*() {
      const service = yield* RoomSessions.RoomSessions
      const items: Array<string> = []
      const error = yield* Effect.flip(
        Stream.runForEach(service.list(), ({ id }) => Effect.sync(() => void items.push(id)))
      )
      assert.deepStrictEqual(items, [id(1)])
      assert.isTrue(
        error._tag === "SignalWireUnprocessableContent" && error.details[0]?.code === "page_token_is_invalid"
      )
    }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
      ScriptedTransport.page([session(1)], { next: "b" }),
      ScriptedTransport.status(422)
    ]))))
})
