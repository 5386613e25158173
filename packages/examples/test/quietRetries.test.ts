import { RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Logger, Stream, TestClock } from "effect"
import { withoutRetryWarnings } from "../src/quietRetries.ts"

const ids = [1, 2, 3].map(RoomSessionFixture.id)

/** Logs a line for each session, with annotations of its own. */
const exported = Effect.gen(function*() {
  const sessions = yield* RoomSessions.RoomSessions
  yield* Stream.runForEach(
    sessions.getMany(ids, { concurrency: 1 }),
    ({ id }) => Effect.annotateLogs(Effect.logWarning(id), { operation: "export", attempts: 1 })
  )
})

/** The log lines of an effect in which each session needs a retry, for a default logger and for another one. */
const linesOf = (effect: typeof exported) =>
  Effect.gen(function*() {
    const [first, second]: [Array<string>, Array<string>] = [[], []]
    const recordTo = (lines: Array<string>) => Logger.make(({ message }) => void lines.push(String(message)))
    const fiber = yield* effect.pipe(
      Effect.provide(RoomSessionsTest.layerTransport(
        ids.flatMap(id => [ScriptedTransport.status(500), ScriptedTransport.ok(RoomSessionFixture.completed({ id }))])
      )),
      Effect.provide([Logger.replace(Logger.defaultLogger, recordTo(first)), Logger.add(recordTo(second))]),
      Effect.fork
    )
    yield* TestClock.adjust("1 minute")
    yield* Fiber.join(fiber)
    assert.deepStrictEqual(first, second)
    return first
  })

it.effect("an export logs a warning for each session that needed a retry", () =>
  Effect.gen(function*() {
    const lines = yield* linesOf(exported)
    assert.deepStrictEqual(lines, ids.flatMap(id => ["RoomSessions.get needed 2 attempts", id]))
  }))

it.effect("withoutRetryWarnings leaves those out of all loggers, and nothing else", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* linesOf(withoutRetryWarnings(exported)), ids)
  }))
