/** Drivers of calls that are effects. */
import * as Effect from "effect/Effect"
import { AsyncLocalStorage } from "node:async_hooks"
import { type Driver, ofPromise } from "./driver.ts"
import type { Target } from "./target.ts"

export type Call = Effect.Effect<unknown, unknown>

/** Makes the measured call of a server. */
export type Make = (target: Target) => Effect.Effect<Call, unknown>

export type Around = <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** All loops are fibers of one `runPromise`, as in an application written in Effect, inside what the application provides. */
export const insideOf = (around: Around) => async (make: Make, target: Target): Promise<Driver> => {
  const once = await Effect.runPromise(make(target))
  return {
    once: () => Effect.runPromise(around(once)),
    drive: (isRunning, inFlight) => {
      const loop = Effect.whileLoop({ while: isRunning, body: () => once, step: () => undefined })
      const loops = Effect.all(Array.from({ length: inFlight }, () => loop), {
        concurrency: "unbounded",
        discard: true
      })
      return Effect.runPromise(around(loops))
    }
  }
}

export const inside = insideOf(effect => effect)

/** Like `inside`, with an active store of `AsyncLocalStorage`, as with tracing and logging. */
export const inAsyncLocalStorage = async (make: Make, target: Target): Promise<Driver> => {
  const { drive, once } = await inside(make, target)
  const storage = new AsyncLocalStorage<object>()
  return { once, drive: (...loops) => storage.run({}, () => drive(...loops)) }
}

/** One `runPromise` for each call, as in code that is not written in Effect. */
export const byRunPromise = async (make: Make, target: Target): Promise<Driver> => {
  const once = await Effect.runPromise(make(target))
  return ofPromise(() => Effect.runPromise(once))
}
