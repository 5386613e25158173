import { type Page, type RoomSession, SignalWireError } from "@effect-signalwire/core"
import {
  CallJournal,
  RoomRecordingFixture,
  RoomSessionFixture,
  RoomSessionMemberFixture,
  RoomSessionsTest,
  Script,
  ScriptedTransport
} from "@effect-signalwire/core/testing"
import { HttpClient, HttpClientResponse } from "@effect/platform"
import { assert, it } from "@effect/vitest"
import { Chunk, Effect, Fiber, Layer, Stream, TestClock } from "effect"
import { copySessions } from "../src/copySessions.ts"
import { exportCompleted } from "../src/exportSessions.ts"
import { liveMembers } from "../src/liveMembers.ts"
import { recordingFile } from "../src/recordingFile.ts"

const retro = RoomSessionFixture.completed({ name: "the \"retro\"", duration: "45 minutes" })
const sessions = [
  RoomSessionFixture.listed(retro, { cost_in_dollars: "0.125" }),
  RoomSessionFixture.listed(RoomSessionFixture.inProgress({ id: RoomSessionFixture.id(2) }))
]

it.effect("the export has the duration and the cost of each completed session", () =>
  Effect.gen(function*() {
    const lines = yield* Stream.mkString(exportCompleted)
    assert.strictEqual(lines, `${RoomSessionFixture.id(1)},"the ""retro""",2700,0.125\n`)

    const journal = yield* CallJournal.CallJournal
    const [call] = yield* journal.callsOf("RoomSessions.list")
    assert.strictEqual(call?.parameters.status, "completed")
  }).pipe(Effect.provide(RoomSessionsTest.layer(sessions))))

it.effect("a name that is a formula of a spreadsheet begins with an apostrophe in the export", () =>
  Effect.gen(function*() {
    const lines = yield* Stream.mkString(exportCompleted)
    assert.include(lines, `,"'=HYPERLINK(""https://example.com"")",`)
  }).pipe(Effect.provide(RoomSessionsTest.layer([
    RoomSessionFixture.listed(RoomSessionFixture.completed({ display_name: "=HYPERLINK(\"https://example.com\")" }))
  ]))))

const members = [
  RoomSessionMemberFixture.joined({ room_session_id: RoomSessionFixture.id(2), name: "Ada" }),
  RoomSessionMemberFixture.left({
    id: RoomSessionMemberFixture.id(2),
    room_session_id: RoomSessionFixture.id(2),
    name: "Grace"
  })
]

it.effect("the live members are those that have not left a session in progress", () =>
  Effect.gen(function*() {
    const found = Chunk.toReadonlyArray(yield* Stream.runCollect(liveMembers))
    assert.deepStrictEqual(found.map(({ member, session }) => [session, member.name]), [["standup", "Ada"]])
  }).pipe(Effect.provide(RoomSessionsTest.layer({ sessions, members }))))

const session = (n: number) => RoomSessionFixture.listed(RoomSessionFixture.completed({ id: RoomSessionFixture.id(n) }))

/** A store in memory, with the token of the next page. */
const makeStore = () => {
  const saved: Array<string> = []
  let next: Page.PageToken | undefined
  return {
    saved,
    resumeFrom: () => next,
    save: (page: Page.Page<RoomSession.RoomSession>) =>
      Effect.sync(() => {
        saved.push(...page.items.map(({ id }) => id))
        next = page.next ?? undefined
      })
  }
}

it.effect("a copy continues from the last saved page", () =>
  Effect.gen(function*() {
    const store = makeStore()
    const error = yield* Effect.flip(copySessions(store))
    assert.strictEqual(error._tag, "SignalWireServerUnavailable")
    assert.deepStrictEqual(store.saved, [RoomSessionFixture.id(1)])

    yield* copySessions(store, store.resumeFrom())
    assert.deepStrictEqual(store.saved, [RoomSessionFixture.id(1), RoomSessionFixture.id(2)])
  }).pipe(Effect.provide(RoomSessionsTest.layerScript([
    Script.when("RoomSessions.list", { page_token: "b" }, [
      new SignalWireError.ServerUnavailable(),
      Script.page([session(2)])
    ]),
    Script.when("RoomSessions.list", {}, [Script.page([session(1)], { next: "b" })])
  ]))))

it.effect("each page has retries of its own", () =>
  Effect.gen(function*() {
    const exporting = yield* Effect.fork(Stream.runCount(exportCompleted))
    yield* TestClock.adjust("1 minute")
    assert.strictEqual(yield* Fiber.join(exporting), 2)

    const journal = yield* CallJournal.CallJournal
    assert.deepStrictEqual((yield* journal.calls).map(call => call.attempts), [1, 2])
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
    ScriptedTransport.page([session(1)], { next: "b" }),
    ScriptedTransport.status(503),
    ScriptedTransport.page([session(2)])
  ]))))

const recording = RoomRecordingFixture.completed({ size_in_bytes: null })

/** The host of the files: it has the file of each link. */
const files = Layer.succeed(
  HttpClient.HttpClient,
  HttpClient.make((request, url) =>
    Effect.succeed(HttpClientResponse.fromWeb(request, new Response(`file of ${url.href}`)))
  )
)

it.effect("the file of a recording comes from its link", () =>
  Effect.gen(function*() {
    const text = yield* recordingFile(recording.id).pipe(Stream.decodeText(), Stream.mkString)
    assert.strictEqual(text, `file of ${recording.uri}`)
  }).pipe(Effect.provide([files, RoomSessionsTest.layer({ recordings: [recording] })])))
