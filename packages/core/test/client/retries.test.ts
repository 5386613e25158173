import type { SignalWireError } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Random } from "effect"
import { getOver } from "../support/client.ts"
import { longestDelays, shortestDelays } from "../support/delays.ts"
import { connectionError, json, ok, type PlayedResponse, serverError } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { gaps, transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

type Retry = "is retried" | "is not retried"

const attemptsOf = (retry: Retry): number => retry === "is retried" ? 3 : 1

describe.concurrent.each(transports)("retries over %s", (_, over) => {
  it.effect.each<readonly [what: string, response: PlayedResponse]>([
    ["a 500", serverError],
    ["ECONNREFUSED", connectionError("ECONNREFUSED")],
    ["ECONNRESET", connectionError("ECONNRESET")],
    ["EAI_AGAIN", connectionError("EAI_AGAIN")]
  ])("%s and then a 200 is the session", ([, response]) =>
    Effect.gen(function*() {
      const transport = over(response, ok)
      const session = yield* within("300 millis")(getOver(transport))
      assert.strictEqual(session.id, sessionId)
      assert.strictEqual(transport.requests.length, 2)
    }))

  it.effect("three 500s are InternalServerError, with the attempts, the elapsed time and the request id", () =>
    Effect.gen(function*() {
      const transport = over({ ...serverError, headers: { "x-request-id": "r-9" } })
      const error = yield* Effect.flip(within("10 seconds")(shortestDelays(getOver(transport))))
      assert.deepInclude(error, { _tag: "SignalWireInternalServerError", attempts: 3, requestId: "r-9" })
      assert.strictEqual(Duration.toMillis(error.elapsed), 450)
    }))

  it.effect("delays double up to maxDelay, and are from half to all of the backoff", () =>
    Effect.gen(function*() {
      const policy = { maxRetries: 6, deadline: "1 minute", retryBudget: null } as const
      const short = over(serverError)
      yield* Effect.flip(within("1 minute")(shortestDelays(getOver(short, { policy }))))
      assert.deepStrictEqual(gaps(short), [150, 300, 600, 1200, 2000, 2000])
      const long = over(serverError)
      yield* Effect.flip(within("1 minute")(longestDelays(getOver(long, { policy }))))
      assert.deepStrictEqual(gaps(long), [300, 600, 1200, 2400, 4000, 4000])
    }))

  it.effect.each<readonly [code: string, reason: SignalWireError.TransportError["reason"], retry: Retry]>([
    ["ECONNREFUSED", "Refused", "is retried"],
    ["ECONNRESET", "Reset", "is retried"],
    ["ENOTFOUND", "Dns", "is not retried"],
    ["EAI_AGAIN", "Dns", "is retried"],
    ["CERT_HAS_EXPIRED", "Tls", "is not retried"],
    ["HPE_INVALID_CONSTANT", "Malformed", "is not retried"],
    ["UND_ERR_PRX_TLS", "Proxy", "is not retried"],
    ["ENOIDEA", "Other", "is not retried"]
  ])("the connection error %s is TransportError %s, and %s", ([code, reason, retry]) =>
    Effect.gen(function*() {
      const attempts = attemptsOf(retry)
      const transport = over(connectionError(code))
      const error = yield* Effect.flip(within("10 seconds")(getOver(transport)))
      assert.deepInclude(error, { _tag: "SignalWireTransportError", reason, code, attempts })
      assert.strictEqual(transport.requests.length, attempts)
      assert.notInclude(error.message, "text of the transport")
    }))

  it.effect("a connection that ends within the body is TransportError Truncated, after three attempts", () =>
    Effect.gen(function*() {
      const transport = over({ ...json(200, body().slice(0, 50)), ...connectionError("ECONNRESET") })
      const error = yield* Effect.flip(within("10 seconds")(getOver(transport)))
      assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Truncated", attempts: 3 })
    }))

  it.effect.each<readonly [what: string, response: PlayedResponse]>([
    ["a 500", serverError],
    ["ECONNRESET", connectionError("ECONNRESET")],
    ["a 503", json(503)]
  ])("maxRetries: 0 sends one request, whose error is %s", ([, response]) =>
    Effect.gen(function*() {
      const transport = over(response, ok)
      const error = yield* Effect.flip(getOver(transport, { policy: { maxRetries: 0 } }))
      assert.strictEqual(error.attempts, 1)
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.effect("an error that is not retried draws no random numbers, so that a seeded program is not changed by it", () =>
    Effect.gen(function*() {
      let drawn = 0
      const counting = { ...Random.make("seed"), next: Effect.sync(() => ++drawn / 100) }
      yield* Effect.flip(getOver(over(json(404, "{}")))).pipe(Effect.withRandom(counting))
      yield* Effect.flip(getOver(over(serverError), { policy: { maxRetries: 0 } })).pipe(Effect.withRandom(counting))
      assert.strictEqual(drawn, 0)
    }))
})
