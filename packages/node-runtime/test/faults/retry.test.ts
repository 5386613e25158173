import { RequestPolicy, RoomSessions, SignalWireClient, Transport } from "@effect-signalwire/core"
import { assert, describe } from "@effect/vitest"
import { Clock, Duration, Effect, Exit, Layer, Logger, LogLevel, Redacted } from "effect"
import { clientOf, get } from "./harness/call.ts"
import { errorOf } from "./harness/callExit.ts"
import { cases, eachTransport, once } from "./harness/faultTest.ts"
import { assertInvariant } from "./harness/invariant.ts"
import * as rawServer from "./harness/rawServer.ts"
import * as recordingTracer from "./harness/recordingTracer.ts"
import { ok, reset, serverError, stall } from "./harness/scripts.ts"
import { nasty } from "./harness/secrets.ts"
import { attemptMillis, timed } from "./harness/transports.ts"

const neverMillis = 7000

/** Responds 500 at once, without a socket. */
const always500: Transport.Service = {
  dispatch: (_, handler) => {
    handler.onHeaders(500, {})
    handler.onEnd()
    return () => {}
  },
  closed: Effect.never,
  mayDecompress: false
}

/** A clock that does not sleep and records each delay; the timer of an attempt never fires. */
const recordingClock = (delays: Array<number>): Clock.Clock => {
  const clock = Clock.make()
  return {
    ...clock,
    unsafeCurrentTimeMillis: () => clock.unsafeCurrentTimeMillis(),
    unsafeCurrentTimeNanos: () => clock.unsafeCurrentTimeNanos(),
    sleep: duration => {
      const millis = Duration.toMillis(duration)
      if (millis === neverMillis) return Effect.never
      return Effect.sync(() => void delays.push(millis))
    }
  }
}

describe("Retry", () => {
  once(
    "10,000 sampled delays are within the formula and reach both bounds",
    Effect.gen(function*() {
      const calls = 5000
      const delays: Array<number> = []
      const client = RoomSessions.layer.pipe(
        Layer.provide(SignalWireClient.layerTransport({
          baseUrl: "http://127.0.0.1:1",
          projectId: nasty.projectId,
          apiToken: Redacted.make("t"),
          policy: { attemptTimeout: neverMillis, deadline: "1 day", maxRetries: 2, retryBudget: null }
        })),
        Layer.provide(Layer.succeed(Transport.Transport, always500)),
        Layer.orDie
      )
      yield* Effect.repeatN(Effect.exit(get), calls - 1).pipe(
        Effect.withClock(recordingClock(delays)),
        Logger.withMinimumLogLevel(LogLevel.None),
        Effect.provide(client)
      )
      assert.lengthOf(delays, calls * 2)
      const base = Duration.toMillis(RequestPolicy.defaults.baseDelay)
      for (const retry of [1, 2]) {
        const [from, to] = [0.5 * base * retry, base * retry]
        const sampled = delays.filter((_, index) => index % 2 === retry - 1)
        assert.isTrue(sampled.every(delay => delay >= from && delay <= to), `each within ${from} to ${to} ms`)
        assert.isBelow(Math.min(...sampled), from + (to - from) / 100)
        assert.isAbove(Math.max(...sampled), to - (to - from) / 100)
      }
    })
  )

  eachTransport(
    "1,000 calls at a server that always responds 500 send no more requests than the retry budget allows",
    transport =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([serverError])
        const client = clientOf(transport, target, { policy: { baseDelay: "10 millis" } }).pipe(Layer.orDie)
        const exits = yield* Effect.forEach(Array.from({ length: 1000 }), () => Effect.exit(get), { concurrency: 16 })
          .pipe(Effect.provide(client))
        assert.isTrue(exits.every(Exit.isFailure))
        yield* assertInvariant(exits)
        // 100 tokens at 5 for a retry
        assert.strictEqual(target.requests.length, 1000 + 20)
      })
  )

  eachTransport("the retry budget refills after an outage, and retries resume", transport =>
    Effect.gen(function*() {
      let isDown = true
      const target = yield* rawServer.make([request => (isDown ? serverError : ok)(request)])
      const countOf = (call: Effect.Effect<unknown, unknown, RoomSessions.RoomSessions>) =>
        Effect.suspend(() => {
          const before = target.requests.length
          return Effect.exit(call).pipe(Effect.map(() => target.requests.length - before))
        })
      yield* Effect.gen(function*() {
        yield* Effect.repeatN(Effect.exit(get), 19)
        assert.strictEqual(yield* countOf(get), 1, "no tokens are left")
        isDown = false
        yield* Effect.repeatN(get, 4)
        isDown = true
        assert.strictEqual(yield* countOf(get), 2, "five successes pay for one retry")
        assert.strictEqual(yield* countOf(get), 1)
      }).pipe(
        Effect.provide(clientOf(transport, target, { policy: { baseDelay: "10 millis" } })),
        Effect.orDie
      )
    }))

  cases("maxRetries: 0 makes one attempt, even after a reset", {
    reset: {
      scripts: [reset, ok],
      policy: { maxRetries: 0 },
      expected: { error: { _tag: "SignalWireTransportError", reason: "Reset", attempts: 1 }, requests: 1 }
    },
    "500": {
      scripts: [serverError, ok],
      policy: { maxRetries: 0 },
      expected: { error: { _tag: "SignalWireInternalServerError", attempts: 1 }, requests: 1 }
    },
    "no response": {
      scripts: [stall, ok],
      policy: { maxRetries: 0 },
      expected: {
        scale: timed,
        error: { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 1 },
        requests: 1,
        boundMillis: attemptMillis
      }
    }
  })

  eachTransport(
    "every attempt sends the same credentials, and its span has its number",
    transport =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([serverError, serverError, ok])
        const { spans, tracer } = yield* recordingTracer.make
        const exit = yield* Effect.exit(get).pipe(
          Effect.withTracer(tracer),
          Effect.provide(Layer.orDie(clientOf(transport, target)))
        )
        assert.strictEqual(String(errorOf(exit)), String(errorOf(Exit.void)), "the third attempt succeeds")
        yield* assertInvariant([exit])
        const pair = Buffer.from(`${nasty.projectId}:${Redacted.value(nasty.apiToken)}`).toString("base64")
        const credentials = target.requests.map(head => /^authorization: (.*)$/im.exec(head)?.[1])
        assert.deepStrictEqual(credentials, [`Basic ${pair}`, `Basic ${pair}`, `Basic ${pair}`])
        const attempts = spans.filter(span => span.kind === "client").map(span =>
          span.attributes.get("http.request.resend_count")
        )
        assert.deepStrictEqual(attempts, [undefined, 1, 2])
      })
  )
})
