import { RequestPolicy, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, describe, it } from "@effect/vitest"
import {
  Cause,
  ConfigError,
  Context,
  type Duration,
  Effect,
  Either,
  Exit,
  Fiber,
  Layer,
  Metric,
  Option,
  TestClock
} from "effect"
import { credentials, get } from "../support/client.ts"
import { recordSpans } from "../support/recordingTracer.ts"
import { json, noResponse, ok, serverError } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { type Base, overHttpClient, overTransport, transports } from "../support/transports.ts"

const client = (base: Base, options: Partial<SignalWireClient.Options> = {}) =>
  Layer.orDie(
    "transport" in base
      ? Layer.provide(SignalWireClient.layerTransport({ ...credentials, ...options }), base.transport)
      : Layer.provide(SignalWireClient.layer({ ...credentials, ...options }), base.layer)
  )

/** The cached service over a transport of the test that responds with a session whatever the id. */
const cached = (base: Base, options: RoomSessions.CacheOptions = {}, policy: RequestPolicy.Options = {}) =>
  Layer.orDie(RoomSessions.layerCached(options)).pipe(Layer.provide(client(base, { echo: "ignore", policy })))

/** Code without types can pass anything. */
const layerOf = (options: unknown) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tests are about values that the type excludes
  RoomSessions.layerCached(options as RoomSessions.CacheOptions)

const inProgress = json(200, body({ status: "in-progress", end_time: null }))
const notFound = json(404, "{\"error\":\"Not Found\"}")

/** A response that comes a second after its request. */
const slow = { ...ok, after: 1000 }

