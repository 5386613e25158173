import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import * as Recording from "@effect-signalwire/core/testing/recording"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
import { readFileSync } from "node:fs"
import { billedMinutes } from "../src/errors.ts"

const recording = readFileSync(new URL("recordings/standup.json", import.meta.url), "utf8")

it.effect("a recorded outage replays through the real pipeline", () =>
  Effect.gen(function*() {
    const billed = yield* Effect.fork(billedMinutes(RoomSessionFixture.id()))
    yield* TestClock.adjust("30 seconds")
    assert.strictEqual(yield* Fiber.join(billed), "unknown")
  }).pipe(Effect.provide(Recording.layerReplay(recording))))
