import { CallJournal, RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, TestClock } from "effect"
import { cached, shownStatus } from "../src/caching.ts"

const id = RoomSessionFixture.id()

it.effect("visitors share a request, and two seconds later there is another one", () =>
  Effect.gen(function*() {
    const statuses = yield* Effect.replicateEffect(shownStatus(id), 1000, { concurrency: "unbounded" })
    assert.isTrue(statuses.every(status => status === "in-progress"))
    yield* TestClock.adjust("2 seconds")
    assert.strictEqual(yield* shownStatus(id), "completed")
    // with `provideMerge` the journal is provided to the test too
    const journal = yield* CallJournal.CallJournal
    assert.lengthOf(yield* journal.calls, 2)
  }).pipe(Effect.provide(Layer.provideMerge(
    cached,
    RoomSessionsTest.layerScript([RoomSessionFixture.inProgress(), RoomSessionFixture.completed()])
  ))))
