import { assert, describe } from "@effect/vitest"
import { Clock, Effect } from "effect"
import * as rawServer from "./harness/rawServer.ts"
import { against, assertOutcome, call, row } from "./harness/row.ts"
import { broken, drip, head, ok, pause, send, sequence, stall } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import { attemptMillis, timed } from "./harness/transports.ts"

const typed = { "content-type": "application/json", "content-length": "900" }
const timedOut = {
  scale: timed,
  failure: { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 3 },
  requests: 3
}

/** A clock that is set forward or back by an hour on every look at it; its monotonic time goes on as ever. */
const withWallClockMoving = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.clockWith(clock => {
    let looks = 0
    const moved = () => Date.now() + (looks++ % 2 === 0 ? 3_600_000 : -3_600_000)
    const moving: Clock.Clock = {
      ...clock,
      [Clock.ClockTypeId]: Clock.ClockTypeId,
      unsafeCurrentTimeMillis: moved,
      unsafeCurrentTimeNanos: () => clock.unsafeCurrentTimeNanos(),
      currentTimeMillis: Effect.sync(moved),
      currentTimeNanos: clock.currentTimeNanos,
      // compared by the client, which asks a clock of its own to sleep otherwise
      // oxlint-disable-next-line typescript/unbound-method
      sleep: clock.sleep
    }
    return Effect.withClock(effect, moving)
  })

const block = (millis: number): void => {
  const start = performance.now()
  while (performance.now() - start < millis);
}

/** Blocks the event loop for a second as soon as the request is there. */
const blocking: rawServer.Script = () => Effect.sync(() => block(1000))

describe("Time", () => {
  against(54, [sequence(send(head(200, typed), session().slice(0, 10)), stall)], timedOut)

  against(55, [sequence(send(head(200, typed)), drip(session(), 200))], timedOut)

  against(56, [sequence(send(head(400, typed), "{\"error\":"), stall)], {
    scale: timed,
    failure: { _tag: "SignalWireBadRequest", attempts: 1, details: [] },
    requests: 1,
    boundMillis: attemptMillis
  })

  against(57, [sequence(pause(450), broken)], {
    failure: { _tag: new Set(["SignalWireRequestTimeout", "SignalWireInternalServerError"]) },
    requests: [3, 5],
    boundMillis: 2000
  }, { policy: { deadline: "2 seconds", maxRetries: 10, baseDelay: "10 millis", maxDelay: "10 millis" } })

  row(58, transport =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([broken])
      const outcome = yield* call(transport, server, {
        policy: { baseDelay: "1 hour", maxDelay: "1 hour" },
        boundMillis: 250
      })
      assertOutcome(
        outcome,
        server.requests.length,
        { failure: { _tag: "SignalWireInternalServerError", attempts: 1 }, requests: 1 },
        transport
      )
    }))

  row(59, transport =>
    withWallClockMoving(Effect.gen(function*() {
      const silent = yield* rawServer.make([stall])
      const late = yield* rawServer.make([sequence(pause(300), broken), ok])
      const timeout = yield* call(transport, silent, { scale: timed })
      assertOutcome(timeout, silent.requests.length, timedOut, transport)
      assert.isAtLeast(timeout.millis, 1500, "no attempt is cut short")
      const outcome = yield* call(transport, late)
      assertOutcome(outcome, late.requests.length, { requests: 2 }, transport)
    })))

  row(60, transport =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([sequence(blocking, stall)])
      let settled = 0
      const outcome = yield* call(transport, server, {
        scale: timed,
        policy: { maxRetries: 0 },
        // the second in which the event loop was blocked is lag
        boundMillis: attemptMillis,
        use: ({ get }, id) => Effect.onExit(get(id), () => Effect.sync(() => void settled++))
      })
      assertOutcome(
        outcome,
        server.requests.length,
        { failure: { _tag: "SignalWireRequestTimeout", attempts: 1 }, requests: 1 },
        transport
      )
      assert.isAtLeast(outcome.millis, 1000, "the event loop was blocked meanwhile")
      assert.strictEqual(settled, 1)
    }), { sequential: true })
})
