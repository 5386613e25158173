/** Drivers of calls that are effects. */
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import { AsyncLocalStorage } from "node:async_hooks"
import { type Driver, ofPromise } from "./driver.ts"

export type Call = Effect.Effect<unknown, unknown>

/** Makes the measured call, for a server at an origin. */
export type Make = (origin: string) => Effect.Effect<Call, unknown>

type Around = <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>

const insideOf = (around: Around) => async (make: Make, origin: string): Promise<Driver> => {
  const once = await Effect.runPromise(make(origin))
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

/** All loops are fibers of one `runPromise`, as in an application written in Effect. */
export const inside = insideOf(effect => effect)

/** The spans of Effect's own tracer, which are passed to nothing. */
const tracer = Effect.runSync(Effect.tracer)

/** Like `inside`, with a tracer: the client makes spans, since it is not Effect's own. */
export const traced = insideOf(
  Effect.withTracer(Tracer.make({ span: (...args) => tracer.span(...args), context: run => run() }))
)

/** Like `inside`, with an active store of `AsyncLocalStorage`, as with tracing and logging. */
export const inAsyncLocalStorage = async (make: Make, origin: string): Promise<Driver> => {
  const { drive, once } = await inside(make, origin)
  const storage = new AsyncLocalStorage<object>()
  return { once, drive: (...loops) => storage.run({}, () => drive(...loops)) }
}

/** One `runPromise` for each call, as in code that is not written in Effect. */
export const byRunPromise = async (make: Make, origin: string): Promise<Driver> => {
  const once = await Effect.runPromise(make(origin))
  return ofPromise(() => Effect.runPromise(once))
}
