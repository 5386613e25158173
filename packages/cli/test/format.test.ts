import { assert, it } from "@effect/vitest"
import { Duration } from "effect"
import * as format from "../src/format.ts"

it("a duration is in days, hours, minutes and seconds, without those that are zero", () => {
  assert.strictEqual(format.duration(Duration.zero), "0 seconds")
  assert.strictEqual(format.duration(Duration.seconds(1)), "1 second")
  assert.strictEqual(format.duration(Duration.seconds(3_720)), "1 hour 2 minutes")
  assert.strictEqual(format.duration(Duration.seconds(90_061)), "1 day 1 hour 1 minute 1 second")
})

it("an elapsed time is in milliseconds below one second, and in seconds from there", () => {
  assert.strictEqual(format.elapsed(Duration.millis(13.6)), "14 ms")
  assert.strictEqual(format.elapsed(Duration.millis(2_149)), "2.1 s")
})

it("a list of names has commas, and `and` before the last", () => {
  assert.deepStrictEqual([["a"], ["a", "b"], ["a", "b", "c"]].map(format.list), ["a", "a and b", "a, b and c"])
})
