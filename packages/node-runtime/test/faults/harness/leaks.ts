/** The resources that an effect leaves in its process. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import process from "node:process"
import * as lag from "./lag.ts"

/** Active resources, and the listeners of the process: counts by name. */
const resources = (): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  const add = (name: string, count = 1) => counts.set(name, (counts.get(name) ?? 0) + count)
  for (const name of process.getActiveResourcesInfo()) add(name)
  for (const event of process.eventNames()) add(`listeners of ${String(event)}`, process.listenerCount(event))
  return counts
}

/** Resources of any work in progress, and of the test runner. */
const ignored = new Set(["Immediate", "TickObject", "MessagePort", "PipeWrap", "TTYWrap"])

const grown = (before: ReadonlyMap<string, number>): ReadonlyArray<string> =>
  [...resources()]
    .filter(([name, count]) => !ignored.has(name) && count > (before.get(name) ?? 0))
    .map(([name, count]) => `${name}: ${before.get(name) ?? 0} before, ${count} after`)

/** How long closed resources may still be counted, in milliseconds in which the event loop is not late. */
const settleMillis = 2000

/** Fails where an effect leaves sockets, timers, listeners or unhandled rejections. */
export const assertNoLeaks = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.gen(function*() {
    const before = resources()
    const unhandled: Array<unknown> = []
    const note = (reason: unknown) => void unhandled.push(reason)
    const result = yield* Effect.acquireRelease(
      Effect.sync(() => process.on("unhandledRejection", note).on("uncaughtExceptionMonitor", note)),
      () => Effect.sync(() => process.off("unhandledRejection", note).off("uncaughtExceptionMonitor", note))
    ).pipe(Effect.zipRight(effect), Effect.scoped)
    yield* lag.becomes(() => grown(before).length === 0, settleMillis)
    assert.deepStrictEqual(grown(before), [], "nothing is left behind")
    assert.deepStrictEqual(unhandled, [], "no rejection is unhandled")
    return result
  })
