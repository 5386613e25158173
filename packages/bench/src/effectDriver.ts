/** The same for calls that are effects. */
import * as Effect from "effect/Effect"
import { AsyncLocalStorage } from "node:async_hooks"
import { type Driver, ofPromise } from "./driver.ts"

export type Call = Effect.Effect<unknown, unknown>

/** Makes the one call that is measured, for a server at an origin. */
export type Make = (origin: string) => Effect.Effect<Call, unknown>

/** Loops inside one run of the runtime, as an application written in Effect has them. */
export const inside = async (make: Make, origin: string): Promise<Driver> => {
  const once = await Effect.runPromise(make(origin))
  return {
    once: () => Effect.runPromise(once),
    drive: (goesOn, inFlight) => {
      const loop = Effect.whileLoop({ while: goesOn, body: () => once, step: () => undefined })
      return Effect.runPromise(
        Effect.all(Array.from({ length: inFlight }, () => loop), { concurrency: "unbounded", discard: true })
      )
    }
  }
}

/** The same with a store of `AsyncLocalStorage` in use, as tracing and logging have one. */
export const inAsyncLocalStorage = async (make: Make, origin: string): Promise<Driver> => {
  const { drive, once } = await inside(make, origin)
  const storage = new AsyncLocalStorage<object>()
  return { once, drive: (...loops) => storage.run({}, () => drive(...loops)) }
}

/** Each call enters the runtime by itself, as it does from code that is not written in Effect. */
export const byRunPromise = async (make: Make, origin: string): Promise<Driver> => {
  const once = await Effect.runPromise(make(origin))
  return ofPromise(() => Effect.runPromise(once))
}
