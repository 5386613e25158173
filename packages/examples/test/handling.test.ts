import { RoomSessions, SignalWireError } from "@effect-signalwire/core"
import { ErrorFixture, RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Chunk, Duration, Effect, Either, Fiber, Logger, Option, Stream, TestClock } from "effect"
import * as handling from "../src/handling.ts"

const session = RoomSessionFixture.completed()

const failing = (error: RoomSessions.GetError) => RoomSessionsTest.layer({ [session.id]: error })

const layerLines = (lines: Array<unknown>) =>
  Logger.replace(Logger.defaultLogger, Logger.make(({ message }) => lines.push([message].flat()[0])))

describe("errors.md", () => {
  it.effect("a session that does not exist is null", () =>
    Effect.gen(function*() {
      assert.isNull(yield* handling.find(RoomSessionFixture.id(2)))
      assert.deepStrictEqual(yield* handling.find(session.id), session)
    }).pipe(Effect.provide(RoomSessionsTest.layer([session]))))

  it.effect("what the service says about a 400 is logged", () => {
    const lines: Array<unknown> = []
    return Effect.gen(function*() {
      assert.isNull(yield* handling.getOrExplain(session.id))
      assert.include(lines[0], "the service rejects the request as invalid (status 400)")
    }).pipe(Effect.provide([failing(ErrorFixture.badRequest()), layerLines(lines)]))
  })

  for (const status of [401, 403]) {
    it.effect(`a ${status} at the start ends the program`, () =>
      Effect.gen(function*() {
        const { _tag } = yield* Effect.flip(handling.checkCredentials)
        assert.strictEqual(_tag, status === 401 ? "SignalWireUnauthorized" : "SignalWireUnexpectedStatus")
      }).pipe(Effect.provide(RoomSessionsTest.layerTransport([ScriptedTransport.status(status)]))))
  }

  it.effect("an outage at the start is logged, and the program starts", () => {
    const lines: Array<unknown> = []
    return Effect.gen(function*() {
      const check = yield* Effect.fork(handling.checkCredentials)
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.join(check)
      assert.isTrue(lines.some(line => String(line).includes("the service is not available (status 503)")))
    }).pipe(Effect.provide([
      RoomSessionsTest.layerTransport([503, 503, 503].map(code => ScriptedTransport.status(code))),
      layerLines(lines)
    ]))
  })

  it.effect("a list whose saved token is too old begins again", () =>
    Effect.gen(function*() {
      const sessions = yield* RoomSessions.RoomSessions
      const { next } = yield* sessions.listPage()
      const ids = yield* Stream.runCollect(handling.idsFrom(next))
      assert.deepStrictEqual(Chunk.toReadonlyArray(ids), [session.id])
    }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
      ScriptedTransport.page([RoomSessionFixture.listed(session)], { next: "b" }),
      ScriptedTransport.status(422),
      ScriptedTransport.page([RoomSessionFixture.listed(session)])
    ]))))

  it.effect("a session with a permanent 500 is left out of an export", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* handling.getForExport(session.id), Option.none())
    }).pipe(Effect.provide([failing(ErrorFixture.internalServerError()), Logger.remove(Logger.defaultLogger)])))

  it("the seconds of Retry-After are whole, and a minute by default", () => {
    const { RateLimited, ServerUnavailable } = SignalWireError
    assert.strictEqual(handling.retryAfterSeconds(new RateLimited({ retryAfter: Duration.millis(1500) })), 2)
    assert.strictEqual(handling.retryAfterSeconds(new ServerUnavailable()), 60)
  })

  it.effect("the last known status is used while the service is not available", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* handling.statusOr(session.id, "in-progress"), "in-progress")
    }).pipe(Effect.provide(failing(ErrorFixture.serverUnavailable()))))

  it("a report has the request id and what the service says", () => {
    const detail = new SignalWireError.ErrorDetail({ code: "teapot" })
    assert.strictEqual(
      handling.report(new SignalWireError.UnexpectedStatus({ status: 418, requestId: "a1", details: [detail] })),
      "RoomSessions.get: the service responded with a status that this operation does not have (status 418) " +
        "(1 attempt, 0 ms)\nrequest id: a1\n{\"code\":\"teapot\"}"
    )
  })

  it.effect("a response that does not match the contract is an alert", () => {
    const lines: Array<unknown> = []
    return Effect.gen(function*() {
      assert.isTrue(Either.isLeft(yield* Effect.either(handling.alertOnDrift(session.id))))
      assert.deepStrictEqual(lines, ["SignalWire has changed"])
    }).pipe(Effect.provide([failing(ErrorFixture.invalidResponse()), layerLines(lines)]))
  })

  it("each reason of a network error has a hint", () => {
    const hints = (["Dns", "Tls", "Proxy", "Closed", "Reset"] as const).map(reason =>
      handling.hint(new SignalWireError.TransportError({ reason }))
    )
    assert.strictEqual(new Set(hints).size, hints.length)
  })

  it.effect("a session that does not come within two seconds is null", () =>
    Effect.gen(function*() {
      const call = yield* Effect.fork(handling.getQuickly(session.id))
      yield* TestClock.adjust("2 seconds")
      assert.isNull(yield* Fiber.join(call))
    }).pipe(Effect.provide(RoomSessionsTest.layerTransport([ScriptedTransport.noResponse]))))

  it.effect("a text that is no id has no session", () =>
    Effect.gen(function*() {
      assert.isNull(yield* handling.getByText("room-1"))
    }).pipe(Effect.provide(RoomSessionsTest.layer([session]))))

  it.effect("an error says whether to try again later", () =>
    Effect.gen(function*() {
      const layers = [failing(ErrorFixture.rateLimited()), failing(ErrorFixture.unauthorized())]
      const again = yield* Effect.forEach(layers, layer => Effect.provide(handling.getOrLater(session.id), layer))
      assert.deepStrictEqual(again, [{ session: null, again: true }, { session: null, again: false }])
    }))
})
