/** Checks that a call preserves the caller's store of AsyncLocalStorage, in runtimes that have it. */
import type { RoomSessions } from "@effect-signalwire/core"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type { AsyncLocalStorage } from "node:async_hooks"
import { type Check, get, sessionsAt, type Subject } from "./Check.ts"
import type { Observation } from "./Report.ts"
import type { Target } from "./Target.ts"

type Storage = AsyncLocalStorage<string>

const makeStorage: Effect.Effect<Storage | undefined> = Effect.promise(async () => {
  try {
    // a dynamic import, which bundlers for browsers do not resolve
    const { AsyncLocalStorage } = await import("node:async_hooks")
    return new AsyncLocalStorage<string>()
  } catch {
    return undefined
  }
})

interface Stores {
  readonly insideAfter: string | undefined
  readonly outsideAfter: string | undefined
}

const stores = async (
  storage: Storage,
  name: string,
  run: (effect: Effect.Effect<string | undefined, unknown, RoomSessions.RoomSessions>) => Promise<string | undefined>,
  id: string
): Promise<Stores> =>
  storage.run(name, async () => {
    const insideAfter = await run(Effect.map(get(id), () => storage.getStore()))
    return { insideAfter, outsideAfter: storage.getStore() }
  })

const wrongStores = (expected: string, { insideAfter, outsideAfter }: Stores): ReadonlyArray<string> => [
  ...(insideAfter === expected ? [] : [`${expected}: ${insideAfter} in the Effect after the call`]),
  ...(outsideAfter === expected ? [] : [`${expected}: ${outsideAfter} after the promise`])
]

type Calls = (call: (name: string) => Promise<ReadonlyArray<string>>) => Promise<ReadonlyArray<ReadonlyArray<string>>>

/** Observes the callers whose store was not their own. */
const observeStores = (
  target: Target,
  subject: Subject,
  storage: Storage,
  calls: Calls
): Effect.Effect<Observation> =>
  Effect.promise(async () => {
    const runtime = ManagedRuntime.make(sessionsAt(target, subject, target.baseUrl("asyncContext")))
    try {
      // builds the layer, and may open a connection, before a store exists
      await runtime.runPromise(get(target.addresses.sessionId))
      const wrong = await calls(async name =>
        wrongStores(name, await stores(storage, name, effect => runtime.runPromise(effect), target.addresses.sessionId))
      )
      return { wrongStores: wrong.flat() }
    } finally {
      await runtime.dispose()
    }
  })

const check = (calls: Calls, ...statuses: ReadonlyArray<number>): Check => (target, subject) =>
  Effect.flatMap(makeStorage, storage =>
    storage === undefined
      ? Effect.succeed({ absent: "AsyncLocalStorage" })
      // the first response is for the call that builds the layer
      : Effect.zipRight(
        statuses.length === 0 ? Effect.void : target.respondNext(200, ...statuses),
        observeStores(target, subject, storage, calls)
      ))

const together: Calls = call => Promise.all(["a", "b", "c", "d"].map(call))

export const inSequence = check(async call => [await call("a"), await call("b"), await call("c")])

export const concurrently = check(together)

export const inRetries = check(together, 500, 500, 500, 500)
