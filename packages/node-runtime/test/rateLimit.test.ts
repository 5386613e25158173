import type { RoomSessions } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, ManagedRuntime } from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import { clientOf, get } from "./faults/harness/call.ts"
import * as rawServer from "./faults/harness/rawServer.ts"
import { json, ok, withRequest } from "./faults/harness/scripts.ts"
import * as transports from "./faults/harness/transports.ts"

const storage = new AsyncLocalStorage<string>()

const callers = Array.from({ length: 24 }, (_, index) => `caller ${index}`)

/** The stores that the code of a caller sees: after the call inside of Effect, and after the whole effect. */
const storesOf = (
  caller: string,
  run: (effect: Effect.Effect<void, never, RoomSessions.RoomSessions>) => Promise<void>
) =>
  storage.run(caller, async () => {
    const seen: Array<string | undefined> = []
    const record = () => void seen.push(storage.getStore())
    await run(Effect.zipRight(Effect.exit(get), Effect.sync(record))).catch(() => {})
    record()
    return seen
  })

const runAll = (runtime: ManagedRuntime.ManagedRuntime<RoomSessions.RoomSessions, never>) =>
  Effect.promise(() => Promise.all(callers.map(caller => storesOf(caller, effect => runtime.runPromise(effect)))))

const ownStores = callers.map(caller => [caller, caller])

describe("rateLimit over sockets", () => {
  it.live.each(transports.all)(
    "calls that wait continue in the asynchronous context of their own callers, over %s",
    transport =>
      Effect.gen(function*() {
        const server = yield* rawServer.make([
          withRequest(({ number }) => (number === 3 ? json(429, "", { "retry-after": "0.1" }) : ok))
        ])
        const policy = { rateLimit: { limit: 4, interval: "40 millis" } } as const
        const runtime = ManagedRuntime.make(Layer.orDie(clientOf(transport, server, { policy })))
        const [time, seen] = yield* Effect.timed(runAll(runtime))
        yield* Effect.promise(() => runtime.dispose())
        assert.deepStrictEqual(seen, ownStores)
        assert.lengthOf(server.requests, callers.length + 1)
        assert.isAtLeast(Duration.toMillis(time), 6 * 40)
      }).pipe(Effect.scoped)
  )

  it.live("calls that wait when the layer is closed end in the asynchronous context of their own callers", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([ok])
      const policy = { rateLimit: { limit: 1, interval: "1 hour" } } as const
      const runtime = ManagedRuntime.make(Layer.orDie(clientOf("undici", server, { policy })))
      const all = yield* Effect.fork(runAll(runtime))
      while (server.requests.length < 1) yield* Effect.sleep("1 millis")
      yield* Effect.promise(() => runtime.dispose())
      assert.deepStrictEqual(yield* Fiber.join(all), ownStores)
      assert.lengthOf(server.requests, 1)
    }).pipe(Effect.scoped))
})
