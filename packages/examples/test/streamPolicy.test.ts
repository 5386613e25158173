import { RequestPolicy, RoomSessions } from "@effect-signalwire/core"
import { CallJournal, RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { HttpApp } from "@effect/platform"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Stream, TestClock } from "effect"
import { idsResponse } from "../src/streamPolicy.ts"

const session = RoomSessionFixture.listed(RoomSessionFixture.completed())
const errors = (length: number) => Array.from({ length }, () => ScriptedTransport.status(503))

it.effect("a stream that is handed out has the policy of each pull, also after its effect has ended", () =>
  Effect.gen(function*() {
    const runtime = yield* Effect.runtime<RoomSessions.RoomSessions>()
    const handler = HttpApp.toWebHandlerRuntime(runtime)(idsResponse)
    const text = yield* Effect.fork(
      Effect.promise(async () => (await handler(new Request("http://localhost/"))).text())
    )
    const journal = yield* CallJournal.CallJournal
    // the handler runs in a promise of its own
    while ((yield* journal.calls).length === 0) yield* Effect.zipRight(TestClock.adjust("1 minute"), Effect.yieldNow())
    assert.strictEqual(yield* Fiber.join(text), `${session.id}\n`)
    assert.deepStrictEqual((yield* journal.calls).map(({ attempts }) => attempts), [5])
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport([...errors(4), ScriptedTransport.page([session])]))))

it.effect("RequestPolicy.with around the effect that makes a stream does not change its calls", () =>
  Effect.gen(function*() {
    const stream = yield* Effect.map(RoomSessions.RoomSessions, sessions => sessions.list()).pipe(
      RequestPolicy.with(RequestPolicy.batch)
    )
    const running = yield* Effect.fork(Effect.flip(Stream.runDrain(stream)))
    yield* TestClock.adjust("1 minute")
    assert.strictEqual((yield* Fiber.join(running)).attempts, 3)
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport(errors(3)))))
