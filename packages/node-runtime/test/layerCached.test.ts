import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import * as rawServer from "./faults/harness/rawServer.ts"
import { json, ok, pause, sequence } from "./faults/harness/scripts.ts"
import { sessionId } from "./faults/harness/session.ts"

const storage = new AsyncLocalStorage<string>()

const callers = Array.from({ length: 24 }, (_, index) => `caller ${index}`)

const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId))

/** The stores that the code of a caller sees: after the call inside of Effect, and after the whole effect. */
const storesOf = (
  caller: string,
  run: (effect: Effect.Effect<void, never, RoomSessions.RoomSessions>) => Promise<void>
) =>
  storage.run(caller, async () => {
    const seen: Array<string | undefined> = []
    const record = () => void seen.push(storage.getStore())
    await run(Effect.zipRight(Effect.exit(get), Effect.sync(record)))
    record()
    return seen
  })

const cached = (server: rawServer.Server) =>
  RoomSessions.layerCached().pipe(
    Layer.provide(NodeSignalWire.layer({ projectId: "p", apiToken: Redacted.make("t"), baseUrl: server.baseUrl })),
    Layer.orDie
  )

describe("layerCached over sockets", () => {
  it.live.each(
    [
      ["a session", ok],
      ["an error", json(404, "{}")]
    ] as const
  )(
    "calls that share a request continue in the asynchronous context of their own callers, with %s",
    ([, script]) =>
      Effect.gen(function*() {
        const server = yield* rawServer.make([sequence(pause("100 millis"), script)])
        const runtime = ManagedRuntime.make(cached(server))
        const run = (effect: Effect.Effect<void, never, RoomSessions.RoomSessions>) => runtime.runPromise(effect)
        const seen = yield* Effect.promise(() => Promise.all(callers.map(caller => storesOf(caller, run))))
        yield* Effect.promise(() => runtime.dispose())
        assert.deepStrictEqual(seen, callers.map(caller => [caller, caller]))
        assert.lengthOf(server.requests, 1)
      }).pipe(Effect.scoped)
  )

  it.live("the interruption of the first caller does not change the asynchronous context of the others", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([sequence(pause("200 millis"), ok)])
      const runtime = ManagedRuntime.make(cached(server))
      const controller = new AbortController()
      const first = storage.run("first", () => runtime.runPromiseExit(get, { signal: controller.signal }))
      const others = callers.map(caller => storesOf(caller, effect => runtime.runPromise(effect)))
      while (server.requests.length < 1) yield* Effect.sleep("1 millis")
      controller.abort()
      const exit = yield* Effect.promise(() => first)
      assert.strictEqual(exit._tag, "Failure")
      const seen = yield* Effect.promise(() => Promise.all(others))
      yield* Effect.promise(() => runtime.dispose())
      assert.deepStrictEqual(seen, callers.map(caller => [caller, caller]))
      assert.lengthOf(server.requests, 1)
    }).pipe(Effect.scoped))

  it.live("the last interrupted caller closes the connection", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([() => Effect.never])
      const runtime = ManagedRuntime.make(cached(server))
      const controllers = callers.map(() => new AbortController())
      const all = controllers.map(({ signal }) => runtime.runPromiseExit(get, { signal }))
      while (server.requests.length < 1) yield* Effect.sleep("1 millis")
      for (const controller of controllers) controller.abort()
      yield* Effect.promise(() => Promise.all(all))
      while (server.open() > 0) yield* Effect.sleep("1 millis")
      yield* Effect.promise(() => runtime.dispose())
      assert.lengthOf(server.requests, 1)
    }).pipe(Effect.scoped))
})
