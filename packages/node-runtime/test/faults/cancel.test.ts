import { RoomSessions } from "@effect-signalwire/core"
import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, ManagedRuntime } from "effect"
import { getEventListeners } from "node:events"
import { once } from "./harness/once.ts"
import * as rawServer from "./harness/rawServer.ts"
import { clientOf, row } from "./harness/row.ts"
import { broken, head, ok, send, sequence, stall } from "./harness/scripts.ts"
import { sessionId } from "./harness/session.ts"

const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId))

/** Waits for something that happens outside of Effect. */
const until = (isSo: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => isSo() ? Effect.void : Effect.zipRight(Effect.sleep("1 millis"), until(isSo)))

const millisOf = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<number, E, R> =>
  Effect.suspend(() => {
    const start = performance.now()
    return Effect.map(effect, () => performance.now() - start)
  })

/** The time that a busy machine may add to what takes no time. */
const boundMillis = 50

/** No attempt ends by itself: the next one would be in another phase than the one that is looked at. */
const patient = { attemptTimeout: "30 seconds", deadline: "1 minute" } as const

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
        connect: { script: stall, isThere: (server: rawServer.Server) => server.received() > 0 },
        headers: {
          script: sequence(send("HTTP/1.1 200 OK\r\nx-a: b"), stall),
          isThere: (server: rawServer.Server) => server.requests.length > 0
        },
        body: {
          script: sequence(send(head(200, { "content-length": "100" }), "0123456789"), stall),
          isThere: (server: rawServer.Server) => server.requests.length > 0
        }
      }
      for (const [phase, { isThere, script }] of Object.entries(phases)) {
        if (phase === "connect" && transport === "fetch") continue
        const server = yield* rawServer.make([script])
        // a server that does not speak TLS leaves the client in the middle of connecting
        const baseUrl = phase === "connect" ? `https://127.0.0.1:${server.port}` : server.baseUrl
        yield* Effect.gen(function*() {
          const fiber = yield* Effect.fork(get)
          yield* until(() => isThere(server))
          yield* Effect.sleep("20 millis")
          const millis = yield* millisOf(Effect.zipRight(Fiber.interrupt(fiber), until(() => server.open() === 0)))
          assert.isAtMost(millis, boundMillis, `in ${phase}, over ${transport}`)
        }).pipe(Effect.provide(Layer.orDie(clientOf(transport, { baseUrl }, { policy: patient }))))
      }
    }), { sequential: true })

  row(68, transport =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([broken])
      yield* Effect.gen(function*() {
        const fiber = yield* Effect.fork(get)
        yield* until(() => target.requests.length === 1)
        yield* Effect.sleep("100 millis")
        assert.isAtMost(yield* millisOf(Fiber.interrupt(fiber)), boundMillis)
        yield* Effect.sleep("600 millis")
        assert.strictEqual(target.requests.length, 1)
      }).pipe(
        Effect.provide(clientOf(transport, target, { policy: { backoffBase: "500 millis" } })),
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
          yield* until(() => target.open() === 0).pipe(Effect.timeout("1 second"), Effect.orDie)
        }
      }),
    { sequential: true, timeout: 60_000 }
  )

  once(
    70,
    Effect.gen(function*() {
      const target = yield* rawServer.make([ok])
      const runtime = ManagedRuntime.make(Layer.orDie(clientOf("undici", target)))
      const { signal } = new AbortController()
      yield* Effect.promise(() => runtime.runPromise(get, { signal }))
      const before = getEventListeners(signal, "abort").length
      yield* Effect.forEach(
        Array.from({ length: 10_000 }),
        () => Effect.promise(() => runtime.runPromise(get, { signal })),
        { concurrency: 32, discard: true }
      )
      assert.strictEqual(before, 0)
      assert.strictEqual(getEventListeners(signal, "abort").length, before)
      yield* Effect.promise(() => runtime.dispose())
    }),
    60_000
  )
})
