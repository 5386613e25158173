import { RoomSessionArbitrary, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { billedMinutes } from "../src/errors.ts"

it.effect.prop(
  "only a completed session has a price",
  [RoomSessionArbitrary.consistent],
  ([session]) =>
    Effect.gen(function*() {
      const billed = yield* billedMinutes(session.id)
      assert.strictEqual(billed === "open", session.status === "in-progress")
    }).pipe(Effect.provide(RoomSessionsTest.layer([session])))
)
