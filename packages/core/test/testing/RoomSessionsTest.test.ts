import { RoomSessions, SignalWireError } from "@effect-signalwire/core"
import { CallJournal, RoomSessionFixture, RoomSessionsTest, Script } from "@effect-signalwire/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Fiber, type Layer, TestClock } from "effect"

const id = RoomSessionFixture.id
const get = (id: string) => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))

/** The message of the defect that an effect ends with. */
const defect = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.exit(effect), exit => {
    assert.isTrue(Exit.isFailure(exit), "expected a defect, got a success")
    return Exit.isFailure(exit) ? Cause.prettyErrors(exit.cause).map(error => error.message) : []
  })

describe("RoomSessionsTest.layer", () => {
  const one = RoomSessionFixture.inProgress()
  const two = RoomSessionFixture.completed({ id: id(2) })

  it.effect("RoomSessionsTest.layer provides a session of the list by its id, in either case", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* get(one.id), one)
      assert.strictEqual(yield* get(two.id.toUpperCase()), two)
    }).pipe(Effect.provide(RoomSessionsTest.layer([one, two]))))

  it.effect("an unknown id is NotFound, and one that is not a UUID is InvalidRequest", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Effect.flip(get(id(3))), new SignalWireError.NotFound())
      assert.deepStrictEqual(yield* Effect.flip(get("../admin")), new SignalWireError.InvalidRequest())
    }).pipe(Effect.provide(RoomSessionsTest.layer([one]))))

  it.effect("an id that is no key is NotFound, and another operation than get ends the test with a defect", () =>
    Effect.gen(function*() {
      const byId = Effect.provide(RoomSessionsTest.layer({ [id(1)]: one }))
      assert.deepStrictEqual(yield* Effect.flip(byId(get(id(3)))), new SignalWireError.NotFound())
      const list = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.listPage())
      assert.deepStrictEqual(yield* defect(byId(list)), [
        "RoomSessionsTest.layer: RoomSessions.list was called, and sessions by id provide RoomSessions.get alone"
      ])
    }))

  it.effect("an error in place of a session is the result of every call with its id", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(get(id(2))))._tag, "SignalWireUnauthorized")
      assert.strictEqual((yield* Effect.flip(get(id(2))))._tag, "SignalWireUnauthorized")
      assert.strictEqual(yield* get(id(1)), one)
    }).pipe(Effect.provide(RoomSessionsTest.layer({ [id(1)]: one, [id(2)]: new SignalWireError.Unauthorized() }))))

  it.effect("two sessions with one id, a key that is not a UUID and a session under another id end the test with a defect", () =>
    Effect.gen(function*() {
      const messages = (layer: Layer.Layer<RoomSessionsTest.Services>) => defect(get(id(2)).pipe(Effect.provide(layer)))
      assert.deepStrictEqual(yield* messages(RoomSessionsTest.layer([one, one])), [
        "RoomSessionsTest.layer: two sessions have the same id. RoomSessionFixture.id(2) is the id of a second session"
      ])
      assert.deepStrictEqual(yield* messages(RoomSessionsTest.layer({ standup: one })), [
        "RoomSessionsTest.layer: the key \"standup\" is not a UUID"
      ])
      const upper = "ABCDEF00-4e5f-4a6b-8c7d-000000000001"
      assert.deepStrictEqual(yield* messages(RoomSessionsTest.layer({ [upper]: one, [upper.toLowerCase()]: one })), [
        "RoomSessionsTest.layer: two keys are the same id in upper and lower case"
      ])
      assert.deepStrictEqual(yield* messages(RoomSessionsTest.layer({ [id(2)]: one })), [
        `RoomSessionsTest.layer: a response with the id ${
          id(1)
        } does not belong to a call of RoomSessions.get with the id ${id(2)}`
      ])
    }))
})

describe("RoomSessionsTest.layerPartial", () => {
  it.effect("a function that is given receives the id unchecked", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(get("anything")))._tag, "SignalWireUnauthorized")
    }).pipe(Effect.provide(RoomSessionsTest.layerPartial({ get: () => new SignalWireError.Unauthorized() }))))

  it.effect("a function that is not given ends the test with a defect that names it", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* defect(Effect.provide(get(id()), RoomSessionsTest.layerPartial({}))), [
        "RoomSessionsTest.layerPartial: RoomSessions.get was called and is not given"
      ])
    }))
})

