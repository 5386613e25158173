import { type RequestPolicy, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { CallJournal, RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
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

/** One call, with as much time as it wants; what it came to and how many requests it took. */
const run = (script: ScriptedTransport.Script, policy?: RequestPolicy.Options) =>
  Effect.gen(function*() {
    const journal = yield* CallJournal.CallJournal
    const fiber = yield* Effect.fork(Effect.exit(get))
    yield* TestClock.adjust("30 seconds")
    const exit = yield* Fiber.join(fiber)
    const call = (yield* journal.calls)[0]
    assert.isDefined(call)
    return { exit, outcome: call.outcome, attempts: call.attempts, millis: Duration.toMillis(call.elapsed) }
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport(script, policy === undefined ? {} : { policy })))

const transportReason = (exit: Exit.Exit<unknown, RoomSessions.GetError>) => {
  const failure = Exit.isFailure(exit) ? Cause.failureOption(exit.cause) : undefined
  return failure?._tag === "Some" && failure.value._tag === "SignalWireTransportError"
    ? failure.value.reason
    : undefined
}

describe("responses", () => {
  it.effect("a session arrives as it was given", () =>
    Effect.gen(function*() {
      const { attempts, exit } = yield* run([response])
      assert.deepStrictEqual(exit, Exit.succeed(session))
      assert.strictEqual(attempts, 1)
    }))

  it.effect("two 500s and a session are one success after three attempts and the backoff", () =>
    Effect.gen(function*() {
      const { attempts, millis, outcome } = yield* run([status(500), status(500), response])
      assert.deepStrictEqual([outcome, attempts], ["Success", 3])
      assert.isAtLeast(millis, 450)
      assert.isAtMost(millis, 900)
    }))

  it.effect("Retry-After is waited for", () =>
    Effect.gen(function*() {
      const { attempts, millis, outcome } = yield* run([status(429, { retryAfter: "5 seconds" }), response])
      assert.deepStrictEqual([outcome, attempts], ["Success", 2])
      assert.isAtLeast(millis, 5000)
      assert.isAtMost(millis, 5500)
    }))

  it.effect("the contract's statuses have the contract's bodies, and any body and header can be given", () =>
    Effect.gen(function*() {
      const { exit } = yield* run([
        status(422, {
          headers: { "X-Request-Id": "abc" },
          body: { errors: [{ code: "not_a_uuid", attribute: "id" }] }
        })
      ])
      const failure = yield* Effect.flip(exit)
      assert.strictEqual(failure._tag, "SignalWireUnexpectedStatus")
      assert.include(JSON.stringify(failure), "not_a_uuid")
      assert.include(JSON.stringify(failure), "\"requestId\":\"abc\"")
      const html = yield* run([status(200, { headers: { "content-type": "text/html" }, body: "<p>" })])
      assert.strictEqual(html.outcome, "SignalWireInvalidResponse")
    }))

  it.effect("a session goes over the wire as the service writes it", () =>
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

  it.effect("each response has a request id of its own, the same in every run, and an error has that of the last", () =>
    Effect.gen(function*() {
      const { exit } = yield* run([status(500), reset, status(503)])
      assert.deepInclude(yield* Effect.flip(exit), { _tag: "SignalWireServerUnavailable", requestId: requestId(3) })
      const again = yield* run([status(404)])
      assert.deepInclude(yield* Effect.flip(again.exit), { _tag: "SignalWireNotFound", requestId: requestId(1) })
      assert.match(requestId(12), /^[\da-f]{8}(?:-[\da-f]{4}){3}-0{10}12$/)
    }))

  it.effect("a request id of the script wins, by whichever name the service knows it", () =>
    Effect.gen(function*() {
      for (const name of ["X-Request-Id", "x-signalwire-request-id", "Request-Id", "x-amzn-RequestId"]) {
        const { exit } = yield* run([status(404, { headers: { [name]: "abc" } })])
        assert.deepInclude(yield* Effect.flip(exit), { requestId: "abc" }, name)
      }
    }))

  it.effect("a bodiless status arrives without a body", () =>
    Effect.gen(function*() {
      for (const code of [204, 304]) {
        assert.strictEqual((yield* run([status(code)])).outcome, "SignalWireUnexpectedStatus")
      }
    }))

  it.effect("answers can be given for each id", () =>
    Effect.gen(function*() {
      assert.strictEqual(
        (yield* run({ [session.id]: [status(404)], [RoomSessionFixture.id(2)]: [] })).outcome,
        "SignalWireNotFound"
      )
    }))

  it.effect("calls in parallel count their own attempts", () =>
    Effect.gen(function*() {
      const { get } = yield* RoomSessions.RoomSessions
      const journal = yield* CallJournal.CallJournal
      const both = Effect.all([get(session.id), get(RoomSessionFixture.id(2))], { concurrency: "unbounded" })
      const fiber = yield* Effect.fork(both)
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.join(fiber)
      const calls = yield* journal.calls
      assert.deepStrictEqual(calls.map(({ attempts, id }) => [id, attempts]), [
        [session.id, 3],
        [RoomSessionFixture.id(2), 1]
      ])
    }).pipe(Effect.provide(RoomSessionsTest.layerTransport({
      [session.id]: [status(500), reset, response],
      [RoomSessionFixture.id(2)]: [
        delayed("1 second", ok(RoomSessionFixture.inProgress({ id: RoomSessionFixture.id(2) })))
      ]
    }))))

  it("a status that is no final answer of HTTP is refused", () => {
    assert.throws(() => status(101), "ScriptedTransport.status: expected a status from 200 to 599, got 101")
  })
})

describe("time", () => {
  it.effect("a slow answer is a timeout of its attempt, and the next one counts", () =>
    Effect.gen(function*() {
      const { attempts, millis, outcome } = yield* run([delayed("1 minute", response), response])
      assert.deepStrictEqual([outcome, attempts], ["Success", 2])
      assert.isAtLeast(millis, 10_150)
      assert.isAtMost(millis, 10_300)
    }))

  it.effect("silence and a stalled body are timeouts up to the deadline", () =>
    Effect.gen(function*() {
      const { attempts, exit, millis } = yield* run([noResponse, stalled(response), noResponse])
      const failure = yield* Effect.flip(exit)
      assert.deepInclude(failure, { _tag: "SignalWireRequestTimeout", phase: "deadline" })
      assert.deepStrictEqual([attempts, millis], [3, 30_000])
    }))

  it.effect("the policy of the layer counts", () =>
    Effect.gen(function*() {
      assert.deepInclude(yield* run([noResponse], { attemptTimeout: "1 second", maxRetries: 0 }), {
        outcome: "SignalWireRequestTimeout",
        attempts: 1,
        millis: 1000
      })
    }))
})

describe("wire failures", () => {
  const retried = { refused, reset, dnsTemporary, truncated: truncated(response) }
  const final = { dns, tls, malformed }

  for (const [name, failure] of Object.entries(retried)) {
    it.effect(`${name} is retried`, () =>
      Effect.gen(function*() {
        assert.deepInclude(yield* run([failure, response]), { outcome: "Success", attempts: 2 })
      }))
  }

  for (const [name, failure] of Object.entries(final)) {
    it.effect(`${name} is not retried`, () =>
      Effect.gen(function*() {
        assert.deepInclude(yield* run([failure]), { outcome: "SignalWireTransportError", attempts: 1 })
      }))
  }

  it.effect("each has the reason that the real transports give it", () =>
    Effect.gen(function*() {
      const none = { maxRetries: 0 }
      const reasons = yield* Effect.forEach(
        [refused, reset, dns, dnsTemporary, tls, malformed, truncated(response)],
        failure => Effect.map(run([failure], none), ({ exit }) => transportReason(exit))
      )
      assert.deepStrictEqual(reasons, ["Refused", "Reset", "Dns", "Dns", "Tls", "Malformed", "Truncated"])
    }))

  it("half of nothing is refused", () => {
    assert.throws(() => truncated(refused), "ScriptedTransport.truncated: refused has no body")
    assert.throws(() => stalled(status(204)), "ScriptedTransport.stalled: status 204 has no body")
  })
})

describe("misuse", () => {
  const messages = (exit: Exit.Exit<unknown, unknown>) =>
    Exit.isFailure(exit) ? Cause.prettyErrors(exit.cause).map(({ message }) => message) : []

  it.effect("a request beyond the script is a defect of the call", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(messages(yield* Effect.exit(run([status(500)]))), [
        "RoomSessionsTest.layerTransport: the script has run out. It has 1 response, and this is request 2, for " +
        session.id
      ])
    }))

  it.effect("what is left at the end of the scope is listed", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(messages(yield* Effect.exit(run([response, status(500), truncated(response)]))), [
        "RoomSessionsTest.layerTransport: nobody asked for 2 responses of the script:\n" +
        `  2 of 3: status 500\n  3 of 3: truncated session ${session.id}`
      ])
    }))

  it.effect("over a client of one's own, it is a TransportError, and the scope ends with the defect", () =>
    Effect.gen(function*() {
      const own = RoomSessions.layer.pipe(
        Layer.provide(SignalWireClient.layer({ space: "acme", projectId: "p", apiToken: Redacted.make("t") })),
        Layer.provide(ScriptedTransport.layer([]))
      )
      const exit = yield* Effect.exit(Effect.provide(get, own))
      assert.deepStrictEqual(messages(exit), [
        "RoomSessions.get: no response (SCRIPT_RAN_OUT) (1 attempt, 0 ms)",
        `ScriptedTransport.layer: the script has run out. It has 0 responses, and this is request 1, for ${session.id}`
      ])
    }))

  it("a header that cannot be sent is refused", () => {
    assert.throws(() => status(200, { headers: { "bad name": "x" } }), "no header can be [\"bad name\",\"x\"]")
  })

  it.effect("a wrong policy is a ConfigError", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(run([], { maxRetries: -1 }))
      assert.include(messages(exit).join(), "whole number")
    }))
})
