import { type RequestPolicy, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import {
  CallJournal,
  RoomSessionFixture,
  RoomSessionsTest,
  Script,
  ScriptedTransport
} from "@effect-signalwire/core/testing"
import { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Fiber, Layer, Redacted, TestClock } from "effect"

const {
  delayed,
  dns,
  dnsTemporary,
  malformed,
  ok,
  refused,
  requestId,
  reset,
  noResponse,
  stalled,
  status,
  tls,
  truncated
} = ScriptedTransport
const session = RoomSessionFixture.completed()
const response = ok(session)

const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(session.id))

/** One call, with time up to its deadline. */
const run = (script: ScriptedTransport.Script, policy?: RequestPolicy.Options) =>
  Effect.gen(function*() {
    const journal = yield* CallJournal.CallJournal
    const fiber = yield* Effect.fork(Effect.exit(get))
    yield* TestClock.adjust("30 seconds")
    const exit = yield* Fiber.join(fiber)
    const call = (yield* journal.calls)[0]
    assert.isDefined(call)
    return { exit, result: call.result, attempts: call.attempts, millis: Duration.toMillis(call.elapsed) }
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport(script, policy === undefined ? {} : { policy })))

const transportReason = (exit: Exit.Exit<unknown, RoomSessions.GetError>) => {
  const error = Exit.isFailure(exit) ? Cause.failureOption(exit.cause) : undefined
  return error?._tag === "Some" && error.value._tag === "SignalWireTransportError" ? error.value.reason : undefined
}

