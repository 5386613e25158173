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

it("a short duration has the two largest units", () => {
  const texts = [0, 11, 60, 125, 3_720, 90_061, 8_640_000].map(seconds =>
    format.shortDuration(Duration.seconds(seconds))
  )
  assert.deepStrictEqual(texts, ["0s", "11s", "1m 0s", "2m 5s", "1h 2m", "1d 1h", "100d 0h"])
})

it("a size is in bytes below 1,000, and in units of 1,000 from there", () => {
  assert.deepStrictEqual(
    [0, 999, 1000, 1_250_000, 52_428_800, 7e9, 3e15].map(format.size),
    ["0 B", "999 B", "1.0 kB", "1.3 MB", "52.4 MB", "7.0 GB", "3000.0 TB"]
  )
})

it("a list of names has commas, and `and` before the last", () => {
  assert.deepStrictEqual([["a"], ["a", "b"], ["a", "b", "c"]].map(format.list), ["a", "a and b", "a, b and c"])
})
