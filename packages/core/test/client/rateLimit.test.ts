import { RequestPolicy, type SignalWireError, Transport } from "@effect-signalwire/core"
import { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Duration, Effect, Exit, Fiber, Layer, Scope, TestClock } from "effect"
import { get, sessions } from "../support/client.ts"
import { shortestDelays, withoutSleep } from "../support/delays.ts"
import { json, noResponse, ok, serverError } from "../support/responses.ts"
import { overTransport, type Recorded, transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

const rateLimit = { limit: 100, interval: "1 second" } as const
const one = { limit: 1, interval: "1 second" } as const
const slow = { limit: 10, interval: "20 seconds" } as const

const timesOf = ({ requests }: Recorded): ReadonlyArray<number> => requests.map(({ atMillis }) => atMillis)

const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`

const idsOf = ({ requests }: Recorded): ReadonlyArray<string> => requests.map(({ url }) => url.slice(-36))

const ids = (count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, index) => idOf(index))

/** A window that starts just before a request has the most requests. */
const assertLimit = (times: ReadonlyArray<number>, limit: number, intervalMillis: number): void => {
  for (const [index, time] of times.entries()) {
    const next = times[index + limit]
    if (next !== undefined) assert.isAtLeast(next - time, intervalMillis, `request ${index + limit}`)
  }
}

const errorOf = (exit: Exit.Exit<unknown, SignalWireError.SignalWireError> | undefined) => {
  assert.isDefined(exit)
  if (Exit.isSuccess(exit)) return assert.fail("the call succeeded")
  const failure = Cause.failureOption(exit.cause)
  return failure._tag === "Some" ? failure.value : assert.fail(Cause.pretty(exit.cause))
}

const anyId = { echo: "ignore" } as const

describe("rateLimit with 2,000 calls", () => {
  it.effect("2,000 calls at once are sent in order, 100 in any second, in 19 seconds", () =>
    Effect.gen(function*() {
      const transport = overTransport(ok)
      const all = Effect.forEach(ids(2000), id => get(id), { concurrency: "unbounded", discard: true })
      yield* within("19 seconds")(Effect.provide(all, sessions(transport, { ...anyId, policy: { rateLimit } })))
      assert.deepStrictEqual(idsOf(transport), ids(2000))
      assert.deepStrictEqual(
        timesOf(transport),
        ids(2000).map((_, index) => Math.floor(index / 100) * 1000)
      )
    }))

  it.effect("interrupted calls leave the queue, and the others move up", () =>
    Effect.gen(function*() {
      const transport = overTransport(ok)
      yield* Effect.gen(function*() {
        const fibers = yield* Effect.forEach(ids(2000), id => Effect.fork(get(id)))
        yield* TestClock.adjust("500 millis")
        const odd = fibers.filter((_, index) => index % 2 === 1)
        yield* Fiber.interruptAll(odd)
        yield* TestClock.adjust("10 seconds")
        const even = fibers.filter((_, index) => index % 2 === 0)
        yield* Fiber.joinAll(even)
      }).pipe(Effect.provide(sessions(transport, { ...anyId, policy: { rateLimit } })))
      // the first 100 were sent before the interruption
      assert.deepStrictEqual(
        idsOf(transport),
        ids(2000).filter((_, index) => index < 100 || index % 2 === 0)
      )
      assertLimit(timesOf(transport), 100, 1000)
      assert.strictEqual(timesOf(transport).at(-1), 10_000)
    }))
})

it.effect("a transform that sends two requests for an attempt takes one place, so that twice the limit is sent", () =>
  Effect.gen(function*() {
    const transport = overTransport(ok)
    const twice = (client: HttpClient.HttpClient) =>
      HttpClient.transform(client, effect => Effect.zipRight(effect, effect))
    const all = Effect.forEach(ids(20), id => get(id), { concurrency: "unbounded", discard: true })
    yield* within("20 seconds")(
      Effect.provide(all, sessions(transport, { ...anyId, transformClient: twice, policy: { rateLimit: slow } }))
    )
    assert.deepStrictEqual(timesOf(transport), Array.from({ length: 40 }, (_, index) => index < 20 ? 0 : 20_000))
  }))

describe.concurrent.each(transports)("rateLimit over %s", (_, over) => {
  it.effect("the time of the request that was sent `limit` requests ago decides, and not a fixed window", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      yield* within("10 seconds")(
        Effect.gen(function*() {
          yield* Effect.sleep("900 millis")
          yield* get()
          yield* Effect.sleep("90 millis")
          yield* Effect.all([get(), get(), get(), get()], { concurrency: "unbounded" })
        }).pipe(Effect.provide(sessions(transport, { policy: { rateLimit: { limit: 2, interval: "1 second" } } })))
      )
      assert.deepStrictEqual(timesOf(transport), [900, 990, 1900, 1990, 2900])
    }))

  it.effect("the first call of the queue is interrupted, and the next one has its turn", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      yield* Effect.gen(function*() {
        yield* get()
        const first = yield* Effect.fork(get())
        const second = yield* Effect.fork(get())
        yield* TestClock.adjust("999 millis")
        yield* Fiber.interrupt(first)
        yield* TestClock.adjust("1 millis")
        yield* Fiber.join(second)
      }).pipe(Effect.provide(sessions(transport, { policy: { rateLimit: one } })))
      assert.deepStrictEqual(timesOf(transport), [0, 1000])
    }))

  it.effect("a call that is interrupted in the moment of its turn passes it on", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      yield* Effect.gen(function*() {
        yield* get()
        const first = yield* Effect.fork(get(idOf(1)))
        const second = yield* Effect.fork(get(idOf(2)))
        // it is due at the same time as the turn, and its timer was set later
        const interruption = yield* Effect.fork(Effect.zipRight(Effect.sleep("1 second"), Fiber.interrupt(first)))
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(interruption)
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(second)
      }).pipe(Effect.provide(sessions(transport, { ...anyId, policy: { rateLimit: one } })))
      assert.strictEqual(idsOf(transport).at(-1), idOf(2))
      assertLimit(timesOf(transport), 1, 1000)
    }))

  it.effect("retries count, and wait behind the calls that wait already", () =>
    Effect.gen(function*() {
      const transport = over(serverError, ok)
      yield* shortestDelays(
        within("10 seconds")(
          Effect.all([get(idOf(1)), get(idOf(2)), get(idOf(3))], { concurrency: "unbounded" }).pipe(
            Effect.provide(sessions(transport, { ...anyId, policy: { rateLimit: one } }))
          )
        )
      )
      assert.deepStrictEqual(idsOf(transport), [1, 2, 3, 1].map(idOf))
      assert.deepStrictEqual(timesOf(transport), [0, 1000, 2000, 3000])
    }))

  it.effect("two clients have two limits", () =>
    Effect.gen(function*() {
      const both = [over(ok), over(ok)]
      yield* within("1 second")(Effect.forEach(
        both,
        transport =>
          Effect.provide(
            Effect.all([get(), get()], { concurrency: "unbounded" }),
            sessions(transport, { policy: { rateLimit: one } })
          ),
        { concurrency: "unbounded" }
      ))
      for (const transport of both) assert.deepStrictEqual(timesOf(transport), [0, 1000])
    }))

  it.effect("a call that waits until its deadline is RequestTimeout without an attempt", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      const error = yield* Effect.flip(
        within("3 seconds")(Effect.provide(
          Effect.zipRight(get(), get()),
          sessions(transport, { policy: { rateLimit: { limit: 1, interval: "1 hour" }, deadline: "3 seconds" } })
        ))
      )
      assert.deepInclude(error, {
        _tag: "SignalWireRequestTimeout",
        phase: "deadline",
        attempts: 0,
        requestsSent: 0,
        elapsed: Duration.seconds(3),
        message:
          "RoomSessions.get: the rate limit of the client allows no request within the deadline of the call: nothing was sent"
      })
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.effect("waiting takes nothing of attemptTimeout, and all of the deadline", () =>
    Effect.gen(function*() {
      const transport = over(ok, noResponse)
      const policy = { rateLimit: one, attemptTimeout: "800 millis", deadline: "1500 millis", maxRetries: 0 } as const
      const errors = yield* within("2 seconds")(
        Effect.gen(function*() {
          yield* get()
          return yield* Effect.all([Effect.flip(get()), Effect.flip(get())], { concurrency: "unbounded" })
        }).pipe(Effect.provide(sessions(transport, { policy })))
      )
      assert.deepInclude(errors[0], { _tag: "SignalWireRequestTimeout", phase: "deadline", requestsSent: 1 })
      assert.deepInclude(errors[0], { elapsed: Duration.millis(1500) })
      assert.deepInclude(errors[1], { _tag: "SignalWireRequestTimeout", phase: "deadline", requestsSent: 0 })
      assert.deepStrictEqual(timesOf(transport), [0, 1000])
    }))

  it.effect("a retry that waits until the deadline is RequestTimeout with the attempts before, and costs no budget", () =>
    Effect.gen(function*() {
      const transport = over(serverError, ok)
      const retryBudget = { capacity: 5, retryCost: 5, timeoutCost: 5, refill: 0 }
      const policy = { rateLimit: { limit: 1, interval: "10 seconds" }, deadline: "5 seconds", retryBudget } as const
      const calls = Effect.gen(function*() {
        const error = yield* Effect.flip(get())
        assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", phase: "deadline", attempts: 1, requestsSent: 1 })
        return yield* get().pipe(RequestPolicy.with({ deadline: "1 minute" }))
      })
      yield* shortestDelays(within("20 seconds")(Effect.provide(calls, sessions(transport, { policy }))))
      assert.strictEqual(transport.requests.length, 2)
    }))

  it.effect("an uninterruptible call waits until its deadline", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      const policy = { rateLimit: { limit: 1, interval: "1 hour" }, deadline: "3 seconds" } as const
      yield* Effect.gen(function*() {
        yield* get()
        const fiber = yield* Effect.fork(Effect.uninterruptible(Effect.flip(get())))
        yield* Effect.fork(Fiber.interrupt(fiber))
        yield* TestClock.adjust("3 seconds")
        assert.isTrue(Exit.isInterrupted(yield* Fiber.await(fiber)))
      }).pipe(Effect.provide(sessions(transport, { policy })))
    }))

  it.effect("a call that waits with a test clock that does not sleep settles", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      const exits = yield* withoutSleep(Effect.provide(
        Effect.forEach(ids(20), id => Effect.exit(get(id)), { concurrency: "unbounded" }),
        sessions(transport, { ...anyId, policy: { rateLimit: one } })
      ))
      assert.strictEqual(exits.length, 20)
    }))
})

const tooMany = (retryAfter: string) => json(429, "", { "retry-after": retryAfter })

describe.concurrent.each(transports)("rateLimit and 429 over %s", (_, over) => {
  it.effect("after a 429 with Retry-After no call of the client sends a request until then", () =>
    Effect.gen(function*() {
      const transport = over(tooMany("5"), ok)
      const calls = Effect.gen(function*() {
        const told = yield* Effect.fork(get(idOf(1)))
        yield* Effect.sleep("1 second")
        yield* Effect.all([get(idOf(2)), get(idOf(3))], { concurrency: "unbounded" })
        yield* Fiber.join(told)
      })
      yield* shortestDelays(
        within("10 seconds")(
          Effect.provide(
            calls,
            sessions(transport, { ...anyId, policy: { rateLimit: { limit: 9, interval: "1 second" } } })
          )
        )
      )
      assert.deepStrictEqual(timesOf(transport), [0, 5000, 5000, 5000])
    }))

  it.effect("calls in the queue wait for the end of the pause too", () =>
    Effect.gen(function*() {
      const transport = over({ ...tooMany("5"), after: 500 }, ok)
      const calls = Effect.all([get(idOf(1)), get(idOf(2)), get(idOf(3))], { concurrency: "unbounded" })
      yield* shortestDelays(
        within("10 seconds")(
          Effect.provide(calls, sessions(transport, { ...anyId, policy: { rateLimit: one } }))
        )
      )
      assert.deepStrictEqual(timesOf(transport), [0, 5500, 6500, 7500])
    }))

  it.effect("a call whose deadline is before the end of the pause is RateLimited at once, without a request", () =>
    Effect.gen(function*() {
      const transport = over(tooMany("20"), ok)
      const policy = { rateLimit: { limit: 9, interval: "1 second" }, deadline: "10 seconds" } as const
      const error = yield* within("1 second")(
        Effect.gen(function*() {
          yield* Effect.flip(get())
          yield* Effect.sleep("1 second")
          return yield* Effect.flip(get())
        }).pipe(Effect.provide(sessions(transport, { policy })))
      )
      assert.deepInclude(error, {
        _tag: "SignalWireRateLimited",
        attempts: 0,
        requestsSent: 0,
        elapsed: Duration.zero,
        retryAfter: Duration.seconds(19),
        message: "RoomSessions.get: the service has responded to another call that there are too many requests; the " +
          "client sends none for 19 s: nothing was sent"
      })
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.effect("a call in the queue whose deadline is before the end of the pause is RateLimited as soon as the pause begins", () =>
    Effect.gen(function*() {
      const transport = over({ ...tooMany("20"), after: 500 }, ok)
      const policy = { rateLimit: one, deadline: "10 seconds" } as const
      const exits = yield* within("500 millis")(
        Effect.all([Effect.exit(get()), Effect.exit(get()), Effect.exit(get())], { concurrency: "unbounded" }).pipe(
          Effect.provide(sessions(transport, { policy }))
        )
      )
      assert.deepStrictEqual(
        exits.map(errorOf).map(({ _tag, requestsSent }) => [_tag, requestsSent]),
        [1, 0, 0].map(requestsSent => ["SignalWireRateLimited", requestsSent])
      )
    }))

  it.effect("a retry whose deadline is before the end of a pause fails with the error of its attempt", () =>
    Effect.gen(function*() {
      const transport = over(serverError, tooMany("20"), ok)
      const policy = { rateLimit: { limit: 9, interval: "1 second" }, deadline: "10 seconds" } as const
      const [error] = yield* shortestDelays(
        within("1 second")(
          Effect.all([Effect.flip(get()), Effect.delay(Effect.flip(get()), "100 millis")], { concurrency: "unbounded" })
            .pipe(Effect.provide(sessions(transport, { policy })))
        )
      )
      assert.deepInclude(error, { _tag: "SignalWireInternalServerError", attempts: 1, requestsSent: 1 })
      assert.strictEqual(transport.requests.length, 2)
    }))

  it.effect("a pause is one minute at most, and the error has the rest of it", () =>
    Effect.gen(function*() {
      const transport = over(tooMany("86400"), ok)
      const policy = { rateLimit: { limit: 9, interval: "1 second" } } as const
      const calls = Effect.gen(function*() {
        yield* Effect.flip(get())
        yield* Effect.sleep("10 seconds")
        const error = yield* Effect.flip(get())
        assert.deepInclude(error, { _tag: "SignalWireRateLimited", retryAfter: Duration.seconds(50) })
        yield* get().pipe(RequestPolicy.with({ deadline: "2 minutes" }))
      })
      yield* within("1 minute")(Effect.provide(calls, sessions(transport, { policy })))
      assert.deepStrictEqual(timesOf(transport), [0, 60_000])
    }))

  it.effect("a 429 without Retry-After, and a 503 with one, concern their own call only", () =>
    Effect.gen(function*() {
      for (const response of [json(429, ""), json(503, "", { "retry-after": "5" })]) {
        const transport = over(response, ok)
        const start = yield* Effect.clockWith(clock => clock.currentTimeMillis)
        const policy = { rateLimit: { limit: 9, interval: "1 second" }, maxRetries: 0 } as const
        yield* within(0)(Effect.provide(Effect.zipRight(Effect.flip(get()), get()), sessions(transport, { policy })))
        assert.deepStrictEqual(timesOf(transport), [start, start])
      }
    }))

  it.effect("without rateLimit a 429 with Retry-After concerns its own call only", () =>
    Effect.gen(function*() {
      const transport = over(tooMany("5"), ok)
      yield* within(0)(Effect.provide(
        Effect.zipRight(Effect.flip(get().pipe(RequestPolicy.with(RequestPolicy.noRetries))), get()),
        sessions(transport)
      ))
      assert.strictEqual(transport.requests.length, 2)
    }))
})

describe("rateLimit when the layer of the transport is closed", () => {
  it.effect("the calls that wait are TransportError Closed", () =>
    Effect.gen(function*() {
      const closed = yield* Deferred.make<void>()
      const transport = Layer.effect(
        Transport.Transport,
        Effect.map(Transport.Transport, inner => ({ ...inner, closed: Deferred.await(closed) }))
      ).pipe(Layer.provide(overTransport(ok).transport))
      const exits = yield* Effect.gen(function*() {
        yield* get()
        const fibers = yield* Effect.forEach(ids(10), () => Effect.fork(Effect.exit(get())))
        yield* TestClock.adjust("100 millis")
        yield* Deferred.succeed(closed, undefined)
        return yield* Effect.forEach(fibers, Fiber.join)
      }).pipe(Effect.provide(sessions({ transport }, { policy: { rateLimit: one } })))
      for (const exit of exits) {
        assert.deepInclude(errorOf(exit), {
          _tag: "SignalWireTransportError",
          reason: "Closed",
          attempts: 0,
          requestsSent: 0
        })
      }
    }))
})

describe("rateLimit over a transport that outlives the client", () => {
  it.effect.each(
    [
      ["first attempts", ok, 0],
      ["retries", serverError, 1]
    ] as const
  )(
    "closing the client ends the %s that wait with TransportError Closed",
    ([, response, sent]) =>
      Effect.scoped(Effect.gen(function*() {
        const recorded = overTransport(response)
        const transport = Layer.succeedContext(yield* Layer.build(recorded.transport))
        const scope = yield* Scope.make()
        const context = yield* Layer.buildWithScope(sessions({ transport }, { policy: { rateLimit: slow } }), scope)
        yield* Effect.gen(function*() {
          const fibers = yield* Effect.forEach(ids(10), () => Effect.fork(Effect.exit(get())))
          yield* TestClock.adjust("1 second")
          assert.lengthOf(recorded.requests, 10)
          // of the first attempts, all have succeeded
          const waiting = sent === 1 ? fibers : yield* Effect.forEach(ids(10), () => Effect.fork(Effect.exit(get())))
          yield* TestClock.adjust("1 second")
          yield* Scope.close(scope, Exit.void)
          yield* TestClock.adjust(0)
          for (const fiber of waiting) {
            const exit = fiber.unsafePoll()
            assert.isNotNull(exit, "a call still waits")
            assert.deepInclude(errorOf(yield* exit), {
              _tag: "SignalWireTransportError",
              reason: "Closed",
              attempts: sent,
              requestsSent: sent
            })
          }
        }).pipe(Effect.provide(context))
      }))
  )
})
