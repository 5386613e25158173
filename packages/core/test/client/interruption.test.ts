import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, TestClock } from "effect"
import { get, getOver, patient, sessions } from "../support/client.ts"
import { noResponse, ok, serverError } from "../support/responses.ts"
import { sessionId } from "../support/sessions.ts"
import { transports } from "../support/transports.ts"
import { until } from "../support/until.ts"

describe.concurrent.each(transports)("interruption over %s", (_, over) => {
  it.effect("an interrupted call aborts its request, and sends no other", () =>
    Effect.gen(function*() {
      const transport = over(noResponse)
      const fiber = yield* Effect.fork(getOver(transport))
      yield* TestClock.adjust("100 millis")
      assert.strictEqual(transport.aborted(), 0)
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(transport.aborted(), 1)
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.live("an interrupted call aborts its request on the live clock", () =>
    Effect.gen(function*() {
      const transport = over(noResponse)
      const fiber = yield* Effect.fork(getOver(transport, { policy: patient }))
      yield* until(() => transport.requests.length === 1)
      yield* Fiber.interrupt(fiber)
      yield* until(() => transport.aborted() === 1)
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.effect("a call that is interrupted in the delay of a retry sends no other request", () =>
    Effect.gen(function*() {
      const transport = over(serverError)
      const fiber = yield* Effect.fork(getOver(transport))
      yield* TestClock.adjust("100 millis")
      assert.strictEqual(transport.requests.length, 1)
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.effect("an uninterruptible call whose fiber is interrupted in the delay of a retry makes the retry", () =>
    Effect.gen(function*() {
      const transport = over(serverError, ok)
      const exits: Array<Exit.Exit<unknown, unknown>> = []
      const call = Effect.map(Effect.exit(getOver(transport)), exit => void exits.push(exit))
      const fiber = yield* Effect.fork(Effect.uninterruptible(call))
      yield* TestClock.adjust("100 millis")
      assert.strictEqual(transport.requests.length, 1)
      yield* Fiber.interruptFork(fiber)
      yield* TestClock.adjust("1 minute")
      yield* Fiber.await(fiber)
      assert.deepStrictEqual(exits.map(Exit.isSuccess), [true])
      assert.strictEqual(transport.requests.length, 2)
    }))

  it.effect("a call in a fiber that was interrupted before it sends no request", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      yield* Effect.exit(Effect.zipRight(Effect.interrupt, getOver(transport)))
      yield* Effect.exit(getOver(transport).pipe(Effect.fork, Effect.flatMap(Fiber.interrupt)))
      assert.strictEqual(transport.requests.length, 0)
    }))

  it.live("a timeout in an uninterruptible effect aborts the request", () =>
    Effect.gen(function*() {
      const transport = over(noResponse)
      const policy = { attemptTimeout: "10 millis", maxRetries: 0 } as const
      yield* Effect.provide(Effect.exit(Effect.uninterruptible(get())), sessions(transport, { policy }))
      yield* until(() => transport.aborted() === 1)
    }))

  it.live("a finalizer of an interrupted fiber can make a call", () =>
    Effect.gen(function*() {
      const found: Array<string> = []
      let isRunning = false
      const running = Effect.sync(() => {
        isRunning = true
      })
      const fiber = yield* Effect.zipRight(running, Effect.never).pipe(
        Effect.onInterrupt(() => Effect.map(Effect.orDie(get()), ({ id }) => void found.push(id))),
        Effect.provide(sessions(over(ok), { policy: patient })),
        Effect.fork
      )
      yield* until(() => isRunning)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(found, [sessionId])
    }))
})
