import { RoomSessions, SignalWireError } from "@effect-signalwire/core"
import { CallJournal, RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Fiber, type Layer, TestClock } from "effect"

const id = RoomSessionFixture.id
const get = (asked: string) => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(asked))

/** The message of the defect that an effect ends with. */
const defect = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.exit(effect), exit => {
    assert.isTrue(Exit.isFailure(exit), "expected a defect, got a success")
    return Exit.isFailure(exit) ? Cause.prettyErrors(exit.cause).map(error => error.message) : []
  })

describe("layer", () => {
  const one = RoomSessionFixture.inProgress()
  const two = RoomSessionFixture.completed({ id: id(2) })

  it.effect("gives a session of the list by its id, in either case", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* get(one.id), one)
      assert.strictEqual(yield* get(two.id.toUpperCase()), two)
    }).pipe(Effect.provide(RoomSessionsTest.layer([one, two]))))

  it.effect("an unknown id is NotFound, a malformed one InvalidRequest", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Effect.flip(get(id(3))), new SignalWireError.NotFound())
      assert.deepStrictEqual(yield* Effect.flip(get("../admin")), new SignalWireError.InvalidRequest())
    }).pipe(Effect.provide(RoomSessionsTest.layer([one]))))

  it.effect("by id, a failure stands in place of a session, each time it is asked for", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(get(id(2))))._tag, "SignalWireUnauthorized")
      assert.strictEqual((yield* Effect.flip(get(id(2))))._tag, "SignalWireUnauthorized")
      assert.strictEqual(yield* get(id(1)), one)
    }).pipe(Effect.provide(RoomSessionsTest.layer({ [id(1)]: one, [id(2)]: new SignalWireError.Unauthorized() }))))

  it.effect("two sessions with one id, a key that is no UUID and a session under another's id are refused", () =>
    Effect.gen(function*() {
      const refusal = (layer: Layer.Layer<RoomSessionsTest.Services>) => defect(get(id(2)).pipe(Effect.provide(layer)))
      assert.deepStrictEqual(yield* refusal(RoomSessionsTest.layer([one, one])), [
        "RoomSessionsTest.layer: two sessions have the same id; RoomSessionFixture.id(2) makes another one"
      ])
      assert.deepStrictEqual(yield* refusal(RoomSessionsTest.layer({ standup: one })), [
        "RoomSessionsTest.layer: the key \"standup\" is no UUID"
      ])
      assert.deepStrictEqual(yield* refusal(RoomSessionsTest.layer({ [id(2)]: one })), [
        `RoomSessionsTest.layer: the session ${id(1)} is no response to a request for ${id(2)}`
      ])
    }))
})

describe("layerPartial", () => {
  it.effect("runs the given function with the id as it is", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(get("anything")))._tag, "SignalWireUnauthorized")
    }).pipe(Effect.provide(RoomSessionsTest.layerPartial({ get: () => new SignalWireError.Unauthorized() }))))

  it.effect("what is not given dies with a message that names it", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* defect(Effect.provide(get(id()), RoomSessionsTest.layerPartial({}))), [
        "RoomSessionsTest.layerPartial: RoomSessions.get was called and is not given"
      ])
    }))
})

