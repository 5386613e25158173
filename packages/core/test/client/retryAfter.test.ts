import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, TestClock } from "effect"
import { getOver } from "../support/client.ts"
import { longestDelays, shortestDelays } from "../support/delays.ts"
import { json, ok } from "../support/responses.ts"
import { gaps, transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

describe.concurrent.each(transports)("Retry-After over %s", (_, over) => {
  it.effect.each([429, 500, 503])(
    "a %d is retried after its Retry-After and up to a tenth more",
    status =>
      Effect.gen(function*() {
        const short = over(json(status, "", { "retry-after": "2" }), ok)
        yield* within("3 seconds")(shortestDelays(getOver(short)))
        assert.deepStrictEqual(gaps(short), [2000])
        const long = over(json(status, "", { "retry-after": "2" }), ok)
        yield* within("3 seconds")(longestDelays(getOver(long)))
        assert.deepStrictEqual(gaps(long), [2200])
      })
  )

  it.effect("a Retry-After beyond the deadline is an error at once, with its retryAfter", () =>
    Effect.gen(function*() {
      const transport = over(json(429, "", { "retry-after": "99999999" }))
      const error = yield* Effect.flip(within(0)(getOver(transport)))
      assert.deepInclude(error, {
        _tag: "SignalWireRateLimited",
        attempts: 1,
        retryAfter: Duration.seconds(99_999_999)
      })
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.effect.each(["-5", "abc", "", "1e9", "0x10", "NaN", "0", "Sun, 01 Mar 1970 00:00:00 GMT"])(
    "the Retry-After %j does not change the backoff",
    value =>
      Effect.gen(function*() {
        yield* TestClock.setTime(Date.UTC(2026, 2, 1))
        const transport = over(json(503, "", { "retry-after": value }), ok)
        yield* within("1 second")(shortestDelays(getOver(transport)))
        assert.deepStrictEqual(gaps(transport), [150])
      })
  )

  it.effect("a Retry-After that is a date counts from the Date of the response", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.UTC(2026, 2, 1, 9))
      const headers = { "retry-after": "Sun, 01 Mar 2026 10:00:03 GMT", date: "Sun, 01 Mar 2026 10:00:00 GMT" }
      const transport = over(json(503, "", headers), ok)
      yield* within("5 seconds")(shortestDelays(getOver(transport)))
      assert.deepStrictEqual(gaps(transport), [3000])
    }))
})
