import { ErrorFixture, RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { billedMinutes } from "../src/errors.ts"

it.effect("a function of the test computes the responses", () =>
  Effect.gen(function*() {
    assert.strictEqual(yield* billedMinutes(RoomSessionFixture.id(7)), "open")
    assert.strictEqual(yield* billedMinutes(RoomSessionFixture.id(8)), "retry in 60 s")
  }).pipe(Effect.provide(RoomSessionsTest.layerPartial({
    get: id =>
      id === RoomSessionFixture.id(7)
        ? Effect.succeed(RoomSessionFixture.inProgress({ id }))
        : ErrorFixture.rateLimited()
  }))))