describe("layerScript", () => {
  const inProgress = RoomSessionFixture.inProgress()
  const completed = RoomSessionFixture.completed()

  it.effect("answers in order, sessions and failures mixed", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* get(id()), inProgress)
      assert.strictEqual((yield* Effect.flip(get(id())))._tag, "SignalWireServerUnavailable")
      assert.strictEqual(yield* get(id()), completed)
    }).pipe(
      Effect.provide(RoomSessionsTest.layerScript([inProgress, new SignalWireError.ServerUnavailable(), completed]))
    ))

  it.effect("answers each id in its own order", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(get(id(2))))._tag, "SignalWireNotFound")
      assert.strictEqual(yield* get(id(1)), inProgress)
      assert.strictEqual(yield* get(id(1)), completed)
    }).pipe(Effect.provide(RoomSessionsTest.layerScript({
      [id(1)]: [inProgress, completed],
      [id(2)]: [new SignalWireError.NotFound()]
    }))))

  it.effect("a response may take its time", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.fork(get(id()))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Fiber.join(fiber), inProgress)
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([Effect.delay(Effect.succeed(inProgress), "1 minute")]))))

  it.effect("a malformed id is InvalidRequest and takes no response", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(get("x")))._tag, "SignalWireInvalidRequest")
      assert.strictEqual(yield* get(id()), inProgress)
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([inProgress]))))

  it.effect("a call beyond the script dies with its number and id", () =>
    Effect.gen(function*() {
      const twice = Effect.zipRight(get(id()), get(id()))
      assert.deepStrictEqual(yield* defect(Effect.provide(twice, RoomSessionsTest.layerScript([inProgress]))), [
        `RoomSessionsTest.layerScript: the script has run out. It has 1 response, and this is request 2, for ${id()}`
      ])
    }))

  it.effect("a call beyond the script ends the scope where its defect was caught or overlooked", () =>
    Effect.gen(function*() {
      const message =
        `RoomSessionsTest.layerScript: the script has run out. It has 0 responses, and this is request 1, for ${id()}`
      for (
        const overlooking of [
          Effect.exit(get(id())),
          Effect.catchAllCause(get(id()), () => Effect.void),
          Effect.zipRight(Effect.fork(get(id())), Effect.yieldNow())
        ]
      ) {
        const messages = yield* defect(Effect.provide(overlooking, RoomSessionsTest.layerScript([])))
        assert.deepStrictEqual(messages, [message])
      }
    }))

  it.effect("an id without responses dies with the ids that have some", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* defect(Effect.provide(get(id(2)), RoomSessionsTest.layerScript({ [id(1)]: [] }))), [
        `RoomSessionsTest.layerScript: the script has no responses for ${id(2)}, only for ${id(1)}`
      ])
      assert.deepStrictEqual(yield* defect(Effect.provide(get(id(2)), RoomSessionsTest.layerScript({}))), [
        `RoomSessionsTest.layerScript: the script has no responses for ${id(2)}, nor for any other id`
      ])
    }))

  it.effect("what is left at the end of the scope is listed", () =>
    Effect.gen(function*() {
      const script = [inProgress, new SignalWireError.ServerUnavailable(), completed]
      const messages = yield* defect(get(id()).pipe(Effect.provide(RoomSessionsTest.layerScript(script))))
      assert.deepStrictEqual(messages, [
        "RoomSessionsTest.layerScript: nobody asked for 2 responses of the script:\n" +
        `  2 of 3: SignalWireServerUnavailable\n  3 of 3: session ${id()}, completed`
      ])
    }))

  it.effect("what is left does not hide the failure of the test itself", () =>
    Effect.gen(function*() {
      const failing = Effect.zipRight(get(id()), Effect.die(new Error("the assertion")))
      const messages = yield* defect(failing.pipe(
        Effect.provide(RoomSessionsTest.layerScript([inProgress, completed]))
      ))
      assert.deepStrictEqual(messages, ["the assertion"])
    }))
})

describe("the journal", () => {
  it.effect("tells operation, id, attempts, time and outcome of each call, in order", () =>
    Effect.gen(function*() {
      const journal = yield* CallJournal.CallJournal
      yield* TestClock.setTime(1000)
      yield* get(id())
      yield* Effect.exit(get("x"))
      const slow = yield* Effect.fork(get(id()))
      yield* TestClock.adjust("2 seconds")
      yield* Effect.exit(Fiber.join(slow))
      const stuck = yield* Effect.fork(get(id()))
      yield* TestClock.adjust("5 seconds")
      const pending = (yield* journal.calls).at(-1)
      yield* Fiber.interrupt(stuck)
      const calls = yield* journal.calls
      assert.deepStrictEqual(
        calls.map(call => [
          call.operation,
          call.id,
          call.attempts,
          call.startedAt.epochMillis,
          Duration.toMillis(call.elapsed),
          call.outcome
        ]),
        [
          ["RoomSessions.get", id(), 1, 1000, 0, "Success"],
          ["RoomSessions.get", "x", 0, 1000, 0, "SignalWireInvalidRequest"],
          ["RoomSessions.get", id(), 3, 1000, 2000, "SignalWireRateLimited"],
          ["RoomSessions.get", id(), 1, 3000, 5000, "Interrupted"]
        ]
      )
      assert.strictEqual(pending?.outcome, "Pending")
      assert.isUndefined(pending?.exit)
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([
      RoomSessionFixture.inProgress(),
      Effect.delay(new SignalWireError.RateLimited({ attempts: 3 }), "2 seconds"),
      Effect.never
    ]))))
})
