import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, Layer, Scope, Stream, TestClock } from "effect"
import { credentials, get, sessions } from "../support/client.ts"
import { json, noResponse, ok, type PlayedResponses, serverError } from "../support/responses.ts"
import { sessionId } from "../support/sessions.ts"
import { type Base, overHttpClient, overTransport, transports } from "../support/transports.ts"

type Options = Parameters<typeof sessions>[1]

/** A client, and the function that begins to close its layer. */
const open = (base: Base, options: Options) =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    const context = yield* Layer.buildWithScope(sessions(base, options), scope)
    const service = Context.get(context, RoomSessions.RoomSessions)
    return { service, call: service.get(sessionId), close: Effect.fork(Scope.close(scope, Exit.void)) }
  })

const grace = { shutdownGrace: "10 seconds" } as const

const closed = { _tag: "SignalWireTransportError", reason: "Closed" } as const

const isDone = (fiber: Fiber.RuntimeFiber<unknown, unknown>) =>
  Effect.map(Fiber.poll(fiber), exit => exit._tag === "Some")

describe.concurrent.each(transports)("the grace of a closing layer, over %s", (_, over) => {
  it.effect("a call in progress ends with its session, and the layer closes then", () =>
    Effect.gen(function*() {
      const { call, close } = yield* open(over({ ...ok, after: 4000 }), { policy: grace })
      const fiber = yield* Effect.fork(call)
      yield* TestClock.adjust("1 second")
      const closing = yield* close
      yield* TestClock.adjust("2999 millis")
      assert.isFalse(yield* isDone(closing))
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(fiber)).id, sessionId)
      yield* Fiber.join(closing)
    }))

  it.effect("the delay before a retry and the retry are part of the call", () =>
    Effect.gen(function*() {
      const target = over(json(503, "{}", { "retry-after": "2" }), { ...ok, after: 1000 })
      const { call, close } = yield* open(target, { policy: grace })
      const fiber = yield* Effect.fork(call)
      yield* TestClock.adjust("1 second")
      const closing = yield* close
      yield* TestClock.adjust("500 millis")
      assert.isFalse(yield* isDone(closing))
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).id, sessionId)
      yield* Fiber.join(closing)
      assert.lengthOf(target.requests, 2)
    }))

  it.effect("a new call is TransportError Closed at once, during the grace and after it, and sends nothing", () =>
    Effect.gen(function*() {
      const target = over({ ...ok, after: 1000 })
      const { call, close } = yield* open(target, { policy: grace })
      yield* Effect.fork(call)
      yield* TestClock.adjust("500 millis")
      const closing = yield* close
      yield* TestClock.adjust(0)
      for (const duration of ["0 millis", "1 second"] as const) {
        yield* TestClock.adjust(duration)
        const error = yield* Effect.flip(call)
        assert.deepInclude(error, { ...closed, attempts: 0, requestsSent: 0, operation: "RoomSessions.get" })
      }
      yield* Fiber.join(closing)
      assert.lengthOf(target.requests, 1)
    }))

  it.effect("a list between two pages ends with TransportError Closed", () =>
    Effect.gen(function*() {
      const data = [JSON.parse(ok.chunks?.join("") ?? "")].map(one => ({
        ...one,
        cost_in_dollars: 0,
        locked_cover: null
      }))
      const page = json(
        200,
        JSON.stringify({ data, links: { next: "https://acme.signalwire.com/api/video/room_sessions?page_token=PAa" } })
      )
      const { close, service } = yield* open(over(page), { policy: grace })
      const list = Stream.runForEach(service.list(), () => Effect.zipRight(close, Effect.sleep("1 second")))
      const fiber = yield* Effect.fork(Effect.flip(list))
      yield* TestClock.adjust("2 seconds")
      assert.deepInclude(yield* Fiber.join(fiber), { ...closed, operation: "RoomSessions.list" })
    }))

  it.effect("a layer without a call in progress closes at once", () =>
    Effect.gen(function*() {
      const { call, close } = yield* open(over(ok, serverError, ok), { policy: { shutdownGrace: "1 hour" } })
      yield* call
      const retried = yield* Effect.fork(call)
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(retried)
      yield* Effect.flatMap(close, Fiber.join)
    }))

  it.effect("interrupted calls, in an attempt and in a delay, do not keep the layer open", () =>
    Effect.gen(function*() {
      for (const responses of [[noResponse], [serverError]] satisfies ReadonlyArray<PlayedResponses>) {
        const { call, close } = yield* open(over(...responses), {
          policy: { ...grace, baseDelay: "1 minute", maxDelay: "1 minute", deadline: "1 hour" }
        })
        const fibers = yield* Effect.replicateEffect(Effect.fork(call), 3)
        yield* TestClock.adjust("10 millis")
        const closing = yield* close
        yield* TestClock.adjust("1 second")
        assert.isFalse(yield* isDone(closing))
        yield* Fiber.interruptAll(fibers)
        yield* Fiber.join(closing)
      }
    }))

  it.effect("200 calls in progress all end with their session before the layer is closed", () =>
    Effect.gen(function*() {
      const { call, close } = yield* open(over({ ...ok, after: 1000 }), { policy: grace })
      const all = yield* Effect.fork(Effect.all(Array.from({ length: 200 }, () => call), { concurrency: "unbounded" }))
      yield* TestClock.adjust("500 millis")
      const closing = yield* close
      yield* TestClock.adjust("500 millis")
      assert.lengthOf(yield* Fiber.join(all), 200)
      yield* Fiber.join(closing)
    }))

  it.effect("without a grace the delay before a retry ends at once with TransportError Closed", () =>
    Effect.gen(function*() {
      for (const around of [Effect.interruptible, Effect.uninterruptible]) {
        const { call, close } = yield* open(over(json(503, "{}", { "retry-after": "20" })), {})
        const fiber = yield* Effect.fork(Effect.flip(around(call)))
        yield* TestClock.adjust("1 second")
        yield* Effect.flatMap(close, Fiber.join)
        assert.deepInclude(yield* Fiber.join(fiber), { ...closed, attempts: 1, requestsSent: 1 })
      }
    }))

  it.effect("closing the layer of one client does not end the calls of another one over the same transport", () =>
    Effect.gen(function*() {
      const target = over({ ...ok, after: 1000 })
      const one = yield* open(target, { policy: grace })
      const other = yield* open(target, {})
      const fiber = yield* Effect.fork(other.call)
      yield* TestClock.adjust("500 millis")
      yield* Effect.flatMap(one.close, Fiber.join)
      yield* TestClock.adjust("500 millis")
      assert.strictEqual((yield* Fiber.join(fiber)).id, sessionId)
    }))
})