describe("scripted responses", () => {
  it.effect("a scripted response with a session is a success with this session", () =>
    Effect.gen(function*() {
      const { attempts, exit } = yield* run([response])
      assert.deepStrictEqual(exit, Exit.succeed(session))
      assert.strictEqual(attempts, 1)
    }))

  it.effect("two 500s and a session are one success after three attempts and two delays", () =>
    Effect.gen(function*() {
      const { attempts, millis, result } = yield* run([status(500), status(500), response])
      assert.deepStrictEqual([result, attempts], ["Success", 3])
      assert.isAtLeast(millis, 450)
      assert.isAtMost(millis, 900)
    }))

  it.effect("a scripted response with Retry-After delays the next attempt", () =>
    Effect.gen(function*() {
      const { attempts, millis, result } = yield* run([status(429, { retryAfter: "5 seconds" }), response])
      assert.deepStrictEqual([result, attempts], ["Success", 2])
      assert.isAtLeast(millis, 5000)
      assert.isAtMost(millis, 5500)
    }))

  it.effect("a scripted response can have any body and any headers", () =>
    Effect.gen(function*() {
      const { exit } = yield* run([
        status(422, {
          headers: { "X-Request-Id": "abc" },
          body: { errors: [{ code: "not_a_uuid", attribute: "id" }] }
        })
      ])
      const error = yield* Effect.flip(exit)
      assert.strictEqual(error._tag, "SignalWireUnexpectedStatus")
      assert.include(JSON.stringify(error), "not_a_uuid")
      assert.include(JSON.stringify(error), "\"requestId\":\"abc\"")
      const html = yield* run([status(200, { headers: { "content-type": "text/html" }, body: "<p>" })])
      assert.strictEqual(html.result, "SignalWireInvalidResponse")
      const bytes = yield* run([status(200, { body: Uint8Array.of(0xff) })])
      assert.deepInclude(yield* Effect.flip(bytes.exit), { reason: "InvalidUtf8" })
    }))

  it.effect("a scripted response with a session has the JSON that the service writes", () =>
    Effect.gen(function*() {
      const client = yield* HttpClient.HttpClient
      const { body, headers } = yield* Effect.flatMap(
        client.get(`https://test.invalid/${session.id}`),
        ({ headers, text }) => Effect.map(text, body => ({ body, headers }))
      )
      assert.include(body, "\"fps\":20,")
      assert.include(body, "\"start_time\":\"2026-11-24T09:00:00Z\"")
      assert.strictEqual(headers["x-request-id"], requestId())
    }).pipe(Effect.provide(ScriptedTransport.layer([response]))))

  it.effect("a scripted response has a request id of its own, the same in every run, and an error has that of the last response", () =>
    Effect.gen(function*() {
      const { exit } = yield* run([status(500), reset, status(503)])
      assert.deepInclude(yield* Effect.flip(exit), { _tag: "SignalWireServerUnavailable", requestId: requestId(3) })
      const again = yield* run([status(404)])
      assert.deepInclude(yield* Effect.flip(again.exit), { _tag: "SignalWireNotFound", requestId: requestId(1) })
      assert.match(requestId(12), /^[\da-f]{8}(?:-[\da-f]{4}){3}-0{10}12$/)
    }))

  it.effect("a scripted response with a request id in its headers sends that one, in any of the headers that the service uses", () =>
    Effect.gen(function*() {
      for (const name of ["X-Request-Id", "x-signalwire-request-id", "Request-Id", "x-amzn-RequestId"]) {
        const { exit } = yield* run([status(404, { headers: { [name]: "abc" } })])
        assert.deepInclude(yield* Effect.flip(exit), { requestId: "abc" }, name)
      }
    }))

  it.effect("a scripted response with a status that has no body arrives without one", () =>
    Effect.gen(function*() {
      for (const code of [204, 304]) {
        assert.strictEqual((yield* run([status(code)])).result, "SignalWireUnexpectedStatus")
      }
    }))

  it.effect("a scripted response can be for the requests of one operation with given parameters", () =>
    Effect.gen(function*() {
      const script = [
        Script.when("RoomSessions.get", { id: RoomSessionFixture.id(2) }, []),
        Script.when("RoomSessions.get", { id: session.id.toUpperCase() }, [status(500), status(404)])
      ]
      assert.deepInclude(yield* run(script), { result: "SignalWireNotFound", attempts: 2 })
    }))

  it.effect("a scripted response of calls in parallel counts as an attempt of its call", () =>
    Effect.gen(function*() {
      const { get } = yield* RoomSessions.RoomSessions
      const journal = yield* CallJournal.CallJournal
      const both = Effect.all([get(session.id), get(RoomSessionFixture.id(2))], { concurrency: "unbounded" })
      const fiber = yield* Effect.fork(both)
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.join(fiber)
      const calls = yield* journal.callsOf("RoomSessions.get")
      assert.deepStrictEqual(calls.map(({ attempts, parameters }) => [parameters.id, attempts]), [
        [session.id, 3],
        [RoomSessionFixture.id(2), 1]
      ])
    }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
      Script.when("RoomSessions.get", { id: session.id }, [status(500), reset, response]),
      Script.when("RoomSessions.get", { id: RoomSessionFixture.id(2) }, [
        delayed("1 second", ok(RoomSessionFixture.inProgress({ id: RoomSessionFixture.id(2) })))
      ])
    ]))))

  it("a scripted response with a status below 200 ends the test with a defect", () => {
    assert.throws(() => status(101), "ScriptedTransport.status: expected a status from 200 to 599, got 101")
  })
})

describe("delayed responses", () => {
  it.effect("a delayed response beyond the attempt timeout is retried", () =>
    Effect.gen(function*() {
      const { attempts, millis, result } = yield* run([delayed("1 minute", response), response])
      assert.deepStrictEqual([result, attempts], ["Success", 2])
      assert.isAtLeast(millis, 10_150)
      assert.isAtMost(millis, 10_300)
    }))

  it.effect("no response or a stalled one in every attempt is RequestTimeout at the deadline", () =>
    Effect.gen(function*() {
      const { attempts, exit, millis } = yield* run([noResponse, stalled(response), noResponse])
      const error = yield* Effect.flip(exit)
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", phase: "deadline" })
      assert.deepStrictEqual([attempts, millis], [3, 30_000])
    }))

  it.effect("no response is RequestTimeout after the attemptTimeout of the layer", () =>
    Effect.gen(function*() {
      assert.deepInclude(yield* run([noResponse], { attemptTimeout: "1 second", maxRetries: 0 }), {
        result: "SignalWireRequestTimeout",
        attempts: 1,
        millis: 1000
      })
    }))
})

