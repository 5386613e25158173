/** A model of an application's own test file: values first, then errors, then retries, then a real server. */
import { type RoomSessions, SignalWireError } from "@effect-signalwire/core"
import {
  CallJournal,
  ErrorFixture,
  RoomSessionFixture,
  RoomSessionsTest,
  ScriptedTransport
} from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
import { sessionResponse } from "../src/withoutEffect/sessionResponse.ts"

const session = RoomSessionFixture.completed({ name: "standup", display_name: null })

describe("a session", () => {
  it.effect("is a 200 with its name, by one call", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* sessionResponse(session.id), {
        status: 200,
        headers: {},
        body: { name: "standup", status: "completed" }
      })
      const journal = yield* CallJournal.CallJournal
      assert.lengthOf(yield* journal.calls, 1)
    }).pipe(Effect.provide(RoomSessionsTest.layer([session]))))

  it.effect("that does not exist is a 404, and so is an id that is no UUID", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* sessionResponse(RoomSessionFixture.id(2))).status, 404)
      assert.strictEqual((yield* sessionResponse("../admin")).status, 404)
    }).pipe(Effect.provide(RoomSessionsTest.layer([session]))))
})

describe("an error of SignalWire", () => {
  it.effect.each<readonly [status: number, error: RoomSessions.GetError]>([
    [502, ErrorFixture.internalServerError()],
    [502, ErrorFixture.invalidResponse()],
    [504, ErrorFixture.requestTimeout()],
    // a 401 of SignalWire is a wrong token of the application, and not of its caller
    [500, ErrorFixture.unauthorized()]
  ])("is a %d with its tag only", ([status, error]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* sessionResponse(session.id), { status, headers: {}, body: { error: error._tag } })
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([error]))))

  it.effect("says when to retry", () =>
    Effect.gen(function*() {
      const response = yield* sessionResponse(session.id)
      assert.deepInclude(response, { status: 503, headers: { "retry-after": "5" } })
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([ErrorFixture.rateLimited({ retryAfter: "5 seconds" })]))))

  it.effect("says to retry after a minute, where the service does not say when", () =>
    Effect.gen(function*() {
      const response = yield* sessionResponse(session.id)
      assert.deepInclude(response, { status: 503, headers: { "retry-after": "60" } })
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([new SignalWireError.ServerUnavailable()]))))
})

describe("over a transport", () => {
  it.effect("a 503 and then a session are a 200", () =>
    Effect.gen(function*() {
      const response = yield* Effect.fork(sessionResponse(session.id))
      // the delay before the retry, by the clock of the test
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Fiber.join(response)).status, 200)
    }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
      ScriptedTransport.status(503),
      ScriptedTransport.ok(session)
    ]))))
})

/** The layers of production, against a server for this test. */
const overSandbox = SandboxSpace.layerWired(NodeSignalWire.layer, { sessions: [session] })

describe("over HTTP", () => {
  it.live("the layers of production find the session", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* sessionResponse(session.id)).status, 200)
    }).pipe(Effect.provide(overSandbox)))
})
