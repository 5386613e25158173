import { RoomSessions } from "@effect-signalwire/core"
import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, ManagedRuntime } from "effect"
import { getEventListeners, setMaxListeners } from "node:events"
import * as lag from "./harness/lag.ts"
import { once } from "./harness/once.ts"
import * as rawServer from "./harness/rawServer.ts"
import { clientOf, row } from "./harness/row.ts"
import { broken, head, ok, read, send, sequence, stall } from "./harness/scripts.ts"
import { sessionId } from "./harness/session.ts"
import { until } from "./harness/until.ts"

const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId))

/** How long it may take to end a call, in milliseconds beside the lag of the event loop. */
const boundMillis = 50

const assertAtOnce = (elapsed: lag.Elapsed, where: string): void => lag.assertWithin(elapsed, boundMillis, where, 0)

/** A script, whether it has come to its end (the client has read what it sent), and whether its connection was closed. */
const observed = (script: rawServer.Script) => {
  let hasEnded = false
  let isClosed = false
  return {
    hasEnded: () => hasEnded,
    isClosed: () => isClosed,
    script: sequence(
      ({ socket }) => Effect.sync(() => void socket.once("close", () => (isClosed = true))),
      script,
      read,
      () => Effect.sync(() => void (hasEnded = true))
    )
  }
}

describe("Cancel", () => {
  row(66, transport =>
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

  row(67, transport =>
    Effect.gen(function*() {
      const phases = {
        connect: observed(stall),
        headers: observed(send("HTTP/1.1 200 OK\r\nx-a: b")),
        body: observed(send(head(200, { "content-length": "100" }), "0123456789"))
      }
      for (const [phase, { hasEnded, isClosed, script }] of Object.entries(phases)) {
        const isConnecting = phase === "connect"
        if (isConnecting && transport === "fetch") continue
        const server = yield* rawServer.make([script])
        // a server that does not speak TLS leaves the client in the middle of connecting
        const baseUrl = isConnecting ? `https://127.0.0.1:${server.port}` : server.baseUrl
        yield* Effect.gen(function*() {
          const fiber = yield* Effect.fork(get)
          yield* until(() => isConnecting ? server.received() > 0 : hasEnded())
          // the connection of the request, since fetch opens another in its place and keeps that for later calls
          const closed = lag.becomes(() => isConnecting ? server.open() === 0 : isClosed(), 1000)
          assertAtOnce(
            yield* lag.during(Effect.zipRight(Fiber.interrupt(fiber), closed)),
            `${phase}, over ${transport}`
          )
          if (transport !== "fetch") assert.strictEqual(server.open(), 0, `${phase}, over ${transport}`)
        }).pipe(Effect.provide(Layer.orDie(clientOf(transport, { baseUrl }))))
      }
    }), { sequential: true })

  row(68, transport =>
    Effect.gen(function*() {
      const { hasEnded, script } = observed(broken)
      const target = yield* rawServer.make([script])
      yield* Effect.gen(function*() {
        const fiber = yield* Effect.fork(get)
        yield* until(hasEnded)
        yield* Effect.sleep("20 millis")
        assertAtOnce(yield* lag.during(Fiber.interrupt(fiber)), `in the backoff, over ${transport}`)
        // the retry would have been sent after 2 seconds at the latest
        yield* Effect.sleep("2100 millis")
        assert.strictEqual(target.requests.length, 1)
      }).pipe(
        Effect.provide(clientOf(transport, target, { policy: { baseDelay: "2 seconds", maxDelay: "2 seconds" } })),
        Effect.orDie
      )
    }))

  row(
    69,
    transport =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([stall])
        const winners = yield* Effect.forEach(
          Array.from({ length: 1000 }),
          () => Effect.race(get, Effect.as(Effect.sleep("2 millis"), "winner")),
          { concurrency: 50 }
        ).pipe(Effect.provide(Layer.orDie(clientOf(transport, target))), Effect.orDie)
        assert.isTrue(winners.every(winner => winner === "winner"))
        // fetch finishes connections that nobody waits for, and keeps them for its next calls
        if (transport !== "fetch") {
          assert.isTrue(
            yield* lag.becomes(() => target.open() === 0, 1000),
            `connections are closed, over ${transport}`
          )
        }
      }),
    { sequential: true }
  )

  once(
    70,
    Effect.gen(function*() {
      const target = yield* rawServer.make([ok])
      const runtime = ManagedRuntime.make(Layer.orDie(clientOf("undici", target)))
      const listenersOf = (signal: AbortSignal) => getEventListeners(signal, "abort").length
      const { signal: unused } = new AbortController()
      yield* Effect.promise(() => runtime.runPromise(Effect.yieldNow(), { signal: unused }))
      // none, but for a version of Effect that leaves them
      const leftByEffect = listenersOf(unused)
      const { signal } = new AbortController()
      // there are as many as calls at once
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
