import { RoomSessions } from "@effect-signalwire/core"
import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Option, Redacted, Scope } from "effect"
import { failureOf, graceMillis, holdAll } from "./harness/invariant.ts"
import * as rawServer from "./harness/rawServer.ts"
import { clientOf, row } from "./harness/row.ts"
import { authorizationOf, json, ok, pause, sequence, stall, withRequest } from "./harness/scripts.ts"
import * as secrets from "./harness/secrets.ts"
import { session, sessionId } from "./harness/session.ts"
import { deadlineMillis } from "./harness/transports.ts"

const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId))

const times = <A, E, R>(
  count: number,
  effect: Effect.Effect<A, E, R>,
  concurrency: number | "unbounded" = "unbounded"
) => Effect.forEach(Array.from({ length: count }), () => effect, { concurrency })

describe("Load", () => {
  row(
    71,
    transport =>
      Effect.gen(function*() {
        let most = 0
        const target = yield* rawServer.make([sequence(pause("2 millis"), ok)], {
          onConnection: () => {
            most = Math.max(most, target.open())
          }
        })
        const exits = yield* times(1000, Effect.exit(get)).pipe(
          Effect.provide(Layer.orDie(clientOf(transport, target, { policy: { attemptTimeout: "1900 millis" } })))
        )
        assert.isTrue(exits.every(Exit.isSuccess))
        yield* holdAll(exits)
        assert.strictEqual(most, 32)
      }),
    { only: ["undici"] }
  )

  row(72, transport =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([stall])
      const start = performance.now()
      const exits = yield* times(20, Effect.exit(get)).pipe(
        Effect.provide(Layer.orDie(clientOf(transport, target, { policy: { retries: 0, maxConnections: 2 } })))
      )
      assert.isAtMost(performance.now() - start, 500 + graceMillis)
      yield* holdAll(exits)
      for (const exit of exits) {
        const failure = Option.getOrThrow(failureOf(exit))
        assert.strictEqual(failure._tag, "RequestTimeout")
      }
      if (transport === "undici") assert.isAtMost(target.requests.length, 4, "two at a time, and two whose time was up")
    }))

  row(73, transport =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([
        withRequest(exchange => json(200, session({ name: authorizationOf(exchange) })))
      ])
      const asking = (name: string) => {
        const { apiToken, projectId } = secrets.make(name, `token of ${name}`)
        const pair = Buffer.from(`${projectId}:${Redacted.value(apiToken)}`).toString("base64")
        return times(100, Effect.map(get, ({ name }) => assert.strictEqual(name, `Basic ${pair}`)), 8).pipe(
          Effect.provide(clientOf(transport, target, {
            secrets: secrets.make(name, `token of ${name}`),
            policy: { attemptTimeout: "1900 millis" }
          })),
          Effect.orDie
        )
      }
      yield* Effect.all([asking("one"), asking("other")], { concurrency: "unbounded", discard: true })
      assert.lengthOf(target.requests, 200)
    }))

  row(74, transport =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([stall])
      const scope = yield* Scope.make()
      const client = yield* Layer.buildWithScope(
        Layer.orDie(clientOf(transport, target, { policy: { maxConnections: 4 } })),
        scope
      )
      const fiber = yield* Effect.fork(times(8, Effect.exit(get)).pipe(Effect.provide(client)))
      yield* Effect.sleep("100 millis")
      const start = performance.now()
      yield* Scope.close(scope, Exit.void)
      const exits = yield* Fiber.join(fiber)
      const millis = performance.now() - start
      assert.isTrue(exits.every(Exit.isFailure))
      yield* holdAll(exits)
      if (transport === "undici") {
        assert.isAtMost(millis, graceMillis)
        yield* Effect.sleep("20 millis")
        assert.strictEqual(target.open(), 0)
      } else {
        assert.isAtMost(millis, deadlineMillis + graceMillis)
      }
    }))
})
