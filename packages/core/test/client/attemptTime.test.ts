import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { getOver } from "../support/client.ts"
import { shortestDelays } from "../support/delays.ts"
import { ok, type PlayedResponses } from "../support/responses.ts"
import { sessionId } from "../support/sessions.ts"
import { overTransport } from "../support/transports.ts"
import { within } from "../support/within.ts"

const seconds = (count: number) => count * 1000

const policy = { attemptTimeout: "10 seconds", deadline: "1 minute", maxRetries: 0 } as const

/** The RequestTimeout of a call without retries, its time in seconds. */
const timeoutOf = (...responses: PlayedResponses) =>
  Effect.gen(function*() {
    const error = yield* Effect.flip(within("2 minutes")(getOver(overTransport(...responses), { policy })))
    if (error._tag !== "SignalWireRequestTimeout") return assert.fail(`${error._tag} in place of a timeout`)
    const { attempts, elapsed, phase, requestsSent } = error
    return { phase, elapsed: Duration.toSeconds(elapsed), requestsSent, attempts }
  })

const expected = (phase: "attempt" | "deadline", elapsed: number, requestsSent: number) => ({
  phase,
  elapsed,
  requestsSent,
  attempts: 1
})

describe("the time of an attempt over a Transport", () => {
  it.effect.each([0, 3, 9, 10, 15, 25, 35])(
    "attemptTimeout counts from the connection, which is made after %d s",
    queued =>
      Effect.gen(function*() {
        const timeout = yield* timeoutOf({ queued: seconds(queued), after: Infinity })
        assert.deepStrictEqual(timeout, expected("attempt", queued + 10, 1))
      })
  )

  it.effect("the deadline ends an attempt whose connection came late", () =>
    Effect.gen(function*() {
      const timeout = yield* timeoutOf({ queued: seconds(55), after: Infinity })
      assert.deepStrictEqual(timeout, expected("deadline", 60, 1))
    }))

  it.effect("only the deadline ends a call that gets no connection", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* timeoutOf({ queued: Infinity }), expected("deadline", 60, 0))
    }))

  it.effect("attemptTimeout counts from the first connection where a second one replaces it", () =>
    Effect.gen(function*() {
      const timeout = yield* timeoutOf({ ...ok, after: seconds(6), replaced: true })
      assert.deepStrictEqual(timeout, expected("attempt", 10, 2))
    }))

  it.effect("an attempt that times out is retried, also where its connection came after more than attemptTimeout", () =>
    Effect.gen(function*() {
      const transport = overTransport({ queued: seconds(15), after: Infinity }, ok)
      const call = getOver(transport, { policy: { ...policy, maxRetries: 2 } })
      const session = yield* within("2 minutes")(shortestDelays(call))
      assert.strictEqual(session.id, sessionId)
      assert.strictEqual(transport.requests.length, 2)
    }))
})
