import { ErrorFixture, RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Equal, Layer } from "effect"
import { Invoices } from "../src/Invoices.ts"

it.effect("the invoice line of a session in progress is open, however long it has lasted", () =>
  Effect.gen(function*() {
    const { line } = yield* Invoices
    assert.strictEqual(yield* line(RoomSessionFixture.id()), "Retro: open")
  }).pipe(Effect.provide(
    Layer.provide(
      Invoices.Default,
      RoomSessionsTest.layer([RoomSessionFixture.inProgress({ display_name: "Retro", duration: "45 minutes" })])
    )
  )))

it.effect("an invoice line fails with the error of its session, unchanged", () =>
  Effect.gen(function*() {
    const { line } = yield* Invoices
    const error = yield* Effect.flip(line(RoomSessionFixture.id()))
    assert.isTrue(Equal.equals(error, ErrorFixture.serverUnavailable()))
  }).pipe(Effect.provide(
    Layer.provide(Invoices.Default, RoomSessionsTest.layerScript([ErrorFixture.serverUnavailable()]))
  )))
