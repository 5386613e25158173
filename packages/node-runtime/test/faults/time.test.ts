import { assert, describe } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { call } from "./harness/call.ts"
import { assertResult } from "./harness/expected.ts"
import { eachTransport, oneCase } from "./harness/faultTest.ts"
import * as lag from "./harness/lag.ts"
import * as rawServer from "./harness/rawServer.ts"
import { drip, head, ok, pause, send, sequence, serverError, stall } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import { attemptMillis, timed } from "./harness/transports.ts"

const typed = { "content-type": "application/json", "content-length": "900" }
const timedOut = {
  scale: timed,
  error: { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 3 },
  requests: 3
}

/** A wall clock that is alternately an hour fast and slow; the monotonic time is right. */
const withWallClockMoving = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.clockWith(clock => {
    let readings = 0
    const moved = () => Date.now() + (readings++ % 2 === 0 ? 3_600_000 : -3_600_000)
    const moving: Clock.Clock = {
      ...clock,
      [Clock.ClockTypeId]: Clock.ClockTypeId,
      unsafeCurrentTimeMillis: moved,
      unsafeCurrentTimeNanos: () => clock.unsafeCurrentTimeNanos(),
      currentTimeMillis: Effect.sync(moved),
      currentTimeNanos: clock.currentTimeNanos,
      // the client sets its own timers only where `sleep` is that of the default clock
      // oxlint-disable-next-line typescript/unbound-method
      sleep: clock.sleep
    }
    return Effect.withClock(effect, moving)
  })

/** Blocks the event loop for a second as soon as the request is received. */
const blocking: rawServer.Script = () => Effect.sync(() => lag.block(1000))

describe("Time", () => {
  oneCase("a body that stalls after 10 bytes is RequestTimeout", [
    sequence(send(head(200, typed), session().slice(0, 10)), stall)
  ], timedOut)

  oneCase(
    "a body of one byte every 200 ms is RequestTimeout",
    [sequence(send(head(200, typed)), drip(session(), 200))],
    timedOut
  )

  oneCase("a 400 whose body stalls is BadRequest within the attempt timeout", [
    sequence(send(head(400, typed), "{\"error\":"), stall)
  ], {
    error: { _tag: "SignalWireBadRequest", attempts: 1, details: [] },
    requests: 1,
    // the second for an error body
    boundMillis: 1000
  })

  oneCase("the deadline ends a call that has attempts left", [sequence(pause(450), serverError)], {
    error: { _tag: new Set(["SignalWireRequestTimeout", "SignalWireInternalServerError"]) },
    requests: [3, 5],
    boundMillis: 2000
  }, { policy: { deadline: "2 seconds", maxRetries: 10, baseDelay: "10 millis", maxDelay: "10 millis" } })

  eachTransport("a backoff beyond the deadline fails at once, without a sleep", transport =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([serverError])
      const result = yield* call(transport, server, {
        policy: { baseDelay: "1 hour", maxDelay: "1 hour" },
        boundMillis: 250
      })
      assertResult(
        result,
        server.requests.length,
        { error: { _tag: "SignalWireInternalServerError", attempts: 1 }, requests: 1 },
        transport
      )
    }))

  eachTransport(
    "a wall clock that moves by an hour during the call changes no bound",
    transport =>
      withWallClockMoving(Effect.gen(function*() {
        const unresponsive = yield* rawServer.make([stall])
        const late = yield* rawServer.make([sequence(pause(300), serverError), ok])
        const timeout = yield* call(transport, unresponsive, { scale: timed })
        assertResult(timeout, unresponsive.requests.length, timedOut, transport)
        assert.isAtLeast(timeout.millis, 1500, "no attempt is cut short")
        const result = yield* call(transport, late)
        assertResult(result, late.requests.length, { requests: 2 }, transport)
      }))
  )

  eachTransport(
    "an event loop that is blocked for 1 s is one timeout, and the call settles once",
    transport =>
      Effect.gen(function*() {
        const server = yield* rawServer.make([sequence(blocking, stall)])
        let settled = 0
        const result = yield* call(transport, server, {
          scale: timed,
          policy: { maxRetries: 0 },
          // the second in which the event loop was blocked is lag
          boundMillis: attemptMillis,
          use: ({ get }, id) => Effect.onExit(get(id), () => Effect.sync(() => void settled++))
        })
        assertResult(
          result,
          server.requests.length,
          { error: { _tag: "SignalWireRequestTimeout", attempts: 1 }, requests: 1 },
          transport
        )
        assert.isAtLeast(result.millis, 1000, "the event loop was blocked meanwhile")
        assert.strictEqual(settled, 1)
      }),
    { sequential: true }
  )
})
