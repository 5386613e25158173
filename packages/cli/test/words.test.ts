import { assert, it } from "@effect/vitest"
import { Duration } from "effect"
import * as words from "../src/words.ts"

it("says durations in whole words and leaves out what is zero", () => {
  assert.strictEqual(words.duration(Duration.zero), "0 seconds")
  assert.strictEqual(words.duration(Duration.seconds(1)), "1 second")
  assert.strictEqual(words.duration(Duration.seconds(3_720)), "1 hour 2 minutes")
  assert.strictEqual(words.duration(Duration.seconds(90_061)), "1 day 1 hour 1 minute 1 second")
})

it("says elapsed time in milliseconds below a second, in seconds from there", () => {
  assert.strictEqual(words.elapsed(Duration.millis(13.6)), "14 ms")
  assert.strictEqual(words.elapsed(Duration.millis(2_149)), "2.1 s")
})

it("lists names as a sentence does", () => {
  assert.deepStrictEqual([["a"], ["a", "b"], ["a", "b", "c"]].map(words.list), ["a", "a and b", "a, b and c"])
})
