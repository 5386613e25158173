import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { getOver, patient } from "../support/client.ts"
import { shortestDelays, withoutSleep } from "../support/delays.ts"
import { connectionError, noResponse, ok, type PlayedResponse, serverError } from "../support/responses.ts"
import { body } from "../support/sessions.ts"
import { gaps, transports } from "../support/transports.ts"
import { until } from "../support/until.ts"
import { within } from "../support/within.ts"

const policy = { attemptTimeout: "500 millis", deadline: "2 seconds" } as const

describe.concurrent.each(transports)("timeouts over %s", (_, over) => {
  it.effect("three attempts without a response are RequestTimeout, each aborted after attemptTimeout", () =>
    Effect.gen(function*() {
      const transport = over(noResponse)
      const error = yield* Effect.flip(within("2 seconds")(shortestDelays(getOver(transport, { policy }))))
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 3 })
      assert.strictEqual(Duration.toMillis(error.elapsed), 1950)
      assert.deepStrictEqual(gaps(transport), [650, 800])
      assert.strictEqual(transport.aborted(), 3)
    }))

  it.live("three attempts without a response are RequestTimeout on the live clock, each aborted", () =>
    Effect.gen(function*() {
      const transport = over(noResponse)
      const error = yield* Effect.flip(
        getOver(transport, { policy: { ...patient, attemptTimeout: "20 millis", baseDelay: "2 millis" } })
      )
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", attempts: 3 })
      yield* until(() => transport.aborted() === 3)
    }))

  it.effect("an attempt without a response and then a 200 is the session", () =>
    Effect.gen(function*() {
      const transport = over(noResponse, ok)
      yield* within("2 seconds")(getOver(transport, { policy }))
      assert.strictEqual(transport.requests.length, 2)
    }))

  it.effect.each<readonly [what: string, response: PlayedResponse]>([
    ["stalls", { ...ok, chunks: [body().slice(0, 10)], stalls: true }],
    ["sends a byte every 200 ms", { ...ok, chunks: body().split(""), between: 200 }]
  ])(
    "a body that %s is RequestTimeout, after three attempts of attemptTimeout each",
    ([, response]) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(within("2 seconds")(shortestDelays(getOver(over(response), { policy }))))
        assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", attempts: 3 })
        assert.strictEqual(Duration.toMillis(error.elapsed), 1950)
      })
  )

  it.effect("the deadline ends a call that has retries left", () =>
    Effect.gen(function*() {
      const transport = over({ ...serverError, after: 450 })
      const error = yield* getOver(transport, {
        policy: { ...policy, maxRetries: 100, baseDelay: "10 millis", maxDelay: "10 millis" }
      }).pipe(shortestDelays, within("2 seconds"), Effect.flip)
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", phase: "deadline", attempts: 5 })
      assert.strictEqual(Duration.toMillis(error.elapsed), 2000)
      assert.strictEqual(transport.requests.length, 5)
    }))

  it.effect.each([0, 0.052, 0.272, 0.5, 0.777, 0.999])(
    "a call ends at its deadline to the millisecond where the random part of its delays is %s",
    random =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(
          within("30 seconds")(Effect.withRandomFixed(getOver(over(noResponse)), [random]))
        )
        assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", phase: "deadline", attempts: 3 })
        assert.strictEqual(Duration.toMillis(error.elapsed), 30_000)
      })
  )

  it.effect("a deadline shorter than attemptTimeout ends the first attempt", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(
        within("100 millis")(getOver(over(noResponse), { policy: { deadline: "100 millis" } }))
      )
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", phase: "deadline", attempts: 1 })
    }))

  it.effect("a connect timeout of the transport is retried, also where the deadline is shorter than an attempt", () =>
    Effect.gen(function*() {
      const transport = over(connectionError("UND_ERR_CONNECT_TIMEOUT"), connectionError("ETIMEDOUT"), ok)
      yield* within("8 seconds")(getOver(transport, { policy: { deadline: "8 seconds" } }))
      assert.strictEqual(transport.requests.length, 3)
    }))

  it.effect("an error is final at once where the backoff exceeds the time that is left", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(
        within(0)(shortestDelays(getOver(over(serverError), { policy: { deadline: "150 millis" } })))
      )
      assert.deepInclude(error, { _tag: "SignalWireInternalServerError", attempts: 1 })
      assert.strictEqual(Duration.toMillis(error.elapsed), 0)
    }))

  it.effect("a call without a response is RequestTimeout also under a clock that does not sleep", () =>
    Effect.gen(function*() {
      const error = yield* getOver(over(noResponse)).pipe(withoutSleep, Effect.flip)
      assert.strictEqual(error._tag, "SignalWireRequestTimeout")
    }))
})