describe("RoomSessionsTest.layerScript", () => {
  const inProgress = RoomSessionFixture.inProgress()
  const completed = RoomSessionFixture.completed()

  it.effect("a script responds in order with sessions and errors", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* get(id()), inProgress)
      assert.strictEqual((yield* Effect.flip(get(id())))._tag, "SignalWireServerUnavailable")
      assert.strictEqual(yield* get(id()), completed)
    }).pipe(
      Effect.provide(RoomSessionsTest.layerScript([inProgress, new SignalWireError.ServerUnavailable(), completed]))
    ))

  it.effect("a script responds to the calls of each id in order", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(get(id(2))))._tag, "SignalWireNotFound")
      assert.strictEqual(yield* get(id(1)), inProgress)
      assert.strictEqual(yield* get(id(1)), completed)
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([
      Script.when("RoomSessions.get", { id: id(1) }, [inProgress, completed]),
      Script.when("RoomSessions.get", { id: id(2) }, [new SignalWireError.NotFound()])
    ]))))

  it.effect("ids match in either case", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* get(id().toUpperCase()), inProgress)
      assert.strictEqual(yield* get(id()), completed)
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([
      Script.when("RoomSessions.get", { id: id().toUpperCase() }, [inProgress, completed])
    ]))))

  it.effect("without parameters, responses are for every call of the operation that matches no earlier list", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(get(id(2))))._tag, "SignalWireNotFound")
      assert.strictEqual(yield* get(id(1)), inProgress)
      assert.strictEqual((yield* Effect.flip(get(id(3))))._tag, "SignalWireUnauthorized")
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([
      Script.when("RoomSessions.get", { id: id(1) }, [inProgress]),
      Script.when("RoomSessions.get", {}, [new SignalWireError.NotFound(), new SignalWireError.Unauthorized()])
    ]))))

  it.effect("parameters that the operation does not accept end the test with a defect", () =>
    Effect.gen(function*() {
      const script = RoomSessionsTest.layerScript([Script.when("RoomSessions.get", { id: "standup" }, [inProgress])])
      const messages = yield* defect(Effect.provide(get(id()), script))
      assert.match(messages.join(), /^RoomSessionsTest.layerScript: RoomSessions.get does not accept this id: /)
    }))

  it.effect("a response can be delayed", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.fork(get(id()))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Fiber.join(fiber), inProgress)
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([Effect.delay(Effect.succeed(inProgress), "1 minute")]))))

  it.effect("an id that is not a UUID is InvalidRequest and takes no response", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(get("x")))._tag, "SignalWireInvalidRequest")
      assert.strictEqual(yield* get(id()), inProgress)
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([inProgress]))))

  it.effect("a call beyond the script is a defect with its number and parameters", () =>
    Effect.gen(function*() {
      const twice = Effect.zipRight(get(id()), get(id()))
      assert.deepStrictEqual(yield* defect(Effect.provide(twice, RoomSessionsTest.layerScript([inProgress]))), [
        `RoomSessionsTest.layerScript: the script is exhausted. It has 1 response, and this is call 2: RoomSessions.get {"id":"${id()}"}`
      ])
    }))

  it.effect("a call beyond the script ends the scope where its defect is caught or its fiber is not joined", () =>
    Effect.gen(function*() {
      const message =
        `RoomSessionsTest.layerScript: the script is exhausted. It has 0 responses, and this is call 1: RoomSessions.get {"id":"${id()}"}`
      for (
        const effect of [
          Effect.exit(get(id())),
          Effect.catchAllCause(get(id()), () => Effect.void),
          Effect.zipRight(Effect.fork(get(id())), Effect.yieldNow())
        ]
      ) {
        const messages = yield* defect(Effect.provide(effect, RoomSessionsTest.layerScript([])))
        assert.deepStrictEqual(messages, [message])
      }
    }))

  it.effect("a call that matches no list is a defect with the parameters of all lists", () =>
    Effect.gen(function*() {
      const script = RoomSessionsTest.layerScript([Script.when("RoomSessions.get", { id: id(1) }, [])])
      assert.deepStrictEqual(yield* defect(Effect.provide(get(id(2)), script)), [
        `RoomSessionsTest.layerScript: the script has no responses for RoomSessions.get {"id":"${id(2)}"}, ` +
        `only for RoomSessions.get {"id":"${id(1)}"}`
      ])
    }))

  it.effect("responses that are left at the end of the scope are a defect that lists them", () =>
    Effect.gen(function*() {
      const script = [inProgress, new SignalWireError.ServerUnavailable(), completed]
      const messages = yield* defect(get(id()).pipe(Effect.provide(RoomSessionsTest.layerScript(script))))
      assert.deepStrictEqual(messages, [
        "RoomSessionsTest.layerScript: 2 responses of the script were not used:\n" +
        `  2 of 3: SignalWireServerUnavailable\n  3 of 3: RoomSessionSummary ${id()} completed`
      ])
    }))

  it.effect("responses that are left do not hide a defect of the test itself", () =>
    Effect.gen(function*() {
      const failing = Effect.zipRight(get(id()), Effect.die(new Error("the assertion")))
      const messages = yield* defect(failing.pipe(
        Effect.provide(RoomSessionsTest.layerScript([inProgress, completed]))
      ))
      assert.deepStrictEqual(messages, ["the assertion"])
    }))
})

describe("CallJournal", () => {
  it.effect("the journal has the operation, parameters, attempts, time and result of each call, in order", () =>
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
          call.parameters,
          call.attempts,
          call.startedAt.epochMillis,
          Duration.toMillis(call.elapsed),
          call.result
        ]),
        [
          ["RoomSessions.get", { id: id() }, 1, 1000, 0, "Success"],
          ["RoomSessions.get", { id: "x" }, 0, 1000, 0, "SignalWireInvalidRequest"],
          ["RoomSessions.get", { id: id() }, 3, 1000, 2000, "SignalWireRateLimited"],
          ["RoomSessions.get", { id: id() }, 1, 3000, 5000, "Interrupt"]
        ]
      )
      assert.strictEqual(pending?.result, "Pending")
      assert.isUndefined(pending?.exit)
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([
      RoomSessionFixture.inProgress(),
      Effect.delay(new SignalWireError.RateLimited({ attempts: 3 }), "2 seconds"),
      Effect.never
    ]))))
})
