import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as FastCheck from "effect/FastCheck"
import { plan, run } from "./pool.ts"

const seed = 20_261_125

/** Each takes up to half a second, most of which is waiting. */
const runs = 24

describe(`random servers and callers, seed ${seed}`, () => {
  it("every call settles with its own session or a typed error, within the limit of connections", async () => {
    await FastCheck.assert(FastCheck.asyncProperty(plan, plan => Effect.runPromise(run(plan))), {
      seed,
      numRuns: runs
    })
  }, 120_000)
})
