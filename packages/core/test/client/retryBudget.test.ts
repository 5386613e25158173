import { RequestPolicy } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schedule, TestClock } from "effect"
import { get, patient, sessions } from "../support/client.ts"
import { noResponse, ok, serverError } from "../support/responses.ts"
import { transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

/** Two retries, or one after a timeout. */
const retryBudget = { capacity: 10, retryCost: 5, timeoutCost: 10, refill: 1 }

const call = Effect.exit(get())

describe.concurrent.each(transports)("the retry budget over %s", (_, over) => {
  it.effect("an exhausted budget allows no more retries", () =>
    Effect.gen(function*() {
      const transport = over(serverError)
      yield* within("1 minute")(
        Effect.provide(Effect.all([call, call, call]), sessions(transport, { policy: { retryBudget } }))
      )
      assert.strictEqual(transport.requests.length, 3 + 1 + 1)
    }))

  it.effect("successes refill the budget, and retries resume", () =>
    Effect.gen(function*() {
      const outage = [serverError, serverError, serverError, serverError] as const
      const transport = over(...outage, ok, ok, ok, ok, ok, serverError, ok)
      yield* within("1 minute")(
        Effect.provide(
          Effect.gen(function*() {
            assert.strictEqual((yield* call)._tag, "Failure")
            assert.strictEqual(transport.requests.length, 3)
            assert.strictEqual((yield* call)._tag, "Failure")
            assert.strictEqual(transport.requests.length, 4)
            yield* Effect.repeat(get(), Schedule.recurs(4))
            assert.strictEqual((yield* call)._tag, "Success")
          }),
          sessions(transport, { policy: { retryBudget } })
        )
      )
      assert.strictEqual(transport.requests.length, 11)
    }))

  it.effect("a retry after a timeout costs timeoutCost", () =>
    Effect.gen(function*() {
      const transport = over(noResponse)
      const policy = { attemptTimeout: "500 millis", deadline: "2 seconds", retryBudget } as const
      yield* within("1 minute")(Effect.provide(call, sessions(transport, { policy })))
      assert.strictEqual(transport.requests.length, 2)
    }))

  it.effect("a retry that is interrupted in its delay costs nothing", () =>
    Effect.gen(function*() {
      const transport = over(serverError)
      yield* Effect.gen(function*() {
        for (let index = 0; index < 3; index++) {
          const fiber = yield* Effect.fork(get())
          yield* TestClock.adjust("10 millis")
          yield* Fiber.interrupt(fiber)
        }
        yield* within("1 minute")(call)
      }).pipe(Effect.provide(sessions(transport, { policy: { retryBudget } })))
      assert.strictEqual(transport.requests.length, 3 + 3)
    }))

  it.effect("a call that is interrupted as its error arrives costs nothing", () =>
    Effect.gen(function*() {
      const transport = over(serverError)
      yield* Effect.gen(function*() {
        for (let index = 0; index < 3; index++) {
          const fiber = yield* Effect.fork(get())
          // the response is there, and its fiber has not continued yet
          while (transport.requests.length === index) yield* Effect.yieldNow()
          yield* Fiber.interrupt(fiber)
        }
        yield* within("1 minute")(call)
      }).pipe(Effect.provide(sessions(transport, { policy: { retryBudget } })))
      assert.strictEqual(transport.requests.length, 3 + 3)
    }))

  it.effect("RequestPolicy.with gives a budget to its effect where the layer has none", () =>
    Effect.gen(function*() {
      const transport = over(serverError)
      yield* within("1 minute")(
        Effect.all(Effect.replicate(call, 12), { concurrency: "unbounded" }).pipe(
          RequestPolicy.with({ retryBudget: RequestPolicy.defaults.retryBudget }),
          Effect.provide(sessions(transport, { policy: { retryBudget: null } }))
        )
      )
      assert.strictEqual(transport.requests.length, 12 + 20)
    }))

  it.live("1,000 calls in an outage send 20 retries", () =>
    Effect.gen(function*() {
      const transport = over(serverError)
      const calls = Effect.all(Array.from({ length: 1000 }, () => call), { concurrency: 100, discard: true })
      yield* Effect.provide(calls, sessions(transport, { policy: { ...patient, baseDelay: "1 millis" } }))
      assert.strictEqual(transport.requests.length, 1020)
    }))

  it.live("a budget of null does not limit retries", () =>
    Effect.gen(function*() {
      const transport = over(serverError)
      const calls = Effect.replicateEffect(call, 30)
      const policy = { ...patient, retryBudget: null, baseDelay: "1 millis" } as const
      yield* Effect.provide(calls, sessions(transport, { policy }))
      assert.strictEqual(transport.requests.length, 90)
    }))
})
