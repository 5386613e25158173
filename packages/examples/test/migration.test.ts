import { RoomSession, RoomSessions, SignalWireError } from "@effect-signalwire/core"
import {
  RoomSessionFixture,
  RoomSessionMemberFixture,
  RoomSessionsTest,
  ScriptedTransport
} from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it, vi } from "@effect/vitest"
import { BigDecimal, Effect, Equal, ManagedRuntime, Redacted, Runtime } from "effect"
import { client, makeClient, namesInProgress, runtime } from "../src/migration.ts"
import { plainFields } from "../src/migrationValues.ts"

it.live("promises and an AsyncIterable take the place of the vendor's client", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    vi.stubEnv("SIGNALWIRE_REST_BASE_URL", sandbox.url)
    vi.stubEnv("SIGNALWIRE_PROJECT_ID", sandbox.projectId)
    vi.stubEnv("SIGNALWIRE_API_TOKEN", Redacted.value(sandbox.apiToken))

    const [first] = SandboxSpace.seeds
    const session = yield* Effect.promise(() => client.getSession(first.id))
    assert.strictEqual(session?.display_name, "Design review")
    assert.isNull(yield* Effect.promise(() => client.getSession("ffffffff-ffff-4fff-8fff-ffffffffffff")))
    assert.isNull(yield* Effect.promise(() => client.getSession("not-a-uuid")))

    assert.lengthOf(yield* Effect.promise(namesInProgress), 2)
    const statuses = yield* Effect.promise(async () => {
      const generate = async function*() {
        yield* await client.sessionsInProgress()
      }
      const found: Array<string | null> = []
      for await (const { status } of generate()) found.push(status)
      return found
    })
    assert.deepStrictEqual(statuses, ["in-progress", "in-progress"])
  }).pipe(
    Effect.ensuring(Effect.promise(async () => {
      vi.unstubAllEnvs()
      await runtime.dispose()
    })),
    Effect.provide(SandboxSpace.layerTest)
  ))

it("runPromise rejects with a FiberFailure, and for await with the error itself", async () => {
  const unauthorized = ScriptedTransport.status(401)
  const runtime = ManagedRuntime.make(RoomSessionsTest.layerTransport([unauthorized, unauthorized]))
  const client = makeClient(runtime)
  const rejection = await client.getSession(RoomSessionFixture.id()).catch((error: unknown) => error)
  assert.isTrue(Runtime.isFiberFailure(rejection))
  assert.notInstanceOf(rejection, SignalWireError.Unauthorized)

  const iterator = (await client.sessionsInProgress())[Symbol.asyncIterator]()
  const error = await iterator.next().catch((error: unknown) => error)
  assert.instanceOf(error, SignalWireError.Unauthorized)
  await runtime.dispose()
})

/** What docs/migration.md says about values. */
describe("a value in memory", () => {
  const [session, other] = [RoomSessionFixture.completed(), RoomSessionFixture.completed()]

  it("is compared by Equal or by its milliseconds, and not by ===", () => {
    const [date, same] = [session.updated_at, other.updated_at]
    assert.isFalse(date === same)
    assert.isTrue(Equal.equals(date, same))
    assert.strictEqual(date?.epochMillis, same?.epochMillis)
  })

  it("of 0 is truthy", () => {
    const { cost_in_dollars, duration } = RoomSessionFixture.listed(
      RoomSessionFixture.completed({ duration: "0 seconds" }),
      { cost_in_dollars: "0" }
    )
    assert.isTrue(Boolean(cost_in_dollars))
    assert.isTrue(Boolean(duration))
  })

  it("is as on the wire in the JSON of a whole session, and not in that of its fields", () => {
    const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
    const wireDuration = { _id: "Duration", _tag: "Millis", millis: 1_500_000 }
    assert.deepInclude(json(session), { duration: 1500, fps: 20, start_time: "2026-11-24T09:00:00Z" })
    // oxlint-disable-next-line typescript/no-misused-spread -- its JSON is what is tested
    const spread = { ...session }
    assert.deepInclude(json(spread), {
      duration: wireDuration,
      fps: "20",
      start_time: "2026-11-24T09:00:00.000Z"
    })
    assert.deepInclude(json({ ...session.toJSON(), room: "blue" }), { duration: 1500, fps: 20, room: "blue" })
    assert.deepInclude(json({ cost: BigDecimal.unsafeFromString("0.05") }), {
      cost: { _id: "BigDecimal", value: "5", scale: 2 }
    })
    assert.deepInclude(json(RoomSessionMemberFixture.left()), { duration: 1500, cost_in_dollars: 0.025 })
    assert.strictEqual(String(session.duration), "Duration(25m)")
    assert.strictEqual(String(session.start_time), "DateTime.Utc(2026-11-24T09:00:00.000Z)")
  })

  it("becomes a text, a Date or a number by a function of Effect", () => {
    const listed = RoomSessionFixture.listed(RoomSessionFixture.completed({ duration: "90 seconds" }), {
      cost_in_dollars: "0.05"
    })
    assert.deepStrictEqual(plainFields(listed), {
      start_time: "2026-11-24T09:00:00.000Z",
      startDate: new Date("2026-11-24T09:00:00Z"),
      duration: 90,
      cost_in_dollars: 0.05
    })
  })

  it.effect("is written without unknown fields, with null for missing ones, in UTC with milliseconds", () =>
    Effect.gen(function*() {
      const body = {
        id: session.id,
        record_on_start: false,
        fps: "24",
        unknown: 1,
        start_time: "2026-01-01T01:00:00.123456+02:00"
      }
      const read = yield* Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(session.id)).pipe(
        Effect.provide(RoomSessionsTest.layerTransport([ScriptedTransport.status(200, { body })]))
      )
      assert.strictEqual<string | null>(read.fps, "24")
      const json = read.toJSON()
      assert.deepInclude<object>(json, { fps: 24, start_time: "2025-12-31T23:00:00.123Z", name: null })
      assert.lengthOf(Object.keys(json), Object.keys(RoomSession.RoomSessionSummary.fields).length)
    }))
})
