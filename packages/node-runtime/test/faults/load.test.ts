import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Option, Redacted, Scope } from "effect"
import { clientOf, get } from "./harness/call.ts"
import { errorOf } from "./harness/callExit.ts"
import * as clientSockets from "./harness/clientSockets.ts"
import { eachTransport } from "./harness/faultTest.ts"
import { assertInvariant } from "./harness/invariant.ts"
import * as lag from "./harness/lag.ts"
import * as rawServer from "./harness/rawServer.ts"
import { authorizationOf, json, ok, pause, sequence, stall, withRequest } from "./harness/scripts.ts"
import * as secrets from "./harness/secrets.ts"
import { session } from "./harness/session.ts"
import { attemptMillis, patient, timed } from "./harness/transports.ts"
import { until } from "./harness/until.ts"

const times = <A, E, R>(
  count: number,
  effect: Effect.Effect<A, E, R>,
  concurrency: number | "unbounded" = "unbounded"
) => Effect.forEach(Array.from({ length: count }), () => effect, { concurrency })

describe("Load", () => {
  eachTransport(
    "1,000 concurrent calls open at most 32 connections, and all settle",
    transport =>
      Effect.gen(function*() {
        let most = 0
        const target = yield* rawServer.make([sequence(pause("2 millis"), ok)], {
          onConnection: () => {
            most = Math.max(most, target.open())
          }
        })
        const exits = yield* times(1000, Effect.exit(get)).pipe(
          Effect.provide(Layer.orDie(clientOf(transport, target)))
        )
        assert.isTrue(exits.every(Exit.isSuccess))
        yield* assertInvariant(exits)
        assert.strictEqual(most, 32)
      }),
    { only: ["undici"] }
  )

  eachTransport(
    "waiting in a pool full of calls without a response counts against the deadline, not against the attempt",
    transport =>
      Effect.gen(function*() {
        let most = 0
        const target: rawServer.Server = yield* rawServer.make([sequence(
          () =>
            Effect.sync(() => {
              most = Math.max(most, clientSockets.openCount(target.port))
            }),
          stall
        )])
        const deadlineMillis = 1200
        const { value: exits, ...elapsed } = yield* times(20, Effect.exit(get)).pipe(
          Effect.provide(
            Layer.orDie(clientOf(transport, target, {
              policy: { attemptTimeout: attemptMillis, deadline: deadlineMillis, maxRetries: 0, maxConnections: 2 }
            }))
          ),
          lag.during
        )
        lag.assertWithin(elapsed, deadlineMillis, `all calls settle, over ${transport}`)
        yield* assertInvariant(exits)
        const errors = exits.map(exit => Option.getOrThrow(errorOf(exit)))
        for (const error of errors) assert.strictEqual(error._tag, "SignalWireRequestTimeout")
        if (transport !== "undici") return
        assert.isAtMost(most, 2, "two connections at a time")
        const waited = errors.filter(({ requestsSent }) => requestsSent === 0)
        // a late machine settles the calls later, so that more of them had a connection
        const rounds = Math.ceil(elapsed.millis / attemptMillis) + 1
        assert.isAtLeast(
          waited.length,
          20 - 2 * rounds,
          "two calls at a time, each for the time of an attempt, until the deadline"
        )
        for (const error of waited) assert.deepInclude(error, { phase: "deadline" as const, attempts: 1 })
      })
  )

  eachTransport("two clients with two tokens in one process each send their own", transport =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([
        withRequest(request => json(200, session({ name: authorizationOf(request) })))
      ])
      const callsOf = (name: string) => {
        const { apiToken, projectId } = secrets.make(name, `token of ${name}`)
        const pair = Buffer.from(`${projectId}:${Redacted.value(apiToken)}`).toString("base64")
        return times(100, Effect.map(get, ({ name }) => assert.strictEqual(name, `Basic ${pair}`)), 8).pipe(
          Effect.provide(clientOf(transport, target, {
            secrets: secrets.make(name, `token of ${name}`)
          })),
          Effect.orDie
        )
      }
      yield* Effect.all([callsOf("one"), callsOf("other")], { concurrency: "unbounded", discard: true })
      assert.lengthOf(target.requests, 200)
    }))

  eachTransport(
    "calls that are in flight when the layer closes end with an error, and no connection is left",
    transport =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([stall])
        const scope = yield* Scope.make()
        const client = yield* Layer.buildWithScope(
          Layer.orDie(clientOf(transport, target, {
            // over the other transports the attempts end the calls, and not the layer
            scale: transport === "undici" ? patient : timed,
            policy: { maxConnections: 4 }
          })),
          scope
        )
        const fiber = yield* Effect.fork(times(8, Effect.exit(get)).pipe(Effect.provide(client)))
        yield* until(() => target.requests.length >= (transport === "undici" ? 4 : 8))
        const { value: exits, ...elapsed } = yield* lag.during(
          Effect.zipRight(Scope.close(scope, Exit.void), Fiber.join(fiber))
        )
        assert.isTrue(exits.every(Exit.isFailure))
        yield* assertInvariant(exits)
        const where = `all calls settle once the layer is closed, over ${transport}`
        lag.assertWithin(elapsed, transport === "undici" ? 0 : timed.boundMillis, where)
        if (transport === "undici") assert.isTrue(yield* lag.becomes(() => target.open() === 0, 100), where)
      })
  )
})