describe("connection errors", () => {
  const retried = { refused, reset, dnsTemporary, truncated: truncated(response) }
  const final = { dns, tls, malformed }

  for (const [name, error] of Object.entries(retried)) {
    it.effect(`the connection error ${name} is retried`, () =>
      Effect.gen(function*() {
        assert.deepInclude(yield* run([error, response]), { result: "Success", attempts: 2 })
      }))
  }

  for (const [name, error] of Object.entries(final)) {
    it.effect(`the connection error ${name} is not retried`, () =>
      Effect.gen(function*() {
        assert.deepInclude(yield* run([error]), { result: "SignalWireTransportError", attempts: 1 })
      }))
  }

  it.effect("a connection error has the same reason as over the transports of Node", () =>
    Effect.gen(function*() {
      const none = { maxRetries: 0 }
      const reasons = yield* Effect.forEach(
        [refused, reset, dns, dnsTemporary, tls, malformed, truncated(response)],
        error => Effect.map(run([error], none), ({ exit }) => transportReason(exit))
      )
      assert.deepStrictEqual(reasons, ["Refused", "Reset", "Dns", "Dns", "Tls", "Malformed", "Truncated"])
    }))

  it("a connection error within a body that does not exist ends the test with a defect", () => {
    assert.throws(() => truncated(refused), "ScriptedTransport.truncated: refused has no body")
    assert.throws(() => stalled(status(204)), "ScriptedTransport.stalled: status 204 has no body")
  })
})

describe("mistakes in scripts", () => {
  const messages = (exit: Exit.Exit<unknown, unknown>) =>
    Exit.isFailure(exit) ? Cause.prettyErrors(exit.cause).map(({ message }) => message) : []

  it.effect("a request beyond the script is a defect with its number and parameters", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(messages(yield* Effect.exit(run([status(500)]))), [
        "RoomSessionsTest.layerTransport: the script is exhausted. It has 1 response, and this is request 2: " +
        `RoomSessions.get {"id":"${session.id}"}`
      ])
    }))

  it.effect("responses that are left at the end of the scope are a defect that lists them", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(messages(yield* Effect.exit(run([response, status(500), truncated(response)]))), [
        "RoomSessionsTest.layerTransport: 2 responses of the script were not used:\n" +
        `  2 of 3: status 500\n  3 of 3: truncated session ${session.id}`
      ])
    }))

  it.effect("a request beyond the script of ScriptedTransport.layer is a TransportError, and the scope ends with the defect", () =>
    Effect.gen(function*() {
      const own = RoomSessions.layer.pipe(
        Layer.provide(SignalWireClient.layer({ space: "acme", projectId: "p", apiToken: Redacted.make("t") })),
        Layer.provide(ScriptedTransport.layer([]))
      )
      const exit = yield* Effect.exit(Effect.provide(get, own))
      assert.deepStrictEqual(messages(exit), [
        "RoomSessions.get: no response (SCRIPT_EXHAUSTED) (1 attempt, 0 ms)",
        "ScriptedTransport.layer: the script is exhausted. It has 0 responses, and this is request 1: " +
        `RoomSessions.get {"id":"${session.id}"}`
      ])
    }))

  it("a header that is not valid ends the test with a defect", () => {
    assert.throws(() => status(200, { headers: { "bad name": "x" } }), "[\"bad name\",\"x\"] is not a valid header")
  })

  it.effect("a policy that is not valid is a ConfigError", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(run([], { maxRetries: -1 }))
      assert.include(messages(exit).join(), "whole number")
    }))
})
