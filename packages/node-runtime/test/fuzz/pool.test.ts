import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as FastCheck from "effect/FastCheck"
import { plan, run } from "./pool.ts"

const seed = 20_261_125

/** Each takes up to half a second. */
const runs = 24

describe(`random servers and callers, seed ${seed}`, () => {
  it("every call settles with its own session or a typed error, within the limit of connections", async () => {
    const property = FastCheck.asyncProperty(plan, plan => Effect.runPromise(run(plan)))
    const found = await FastCheck.check(property, { seed, numRuns: runs })
    assert.isFalse(found.failed, FastCheck.defaultReportMessage(found))
  }, 120_000)
})
