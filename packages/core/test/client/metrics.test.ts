import { RoomSessions } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Stream, TestClock } from "effect"
import { get, getOver, sessions } from "../support/client.ts"
import { shortestDelays } from "../support/delays.ts"
import { ownSpace, pointsWith } from "../support/metrics.ts"
import { connectionError, json, noResponse, ok, type PlayedResponse, serverError } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

const template = "/api/video/room_sessions/{id}"
const otherId = "0b7e1f2a-3c4d-4e5f-8a9b-1c2d3e4f5a6b"

describe.concurrent.each(transports)("metrics over %s", (_, over) => {
  it.effect("an attempt is one duration in seconds, with the attributes of the HTTP conventions and no id", () =>
    Effect.gen(function*() {
      const { active, named, space } = ownSpace()
      const transport = over({ ...ok, after: 300 })
      yield* within("1 second")(getOver(transport, { space }))
      const [duration, ...others] = named("http.client.request.duration")
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(duration?.attributes, {
        unit: "s",
        "http.request.method": "GET",
        "server.address": `${space}.signalwire.com`,
        "server.port": "443",
        "url.template": template,
        "http.response.status_code": "200"
      })
      assert.strictEqual(duration?.value, 1)
      assert.approximately(duration?.sum ?? 0, 0.3, 1e-9)
      assert.strictEqual(active(), 0)
    }))

  it.effect("calls with different ids are in the same metrics", () =>
    Effect.gen(function*() {
      const { all, durations, space } = ownSpace()
      yield* getOver(over(ok), { space })
      yield* getOver(over(json(200, body({ id: otherId }))), { space }, otherId)
      assert.deepStrictEqual(durations(), [["200", undefined, 2]])
      assert.notInclude(JSON.stringify(all()), otherId)
      assert.notInclude(JSON.stringify(all()), sessionId)
    }))

  it.effect("each attempt of a call is a duration, and each retry is counted with the error that it follows", () =>
    Effect.gen(function*() {
      const { durations, space } = ownSpace()
      const retries = () =>
        pointsWith("operation", "RoomSessions.get")
          .filter(({ attributes, name }) => name === "signalwire.client.retries" && attributes["space"] === space)
          .map(({ attributes, value }) => [attributes["error.type"], value])
      yield* getOver(over(serverError, serverError, connectionError("ECONNRESET"), ok), {
        space,
        policy: { maxRetries: 3 }
      }).pipe(shortestDelays, within("1 minute"), Effect.tagMetrics("space", space))
      assert.sameDeepMembers(durations(), [
        [undefined, "SignalWireTransportError", 1],
        ["200", undefined, 1],
        ["500", "SignalWireInternalServerError", 2]
      ])
      assert.sameDeepMembers(retries(), [
        ["SignalWireInternalServerError", 2],
        ["SignalWireTransportError", 1]
      ])
    }))

  it.effect.each<readonly [what: string, response: PlayedResponse, status: string | undefined, type: string]>([
    ["a 404", json(404, ""), "404", "SignalWireNotFound"],
    ["a 200 that is not JSON", json(200, "x"), "200", "SignalWireInvalidResponse"],
    ["a 302", json(302, ""), "302", "SignalWireUnexpectedStatus"],
    ["a connection error", connectionError("ENOTFOUND"), undefined, "SignalWireTransportError"],
    ["a timeout", noResponse, undefined, "SignalWireRequestTimeout"],
    ["a timeout in the body", { ...json(200, "{"), stalls: true }, "200", "SignalWireRequestTimeout"]
  ])(
    "%s is a duration with the tag of its error as error.type",
    ([, response, status, type]) =>
      Effect.gen(function*() {
        const { active, durations, space } = ownSpace()
        const options = { space, policy: { maxRetries: 0 } }
        yield* within("1 minute")(Effect.flip(getOver(over(response), options)))
        assert.deepStrictEqual(durations(), [[status, type, 1]])
        assert.strictEqual(active(), 0)
      })
  )

  it.effect("a call that fails is one error, after its retries and with the error that the caller gets", () =>
    Effect.gen(function*() {
      const { named, space } = ownSpace()
      const errors = () =>
        named("signalwire.client.errors").map(({ attributes, value }) => [attributes["error.type"], value])
      const options = { space, policy: { maxRetries: 1 } }
      yield* Effect.flip(getOver(over(serverError, json(404, "")), options)).pipe(shortestDelays, within("1 minute"))
      yield* getOver(over(serverError, ok), options).pipe(shortestDelays, within("1 minute"))
      const interrupted = yield* Effect.fork(getOver(over(noResponse), options))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(interrupted)
      assert.deepStrictEqual(errors(), [["SignalWireNotFound", 1]])
      assert.deepStrictEqual(named("signalwire.client.errors")[0]?.attributes, {
        unit: "{error}",
        operation: "RoomSessions.get",
        "error.type": "SignalWireNotFound",
        "server.address": `${space}.signalwire.com`,
        "server.port": "443"
      })
    }))

  it.effect("a call that sends nothing is an error: an invalid parameter, the deadline of the rate limit, a closed layer", () =>
    Effect.gen(function*() {
      const { named, space } = ownSpace()
      const errors = () =>
        named("signalwire.client.errors").map(({ attributes, value }) => [attributes["error.type"], value])
      yield* Effect.flip(getOver(over(ok), { space }, "x"))
      const rateLimit = { limit: 1, interval: "1 hour" } as const
      yield* Effect.replicateEffect(get(), 2).pipe(
        Effect.provide(sessions(over(ok), { space, policy: { rateLimit } })),
        Effect.flip,
        within("1 minute")
      )
      const closed = yield* Effect.provide(RoomSessions.RoomSessions, sessions(over(ok), { space }))
      yield* Effect.flip(closed.get(sessionId))
      assert.sameDeepMembers(errors(), [
        ["SignalWireInvalidRequest", 1],
        ["SignalWireRequestTimeout", 1],
        ["SignalWireTransportError", 1]
      ])
    }))

  it.effect("an interrupted attempt is active until then, and a duration with the error.type Interrupted", () =>
    Effect.gen(function*() {
      const { active, durations, named, space } = ownSpace()
      const fiber = yield* Effect.fork(getOver(over(noResponse), { space }))
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(active(), 1)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(active(), 0)
      assert.deepStrictEqual(durations(), [[undefined, "Interrupted", 1]])
      assert.approximately(named("http.client.request.duration")[0]?.sum ?? 0, 2, 1e-9)
    }))

  it.effect("a call that is interrupted in the delay of a retry has no active request and no retry", () =>
    Effect.gen(function*() {
      const { active, durations, space } = ownSpace()
      const fiber = yield* Effect.fork(Effect.tagMetrics(getOver(over(serverError), { space }), "space", space))
      yield* TestClock.adjust("100 millis")
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(active(), 0)
      assert.deepStrictEqual(durations(), [["500", "SignalWireInternalServerError", 1]])
      assert.notInclude(pointsWith("space", space).map(({ name }) => name), "signalwire.client.retries")
    }))

  it.effect("100 calls of which half are interrupted are 100 durations, and none stays active", () =>
    Effect.gen(function*() {
      const { active, durations, space } = ownSpace()
      const transport = over({ ...ok, after: 1000 })
      yield* Effect.gen(function*() {
        const fibers = yield* Effect.replicateEffect(Effect.fork(get()), 100)
        yield* TestClock.adjust("500 millis")
        assert.strictEqual(active(), 100)
        yield* Fiber.interruptAll(fibers.filter((_, index) => index % 2 === 0))
        assert.strictEqual(active(), 50)
        yield* TestClock.adjust("1 second")
        yield* Fiber.joinAll(fibers.filter((_, index) => index % 2 === 1))
      }).pipe(Effect.provide(sessions(transport, { space })))
      assert.strictEqual(active(), 0)
      assert.sameDeepMembers(durations(), [[undefined, "Interrupted", 50], ["200", undefined, 50]])
    }))

  it.effect("the tokens of the retry budget are a gauge, from a full bucket on", () =>
    Effect.gen(function*() {
      const { named, space } = ownSpace()
      const left = () => named("signalwire.client.retry_budget.available").map(({ value }) => value)
      yield* Effect.gen(function*() {
        assert.deepStrictEqual(left(), [100])
        yield* within("1 minute")(get())
        assert.deepStrictEqual(left(), [95])
        yield* get()
        assert.deepStrictEqual(left(), [96])
      }).pipe(Effect.provide(sessions(over(serverError, ok), { space })))
    }))

  it.effect("two clients in one runtime have the metrics of their own spaces", () =>
    Effect.gen(function*() {
      const [eu, us] = [ownSpace(), ownSpace()]
      const both = Effect.all([eu, us].map(({ space }, index) =>
        Effect.provide(Effect.exit(get()), sessions(over(index === 0 ? ok : json(404, "")), { space }))
      ))
      yield* Effect.replicateEffect(both, 3)
      assert.deepStrictEqual(eu.durations(), [["200", undefined, 3]])
      assert.deepStrictEqual(us.durations(), [["404", "SignalWireNotFound", 3]])
    }))

  it.effect("the labels of Effect.tagMetrics are attributes of the metrics of the calls inside it", () =>
    Effect.gen(function*() {
      const { active, named, space } = ownSpace()
      const layer = sessions(over(ok), { space })
      yield* Effect.gen(function*() {
        yield* Effect.tagMetrics(get(), "team", "billing")
        yield* Effect.tagMetrics(get(), "team", "billing")
        yield* get()
      }).pipe(Effect.provide(layer))
      assert.sameDeepMembers(
        named("http.client.request.duration").map(({ attributes, value }) => [attributes["team"], value]),
        [[undefined, 1], ["billing", 2]]
      )
      assert.strictEqual(active(), 0)
    }))

  it.effect("a client with metrics: false updates none", () =>
    Effect.gen(function*() {
      const { all, space } = ownSpace()
      const drifting = json(200, body({ duration: -1 }))
      const options = { space, metrics: false, decoding: "lenient" } as const
      yield* within("1 minute")(
        Effect.tagMetrics(getOver(over(serverError, drifting), options), "space", space)
      )
      assert.deepStrictEqual(all(), [])
      const own = pointsWith("space", space).map(({ name }) => name).filter(name => !name.startsWith("effect_"))
      assert.deepStrictEqual(own, [])
    }))

  it.effect("an option metrics that is no boolean is a ConfigError that says what is accepted", () =>
    Effect.gen(function*() {
      // a program without types
      const options: object = JSON.parse("{\"metrics\":\"no\"}")
      const exit = yield* Effect.exit(getOver(over(ok), options))
      assert.isTrue(Exit.isFailure(exit) && Cause.pretty(exit.cause).includes("metrics: \"Expected true or false\""))
    }))

  it.effect("a list is in the metrics of its path without the query", () =>
    Effect.gen(function*() {
      const { named, space } = ownSpace()
      yield* Effect.exit(
        Effect.flatMap(RoomSessions.RoomSessions, service => Stream.runDrain(service.list())).pipe(
          Effect.provide(sessions(over(json(404, "")), { space }))
        )
      )
      assert.deepStrictEqual(
        named("http.client.request.duration").map(({ attributes }) => attributes["url.template"]),
        ["/api/video/room_sessions"]
      )
    }))
})
