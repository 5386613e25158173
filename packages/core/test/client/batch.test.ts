import { RequestPolicy, Transport } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer } from "effect"
import { get, sessions } from "../support/client.ts"
import { shortestDelays, withoutSleep } from "../support/delays.ts"
import { ok, serverError } from "../support/responses.ts"
import { body } from "../support/sessions.ts"
import { gaps, transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

/** The same numbers in [0, 1) in every run: a linear congruential generator. */
const makeRandom = (): () => number => {
  let state = 1
  return () => {
    state = (state * 48_271) % 0x7fff_ffff
    return state / 0x7fff_ffff
  }
}

/** A transport that responds at once, with a 500 to a fifth of the requests. */
const makeTransport = () => {
  const random = makeRandom()
  const session = new TextEncoder().encode(body())
  const counts = { requests: 0 }
  const transport = Layer.succeed(Transport.Transport, {
    dispatch: (_, handler) => {
      counts.requests++
      handler.onConnection()
      handler.onRequestSent()
      if (random() < 0.2) {
        if (handler.onHeaders(500, {})) handler.onEnd()
      } else if (handler.onHeaders(200, { "content-type": "application/json" }) && handler.onData(session)) {
        handler.onEnd()
      }
      return () => {}
    },
    closed: Effect.never,
    mayDecompress: false
  })
  return { transport, counts }
}

/** How many of 2,000 calls fail, and how many requests they send. */
const lostWith = (policy: RequestPolicy.RequestPolicy) =>
  Effect.gen(function*() {
    const { counts, transport } = makeTransport()
    const exits = yield* Effect.replicateEffect(Effect.exit(get()), 2000, { concurrency: 16 }).pipe(
      RequestPolicy.with(policy),
      Effect.provide(sessions({ transport })),
      withoutSleep
    )
    return { lost: exits.filter(Exit.isFailure).length, requests: counts.requests }
  })

const noChanges = RequestPolicy.make({}).pipe(Effect.runSync)

describe.concurrent.each(transports)("RequestPolicy.batch over %s", (_, over) => {
  it.effect("with the shortest delays, a call has its session after an outage of 45 seconds", () =>
    Effect.gen(function*() {
      const transport = over(serverError, ...Array.from({ length: 7 }, () => serverError), ok)
      const policy = { policy: RequestPolicy.batch }
      yield* within("46 seconds")(shortestDelays(Effect.provide(get(), sessions(transport, policy))))
      assert.deepStrictEqual(gaps(transport), [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000])
    }))
})

describe("RequestPolicy.batch with 20 % of the responses 500", () => {
  it.effect("loses none of 2,000 calls, of which the defaults lose some", () =>
    Effect.gen(function*() {
      const defaults = yield* lostWith(noChanges)
      const batch = yield* lostWith(RequestPolicy.batch)
      assert.isAbove(defaults.lost, 50)
      assert.strictEqual(batch.lost, 0)
      assert.isAtMost(batch.requests, 2700)
    }))
})
