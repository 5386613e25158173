import { CallJournal, RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Invoices } from "../src/Invoices.ts"

const session = RoomSessionFixture.completed({ display_name: "Retro", duration: "45 minutes" })

/** With `provideMerge` the journal is provided to the test too. */
const invoices = Layer.provideMerge(Invoices.Default, RoomSessionsTest.layer([session]))

it.effect("an invoice line has the name and the minutes, and takes one call", () =>
  Effect.gen(function*() {
    const { line } = yield* Invoices
    assert.strictEqual(yield* line(session.id), "Retro: 45 min")

    const journal = yield* CallJournal.CallJournal
    assert.deepStrictEqual((yield* journal.callsOf("RoomSessions.get")).map(call => call.parameters.id), [session.id])
  }).pipe(Effect.provide(invoices)))
