import { CallJournal, RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { HttpApp, HttpServerResponse } from "@effect/platform"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { cached, shownStatus } from "../src/caching.ts"

/** The handler of the application. */
const page = Effect.map(shownStatus(RoomSessionFixture.id()), status => HttpServerResponse.text(status))

it.effect("a handler over the cache takes one request for many of its own", () =>
  Effect.gen(function*() {
    const handler = HttpApp.toWebHandlerRuntime(yield* Effect.runtime<Effect.Effect.Context<typeof page>>())(page)
    const get = Effect.promise(async () => (await handler(new Request("http://localhost/status"))).text())
    const texts = yield* Effect.replicateEffect(get, 100, { concurrency: "unbounded" })
    assert.isTrue(texts.every(text => text === "in-progress"))
    // `provideMerge` provides the journal of the layer for tests, too
    const journal = yield* CallJournal.CallJournal
    assert.lengthOf(yield* journal.calls, 1)
  }).pipe(Effect.provide(Layer.provideMerge(
    cached,
    RoomSessionsTest.layerScript([RoomSessionFixture.inProgress()])
  ))))
