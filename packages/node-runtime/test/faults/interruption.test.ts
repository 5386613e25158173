import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, ManagedRuntime } from "effect"
import { getEventListeners, setMaxListeners } from "node:events"
import { clientOf, get } from "./harness/call.ts"
import { eachTransport, once } from "./harness/faultTest.ts"
import * as lag from "./harness/lag.ts"
import * as rawServer from "./harness/rawServer.ts"
import { head, ok, read, send, sequence, serverError, stall } from "./harness/scripts.ts"
import { until } from "./harness/until.ts"

/** By when an interruption must settle, in milliseconds beside the lag of the event loop. */
const boundMillis = 50

const assertInTime = (elapsed: lag.Elapsed, where: string): void => lag.assertWithin(elapsed, boundMillis, where, 0)

/** A script, whether it has completed (the client has read what it sent), and whether its connection was closed. */
const observed = (script: rawServer.Script) => {
  let isCompleted = false
  let isClosed = false
  return {
    isCompleted: () => isCompleted,
    isClosed: () => isClosed,
    script: sequence(
      ({ socket }) => Effect.sync(() => void socket.once("close", () => (isClosed = true))),
      script,
      read,
      () => Effect.sync(() => void (isCompleted = true))
    )
  }
}

describe("Interruption", () => {
  eachTransport("a call that is interrupted before it is sent makes no request", transport =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([ok])
      yield* Effect.gen(function*() {
        yield* Effect.zipRight(Effect.interrupt, get).pipe(Effect.exit)
        const fiber = yield* Effect.fork(get)
        const exit = yield* Fiber.interrupt(fiber)
        assert.isTrue(Exit.isInterrupted(exit))
        yield* Effect.sleep("100 millis")
      }).pipe(Effect.provide(Layer.orDie(clientOf(transport, target))))
      assert.strictEqual(target.requests.length, 0)
    }))

  eachTransport(
    "interruption while connecting, in the headers or in the body closes the connection within 50 ms",
    transport =>
      Effect.gen(function*() {
        const phases = {
          connect: observed(stall),
          headers: observed(send("HTTP/1.1 200 OK\r\nx-a: b")),
          body: observed(send(head(200, { "content-length": "100" }), "0123456789"))
        }
        for (const [phase, { isCompleted, isClosed, script }] of Object.entries(phases)) {
          const isConnecting = phase === "connect"
          if (isConnecting && transport === "fetch") continue
          const server = yield* rawServer.make([script])
          // a server without TLS keeps the client connecting
          const baseUrl = isConnecting ? `https://127.0.0.1:${server.port}` : server.baseUrl
          yield* Effect.gen(function*() {
            const fiber = yield* Effect.fork(get)
            yield* until(() => isConnecting ? server.received() > 0 : isCompleted())
            // the connection of the request: fetch opens another in its place and keeps that for later calls
            const closed = lag.becomes(() => isConnecting ? server.open() === 0 : isClosed(), 1000)
            assertInTime(
              yield* lag.during(Effect.zipRight(Fiber.interrupt(fiber), closed)),
              `${phase}, over ${transport}`
            )
            if (transport !== "fetch") assert.strictEqual(server.open(), 0, `${phase}, over ${transport}`)
          }).pipe(Effect.provide(Layer.orDie(clientOf(transport, { baseUrl }))))
        }
      }),
    { sequential: true }
  )

  eachTransport(
    "interruption during the backoff settles within 50 ms, and no request follows",
    transport =>
      Effect.gen(function*() {
        const { isCompleted, script } = observed(serverError)
        const target = yield* rawServer.make([script])
        yield* Effect.gen(function*() {
          const fiber = yield* Effect.fork(get)
          yield* until(isCompleted)
          yield* Effect.sleep("20 millis")
          assertInTime(yield* lag.during(Fiber.interrupt(fiber)), `in the backoff, over ${transport}`)
          // the retry would have been sent after 2 seconds at the latest
          yield* Effect.sleep("2100 millis")
          assert.strictEqual(target.requests.length, 1)
        }).pipe(
          Effect.provide(clientOf(transport, target, { policy: { baseDelay: "2 seconds", maxDelay: "2 seconds" } })),
          Effect.orDie
        )
      })
  )

  eachTransport(
    "a call that loses Effect.race, 1,000 times, leaks nothing",
    transport =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([stall])
        const winners = yield* Effect.forEach(
          Array.from({ length: 1000 }),
          () => Effect.race(get, Effect.as(Effect.sleep("2 millis"), "winner")),
          { concurrency: 50 }
        ).pipe(Effect.provide(Layer.orDie(clientOf(transport, target))), Effect.orDie)
        assert.isTrue(winners.every(winner => winner === "winner"))
        // fetch finishes connections that no call waits for, and keeps them for later calls
        if (transport !== "fetch") {
          assert.isTrue(
            // the server may not have accepted some of them yet
            yield* lag.becomes(() => target.open() === 0, 10_000),
            `connections are closed, over ${transport}`
          )
        }
      }),
    { sequential: true }
  )

  once(
    "one AbortSignal of 10,000 runPromise calls keeps no listeners",
    Effect.gen(function*() {
      const target = yield* rawServer.make([ok])
      const runtime = ManagedRuntime.make(Layer.orDie(clientOf("undici", target)))
      const listenersOf = (signal: AbortSignal) => getEventListeners(signal, "abort").length
      const { signal: unused } = new AbortController()
      yield* Effect.promise(() => runtime.runPromise(Effect.yieldNow(), { signal: unused }))
      // 0, but for versions of Effect that leave one
      const leftByEffect = listenersOf(unused)
      const { signal } = new AbortController()
      // each call in progress has a listener
      setMaxListeners(0, signal)
      yield* Effect.forEach(
        Array.from({ length: 10_000 }),
        () => Effect.promise(() => runtime.runPromise(get, { signal })),
        { concurrency: 32, discard: true }
      )
      assert.strictEqual(listenersOf(signal), 10_000 * leftByEffect)
      yield* Effect.promise(() => runtime.dispose())
    })
  )
})
