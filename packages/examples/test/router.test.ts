import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { HttpServerRequest, HttpServerResponse } from "@effect/platform"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
import { router } from "../src/router.ts"

const session = RoomSessionFixture.completed({ name: "standup" })

/** The response to a request. The router runs in the fiber of the test, with its layers and its clock. */
const get = (path: string) =>
  Effect.map(
    Effect.provideService(
      router,
      HttpServerRequest.HttpServerRequest,
      HttpServerRequest.fromWeb(new Request(`http://localhost${path}`))
    ),
    HttpServerResponse.toWeb
  )

it.effect("a meeting is JSON", () =>
  Effect.gen(function*() {
    const response = yield* get(`/meetings/${session.id}`)
    const body: unknown = yield* Effect.promise(() => response.json())
    assert.deepStrictEqual(body, { name: "standup", status: "completed" })
  }).pipe(Effect.provide(RoomSessionsTest.layer([session]))))

it.effect("an outage is a 503 that asks to return in a minute", () =>
  Effect.gen(function*() {
    const call = yield* Effect.fork(get(`/meetings/${session.id}`))
    yield* TestClock.adjust("30 seconds")
    const { headers, status } = yield* Fiber.join(call)
    assert.deepStrictEqual([status, headers.get("retry-after")], [503, "60"])
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
    ScriptedTransport.status(503),
    ScriptedTransport.status(503),
    ScriptedTransport.status(503)
  ]))))

it.effect("a 429 passes its Retry-After on", () =>
  Effect.gen(function*() {
    const { headers, status } = yield* get(`/meetings/${session.id}`)
    assert.deepStrictEqual([status, headers.get("retry-after")], [503, "90"])
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
    ScriptedTransport.status(429, { retryAfter: "90 seconds" })
  ]))))

it.effect("an id without a session, and one that is no UUID, are a 404", () =>
  Effect.gen(function*() {
    assert.strictEqual((yield* get(`/meetings/${RoomSessionFixture.id(2)}`)).status, 404)
    assert.strictEqual((yield* get("/meetings/standup")).status, 404)
  }).pipe(Effect.provide(RoomSessionsTest.layer([session]))))

it.effect("a token that is not accepted is a 500", () =>
  Effect.gen(function*() {
    assert.strictEqual((yield* get(`/meetings/${session.id}`)).status, 500)
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport([ScriptedTransport.status(401)]))))

it.effect("no response within the deadline is a 504", () =>
  Effect.gen(function*() {
    const call = yield* Effect.fork(get(`/meetings/${session.id}`))
    yield* TestClock.adjust("30 seconds")
    assert.strictEqual((yield* Fiber.join(call)).status, 504)
  }).pipe(
    Effect.provide(RoomSessionsTest.layerTransport(Array.from({ length: 3 }, () => ScriptedTransport.noResponse)))
  ))