const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`

const getTwiceAfter = (duration: Duration.DurationInput) =>
  Effect.gen(function*() {
    yield* get()
    yield* TestClock.adjust(duration)
    yield* get()
  })

describe.concurrent.each(transports)("layerCached over %s", (_, over) => {
  it.effect("a call under withTransform has a request of its own", () =>
    Effect.gen(function*() {
      const base = over(ok)
      const transformed = SignalWireClient.withTransform(client => client)
      yield* Effect.all([get(), transformed(get()), transformed(get()), get()]).pipe(Effect.provide(cached(base)))
      assert.lengthOf(base.requests, 3)
    }))

  it.effect("withResponseInfo has the response of a call, also of one that shares a request, and none of a cached session", () =>
    Effect.gen(function*() {
      const base = over(json(200, body(), { "x-request-id": "r-1" }))
      yield* Effect.gen(function*() {
        const infos = yield* Effect.replicateEffect(SignalWireClient.withResponseInfo(get()), 20, {
          concurrency: "unbounded"
        })
        assert.deepStrictEqual(infos.map(({ info }) => info?.requestId), Array.from({ length: 20 }, () => "r-1"))
        // the information of an earlier call in the same effect is not about the cached session
        const cachedOnes = yield* Effect.replicateEffect(SignalWireClient.withResponseInfo(Effect.zip(get(), get())), 2)
        for (const { info, result } of cachedOnes) {
          assert.isTrue(Either.isRight(result))
          assert.isUndefined(info)
        }
      }).pipe(Effect.provide(cached(base)))
      assert.lengthOf(base.requests, 1)
    }))

  it.effect("withResponseInfo of an interrupted call has nothing of its request, which another call shares", () =>
    Effect.gen(function*() {
      const base = over({ ...json(200, body(), { "x-request-id": "r-3" }), after: 1000 })
      yield* Effect.gen(function*() {
        const first = yield* Effect.fork(
          SignalWireClient.withResponseInfo(Effect.zipLeft(
            Effect.exit(Effect.timeout(get(), "100 millis")),
            Effect.sleep("5 seconds")
          ))
        )
        // the first call makes the request
        yield* TestClock.adjust("10 millis")
        const second = yield* Effect.fork(SignalWireClient.withResponseInfo(get()))
        yield* TestClock.adjust("10 seconds")
        assert.isUndefined((yield* Fiber.join(first)).info)
        assert.strictEqual((yield* Fiber.join(second)).info?.requestId, "r-3")
      }).pipe(Effect.provide(cached(base)))
      assert.lengthOf(base.requests, 1)
    }))

  it.effect("withResponseInfo of a shared request that fails has its error and its response", () =>
    Effect.gen(function*() {
      const base = over(json(404, "{}", { "x-request-id": "r-2" }))
      const infos = yield* Effect.replicateEffect(SignalWireClient.withResponseInfo(get()), 3, {
        concurrency: "unbounded"
      }).pipe(Effect.provide(cached(base)))
      assert.lengthOf(base.requests, 1)
      for (const { info, result } of infos) {
        assert.deepStrictEqual([info?.status, info?.requestId], [404, "r-2"])
        assert.strictEqual(Either.isLeft(result) ? result.left._tag : undefined, "SignalWireNotFound")
      }
    }))

  it.effect.each(
    [
      ["a completed session", "59 minutes", 1, ok],
      ["a completed session", "1 hour", 2, ok],
      ["a session in progress", "4 seconds", 1, inProgress],
      ["a session in progress", "5 seconds", 2, inProgress],
      ["a session without a status that has ended", "59 minutes", 1, json(200, body({ status: null }))],
      ["a session without a status and an end", "5 seconds", 2, json(200, body({ status: null, end_time: null }))],
      ["a session with an unknown status", "5 seconds", 2, json(200, body({ status: "paused", end_time: null }))]
    ] as const
  )("%s that is read again after %s takes %d requests", ([, after, requests, response]) =>
    Effect.gen(function*() {
      const transport = over(response)
      yield* Effect.provide(getTwiceAfter(after), cached(transport))
      assert.lengthOf(transport.requests, requests)
    }))

  it.effect("timeToLive sets the times, and with zero a session is not cached", () =>
    Effect.gen(function*() {
      const timeToLive = { completed: "10 seconds", inProgress: 0 } as const
      const [completed, running] = [over(ok), over(inProgress)]
      yield* Effect.provide(getTwiceAfter("9 seconds"), cached(completed, { timeToLive }))
      assert.lengthOf(completed.requests, 1)
      yield* Effect.provide(getTwiceAfter(0), cached(running, { timeToLive }))
      assert.lengthOf(running.requests, 2)
    }))

  it.effect("a session that is not cached removes no other one", () =>
    Effect.gen(function*() {
      const transport = over(ok, inProgress)
      yield* Effect.forEach([1, 2, 1], index => get(idOf(index))).pipe(
        Effect.provide(cached(transport, { capacity: 1, timeToLive: { inProgress: 0 } }))
      )
      assert.lengthOf(transport.requests, 2)
    }))

  it.effect("the least recently used session is removed above the capacity", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      const order = [1, 2, 1, 3, 1, 2]
      yield* Effect.forEach(order, index => get(idOf(index))).pipe(Effect.provide(cached(transport, { capacity: 2 })))
      assert.deepStrictEqual(transport.requests.map(({ url }) => url.slice(-1)), ["1", "2", "3", "2"])
    }))

  it.effect("ids in upper and in lower case are one session", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      yield* Effect.provide(Effect.zip(get(sessionId), get(sessionId.toUpperCase())), cached(transport))
      assert.lengthOf(transport.requests, 1)
    }))

  it.effect("errors are not cached", () =>
    Effect.gen(function*() {
      for (const response of [notFound, serverError]) {
        const transport = over(response, ok)
        yield* Effect.zip(Effect.flip(get()), get()).pipe(
          Effect.provide(cached(transport, {}, { maxRetries: 0 }))
        )
        assert.lengthOf(transport.requests, 2)
      }
    }))

  it.effect("an invalid id is InvalidRequest, in untyped code too", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- untyped code can pass anything
      const ids = ["no uuid", 5, null] as unknown as ReadonlyArray<string>
      const errors = yield* Effect.forEach(ids, id => Effect.flip(get(id))).pipe(
        Effect.provide(cached(transport))
      )
      assert.deepStrictEqual(errors.map(({ _tag }) => _tag), errors.map(() => "SignalWireInvalidRequest" as const))
      assert.lengthOf(transport.requests, 0)
    }))

  it.effect("2,000 concurrent calls with one id share one request", () =>
    Effect.gen(function*() {
      const transport = over(slow)
      yield* Effect.gen(function*() {
        const fiber = yield* Effect.fork(Effect.all(Array.from({ length: 2000 }, () => get()), {
          concurrency: "unbounded"
        }))
        yield* TestClock.adjust("1 second")
        const sessions = yield* Fiber.join(fiber)
        assert.lengthOf(sessions, 2000)
      }).pipe(Effect.provide(cached(transport)))
      assert.lengthOf(transport.requests, 1)
    }))

  it.effect("an error reaches every call that shares its request", () =>
    Effect.gen(function*() {
      const transport = over({ ...notFound, after: 1000 }, ok)
      yield* Effect.gen(function*() {
        const fiber = yield* Effect.fork(
          Effect.all(Array.from({ length: 10 }, () => Effect.flip(get())), { concurrency: "unbounded" })
        )
        yield* TestClock.adjust("1 second")
        const errors = yield* Fiber.join(fiber)
        assert.isTrue(errors.every(({ _tag }) => _tag === "SignalWireNotFound"))
      }).pipe(Effect.provide(cached(transport)))
      assert.lengthOf(transport.requests, 1)
    }))

  it.effect("an interrupted call does not interrupt the request of the others, whether it made the request or joined it", () =>
    Effect.gen(function*() {
      const transport = over(slow)
      yield* Effect.gen(function*() {
        const fibers = yield* Effect.forEach([0, 1, 2, 3], () => Effect.fork(get()))
        yield* TestClock.adjust("100 millis")
        yield* Fiber.interruptAll(fibers.filter((_, index) => index === 0 || index === 2))
        yield* TestClock.adjust("900 millis")
        const exits = yield* Effect.forEach(fibers, Fiber.await)
        assert.deepStrictEqual(exits.map(Exit.isSuccess), [false, true, false, true])
      }).pipe(Effect.provide(cached(transport)))
      assert.lengthOf(transport.requests, 1)
      assert.strictEqual(transport.aborted(), 0)
    }))

  it.effect("the last interrupted call interrupts the request, and the next call makes another one", () =>
    Effect.gen(function*() {
      const transport = over(noResponse, ok)
      yield* Effect.gen(function*() {
        const fibers = yield* Effect.forEach([0, 1, 2], () => Effect.fork(get()))
        yield* TestClock.adjust("100 millis")
        yield* Fiber.interruptAll(fibers)
        const next = yield* Effect.fork(get())
        yield* TestClock.adjust("100 millis")
        yield* Fiber.join(next)
        assert.strictEqual(transport.aborted(), 1)
      }).pipe(Effect.provide(cached(transport)))
      assert.lengthOf(transport.requests, 2)
    }))

  it.effect("a call under another RequestPolicy.with makes a request of its own, and uses what is cached", () =>
    Effect.gen(function*() {
      const transport = over(slow)
      const hasty = RequestPolicy.with({ deadline: "100 millis" })
      yield* Effect.gen(function*() {
        const patient = yield* Effect.fork(get())
        yield* TestClock.adjust("10 millis")
        // these two are under equal policies
        const two = yield* Effect.fork(
          Effect.all([Effect.flip(hasty(get())), Effect.flip(hasty(get()))], { concurrency: "unbounded" })
        )
        yield* TestClock.adjust("100 millis")
        const errors = yield* Fiber.join(two)
        assert.deepStrictEqual(errors.map(({ _tag }) => _tag), ["SignalWireRequestTimeout", "SignalWireRequestTimeout"])
        assert.lengthOf(transport.requests, 2)
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(patient)
        yield* hasty(get())
      }).pipe(Effect.provide(cached(transport)))
      assert.lengthOf(transport.requests, 2)
    }))

  it.effect("callers under equal retry budgets share a request, and one under another budget does not", () =>
    Effect.gen(function*() {
      const transport = over(slow)
      const under = (capacity: number) =>
        RequestPolicy.with({ retryBudget: { capacity, retryCost: 5, timeoutCost: 10, refill: 1 } })(get())
      const calls = yield* Effect.fork(
        Effect.all([under(10), under(10), under(20)], { concurrency: "unbounded" }).pipe(
          Effect.provide(cached(transport))
        )
      )
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(calls)
      assert.lengthOf(transport.requests, 2)
    }))

  it.effect("of two concurrent requests the session of the later one is cached", () =>
    Effect.gen(function*() {
      const transport = over({ ...inProgress, after: 2000 }, ok)
      yield* Effect.gen(function*() {
        const early = yield* Effect.fork(get())
        yield* TestClock.adjust("1 second")
        const { status: later } = yield* get().pipe(RequestPolicy.with(RequestPolicy.noRetries))
        assert.strictEqual(later, "completed")
        yield* TestClock.adjust("1 second")
        const { status } = yield* Fiber.join(early)
        assert.strictEqual(status, "in-progress")
        assert.strictEqual((yield* get()).status, "completed")
      }).pipe(Effect.provide(cached(transport)))
      assert.lengthOf(transport.requests, 2)
    }))

  it.effect("a completed session of a later request replaces the state in progress, even if it is not cached itself", () =>
    Effect.gen(function*() {
      const transport = over({ ...inProgress, after: 500 }, { ...ok, after: 1000 }, ok)
      yield* Effect.gen(function*() {
        const early = yield* Effect.fork(get())
        yield* TestClock.adjust("100 millis")
        const late = yield* Effect.fork(get().pipe(RequestPolicy.with(RequestPolicy.noRetries)))
        yield* TestClock.adjust("1 second")
        assert.strictEqual((yield* Fiber.join(early)).status, "in-progress")
        assert.strictEqual((yield* Fiber.join(late)).status, "completed")
        assert.strictEqual((yield* get()).status, "completed")
      }).pipe(Effect.provide(cached(transport, { timeToLive: { completed: 0, inProgress: "1 hour" } })))
      assert.lengthOf(transport.requests, 3)
    }))

  it.effect("the span of the request has that of the call as parent", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      yield* traced(Effect.provide(
        Effect.zip(Effect.withSpan(get(), "the first"), Effect.withSpan(get(), "the second")),
        cached(over(ok))
      ))
      const [first, call, , second] = spans
      assert.deepStrictEqual(spans.map(({ name }) => name).filter(name => !name.startsWith("GET")), [
        "the first",
        "RoomSessions.get",
        "the second"
      ])
      assert.strictEqual(Option.getOrUndefined(call?.parent ?? Option.none()), first)
      assert.strictEqual(second?.name, "the second")
    }))

  it.effect("two builds of one layer have a cache each", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      const layer = RoomSessions.layerCached()
      const tags = [1, 2].map(index => Context.GenericTag<RoomSessions.Service>(`sessions ${index}`))
      const both = tags.map(tag => Layer.effect(tag, RoomSessions.RoomSessions).pipe(Layer.provide(layer)))
        .reduce((all, one) => Layer.merge(all, one))
      yield* Effect.forEach(tags, tag => Effect.flatMap(tag, service => service.get(sessionId))).pipe(
        Effect.provide(Layer.provide(both, client(transport)))
      )
      assert.lengthOf(transport.requests, 2)
    }))

  it.effect("lists are not cached", () =>
    Effect.gen(function*() {
      const transport = over(json(200, "{\"links\":{\"self\":\"/api/video/room_sessions\"},\"data\":[]}"))
      const list = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.listPage())
      yield* Effect.provide(Effect.zip(list, list), cached(transport))
      assert.lengthOf(transport.requests, 2)
    }))
})

const invalidOptions: ReadonlyArray<
  readonly [options: unknown, path: ReadonlyArray<string>, message: string]
> = [
  [{ capacity: 0 }, ["capacity"], "Expected a whole number of at least 1"],
  [{ capacity: 1.5 }, ["capacity"], "Expected a whole number of at least 1"],
  [{ capacity: NaN }, ["capacity"], "Expected a whole number of at least 1"],
  [{ capacity: "100" }, ["capacity"], "Expected a whole number of at least 1"],
  [
    { timeToLive: { completed: -1 } },
    ["timeToLive", "completed"],
    "Expected a duration of at least zero and below 2^31 ms"
  ],
  [{ timeToLive: { completed: "soon" } }, ["timeToLive", "completed"], "Expected a duration such as \"10 seconds\""],
  [
    { timeToLive: { inProgress: NaN } },
    ["timeToLive", "inProgress"],
    "Expected a duration of at least zero and below 2^31 ms"
  ],
  [{ timeToLive: "5 seconds" }, ["timeToLive"], "Expected an object with completed, inProgress"],
  [{ timeToLive: null }, ["timeToLive"], "Expected an object with completed, inProgress"],
  [{ timeToLive: { finished: 1 } }, ["timeToLive", "finished"], "Expected one of completed, inProgress"],
  [{ ttl: 1 }, ["ttl"], "Expected one of capacity, timeToLive"],
  [null, [], "Expected an object with capacity, timeToLive"],
  ["5 seconds", [], "Expected an object with capacity, timeToLive"]
]

describe("layerCached", () => {
  it.effect("the metric counts hits, misses and shared requests", () =>
    Effect.gen(function*() {
      const labels = ["hit", "miss", "shared"]
      const transport = overTransport(slow)
      yield* Effect.gen(function*() {
        const fiber = yield* Effect.fork(Effect.all([get(), get(), get()], { concurrency: "unbounded" }))
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(fiber)
        yield* Effect.replicateEffect(get(), 4)
      }).pipe(Effect.provide(cached(transport)), Effect.tagMetrics("test", "layerCached"))
      const counts = yield* Effect.forEach(labels, result =>
        Metric.value(
          Metric.counter("signalwire.client.cache.requests", {
            description: "Calls of RoomSessions.get of a cached layer",
            incremental: true
          }).pipe(
            Metric.tagged("unit", "{request}"),
            Metric.tagged("result", result),
            Metric.tagged("test", "layerCached")
          )
        ))
      assert.deepStrictEqual(counts.map(({ count }) => count), [4, 1, 2])
    }))

  it.effect("a defect reaches every call that shares its request", () =>
    Effect.gen(function*() {
      const defect = new Error("a bug")
      const layer = RoomSessions.layerCached().pipe(
        Layer.provide(RoomSessionsTest.layerScript([
          Effect.delay(Effect.die(defect), "1 second"),
          RoomSessionFixture.completed()
        ])),
        Layer.orDie
      )
      const id = RoomSessionFixture.completed().id
      yield* Effect.gen(function*() {
        const fiber = yield* Effect.fork(Effect.all([1, 2, 3].map(() => Effect.exit(get(id))), {
          concurrency: "unbounded"
        }))
        yield* TestClock.adjust("1 second")
        for (const exit of yield* Fiber.join(fiber)) {
          assert.isTrue(Exit.isFailure(exit) && Option.getOrUndefined(Cause.dieOption(exit.cause)) === defect)
        }
        yield* get(id)
      }).pipe(Effect.provide(layer))
    }))

  it.effect("an uninterruptible call waits for its request", () =>
    Effect.gen(function*() {
      const transport = overHttpClient(slow)
      yield* Effect.gen(function*() {
        const fiber = yield* Effect.fork(Effect.uninterruptible(get()))
        yield* TestClock.adjust("100 millis")
        yield* Effect.fork(Fiber.interrupt(fiber))
        yield* TestClock.adjust("900 millis")
        yield* Fiber.await(fiber)
        yield* get()
      }).pipe(Effect.provide(cached(transport)))
      assert.lengthOf(transport.requests, 1)
    }))

  it.effect.each(invalidOptions)(
    "the options %j are a ConfigError at %j",
    ([options, path, message]) =>
      Effect.gen(function*() {
        const layer = layerOf(options)
        const error = yield* Effect.flip(Effect.provide(get(), layer.pipe(Layer.provide(client(overTransport(ok))))))
        assert.deepStrictEqual(error, ConfigError.InvalidData(["cache", ...path], message))
      })
  )

  it.effect("the ConfigError names every invalid option", () =>
    Effect.gen(function*() {
      const options = { capacity: -1, timeToLive: { completed: "soon", inProgress: -1 } }
      const layer = layerOf(options)
      const error = yield* Effect.flip(Effect.provide(get(), layer.pipe(Layer.provide(client(overTransport(ok))))))
      const text = Cause.pretty(Cause.fail(error))
      for (const name of ["capacity", "completed", "inProgress"]) assert.include(text, name)
    }))
})