describe("a closing layer over an HttpClient", () => {
  for (const around of [Effect.interruptible, Effect.uninterruptible]) {
    const kind = around === Effect.interruptible ? "interruptible" : "uninterruptible"
    it.effect(`${kind} calls that are in progress after the grace are TransportError Closed, and their requests are aborted`, () =>
      Effect.gen(function*() {
        const target = overHttpClient({ ...json(200), stalls: true }, noResponse)
        const { call, close } = yield* open(target, {
          policy: { ...grace, attemptTimeout: "1 minute", deadline: "1 minute" }
        })
        const fiber = yield* Effect.fork(
          Effect.all([call, call].map(one => around(Effect.flip(one))), { concurrency: 2 })
        )
        yield* TestClock.adjust("1 second")
        const closing = yield* close
        yield* TestClock.adjust("9999 millis")
        assert.isFalse(yield* isDone(fiber))
        yield* TestClock.adjust("1 millis")
        for (const error of yield* Fiber.join(fiber)) {
          assert.deepInclude(error, { ...closed, attempts: 1, requestsSent: 1 })
        }
        yield* Fiber.join(closing)
        assert.isAtLeast(target.aborted(), 1)
      }))
  }

  it.effect("without a grace a call in progress is TransportError Closed at once, and is not retried", () =>
    Effect.gen(function*() {
      const target = overHttpClient(noResponse)
      const { call, close } = yield* open(target, {})
      const fiber = yield* Effect.fork(Effect.flip(call))
      yield* TestClock.adjust("1 second")
      yield* Effect.flatMap(close, Fiber.join)
      assert.deepInclude(yield* Fiber.join(fiber), { ...closed, attempts: 1, requestsSent: 1 })
      assert.deepStrictEqual([target.requests.length, target.aborted()], [1, 1])
    }))
})

describe("options of a closing layer", () => {
  it.effect("the calls of a fiber that outlives a provided layer have the grace as well", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.gen(function*() {
        const found = yield* Effect.forkDaemon(get())
        yield* Effect.sleep("1 second")
        return found
      }).pipe(Effect.provide(sessions(overTransport({ ...ok, after: 4000 }), { policy: grace })), Effect.fork)
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* Effect.flatMap(Fiber.join(fiber), Fiber.join)).id, sessionId)
    }))

  it.effect("a shutdownGrace that is no duration, or negative, is a ConfigError of the layer", () =>
    Effect.gen(function*() {
      for (const shutdownGrace of ["soon", -1, Number.NaN]) {
        // untyped JavaScript can pass any value
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        const policy = { shutdownGrace } as { readonly shutdownGrace: number }
        const layer = SignalWireClient.layer({ ...credentials, policy }).pipe(Layer.provide(overHttpClient(ok).layer))
        const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
        assert.deepInclude(error, { path: ["policy", "shutdownGrace"] })
      }
    }))
})
