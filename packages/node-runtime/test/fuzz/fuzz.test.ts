import { assert, describe, it } from "@effect/vitest"
import { make, run } from "./property.ts"

const seed = 20_261_124

describe(`fuzzed responses, seed ${seed}`, () => {
  it("a damaged response is never a session, and every error is typed, in time and without secrets", async () => {
    const fuzzer = await make()
    for (let round = 0; round < 3; round++) assert.strictEqual(await run(fuzzer, seed + round, 100), undefined)
    await fuzzer.close()
    assert.isAbove(fuzzer.tally.sessions, 35)
    assert.isAbove(fuzzer.tally.errors.size, 10)
  }, 90_000)
})
