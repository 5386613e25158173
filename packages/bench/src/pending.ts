/**
 * A process with many calls that wait: `pending ours|pool TARGET CALLS` prints the bytes of the heap for a call, and the milliseconds until
 * all are interrupted. The server sends no response, so that those without a connection are in a queue.
 */
import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { Pool } from "undici"
import { heapBytes } from "./commands.ts"
import { apiToken, basic, id, path, projectId } from "./session.ts"
import type { Target } from "./target.ts"

export interface Pending {
  readonly bytes: number
  readonly millis: number
}

/** Starts so many calls, and returns the function that interrupts them. */
type Start = (calls: number) => Effect.Effect<() => Effect.Effect<unknown>>

const measure = (start: Start, calls: number): Effect.Effect<Pending> =>
  Effect.gen(function*() {
    const before = yield* Effect.promise(heapBytes)
    const interrupt = yield* start(calls)
    const after = yield* Effect.promise(heapBytes)
    const began = performance.now()
    yield* interrupt()
    return { bytes: (after - before) / calls, millis: performance.now() - began }
  })

const ours = ({ origin }: Target, calls: number): Effect.Effect<Pending, unknown> =>
  Effect.flatMap(RoomSessions.RoomSessions, ({ get }) =>
    measure(
      calls =>
        Effect.map(Effect.replicateEffect(Effect.fork(get(id)), calls), fibers => () => Fiber.interruptAll(fibers)),
      calls
    )).pipe(
      Effect.provide(NodeSignalWire.layer({ baseUrl: origin, projectId, apiToken: Redacted.make(apiToken) }))
    )

const startPool = (pool: Pool): Start => calls =>
  Effect.sync(() => {
    const headers = { accept: "application/json", authorization: basic }
    const started = Array.from({ length: calls }, () => {
      const controller = new AbortController()
      const settled = pool.request({ path, method: "GET", headers, signal: controller.signal }).catch(() => {})
      return { controller, settled }
    })
    return () =>
      Effect.promise(() => {
        for (const { controller } of started) controller.abort()
        return Promise.all(started.map(({ settled }) => settled))
      })
  })

const [name = "", target = "", count = ""] = process.argv.slice(2)
const found: Target = JSON.parse(target)
const calls = Number(count)
const measured = name === "ours"
  ? ours(found, calls)
  : measure(startPool(new Pool(found.origin, { connections: 32 })), calls)
console.log(JSON.stringify(await Effect.runPromise(measured)))
process.exit()
