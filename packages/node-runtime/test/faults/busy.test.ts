import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as lag from "./harness/lag.ts"
import * as rawServer from "./harness/rawServer.ts"
import { assertOutcome, call, row } from "./harness/row.ts"
import { broken, ok, stall } from "./harness/scripts.ts"
import { timed } from "./harness/transports.ts"

const block = (millis: number): void => {
  const start = performance.now()
  while (performance.now() - start < millis);
}

/** The event loop is blocked for 300 ms again and again, with 50 ms between: as if others had the processor. */
const stalls = Effect.forkScoped(Effect.forever(Effect.delay(Effect.sync(() => block(300)), "50 millis")))

describe("Beside busy processes", () => {
  row(116, transport =>
    Effect.gen(function*() {
      yield* stalls
      const recovers = yield* rawServer.make([broken, broken, ok])
      const success = yield* call(transport, recovers)
      assertOutcome(success, recovers.requests.length, { requests: 3 }, `over ${transport}`)
      const silent = yield* rawServer.make([stall])
      const failure = yield* call(transport, silent, { scale: timed })
      assertOutcome(failure, 0, { failure: { _tag: "SignalWireRequestTimeout", attempts: 3 } }, `over ${transport}`)
    }), { sequential: true })
})

describe("The lag of the event loop", () => {
  it.live("has the time in which the event loop was blocked, and is no excuse for more", () =>
    Effect.gen(function*() {
      const elapsed = yield* lag.during(Effect.sync(() => block(300)))
      assert.isAtLeast(elapsed.lagMillis, 280)
      lag.assertWithin(elapsed, 50, "blocked")
      assert.throws(() => lag.assertWithin({ ...elapsed, millis: elapsed.millis + 301 }, 50, "blocked"), /blocked/)
    }))

  it.live("is counted although the timer that measures it is due only later", () =>
    Effect.gen(function*() {
      const elapsed = yield* lag.during(
        Effect.zipRight(Effect.sleep("50 millis"), Effect.promise(async () => block(300)))
      )
      assert.isAtLeast(elapsed.lagMillis, 280)
    }))

  it.live("is no part of the time in which a call merely hangs", () =>
    Effect.gen(function*() {
      const elapsed = yield* lag.during(Effect.sleep("1 second"))
      assert.throws(() => lag.assertWithin(elapsed, 0, "hangs", 0), /hangs/)
    }))

  it.live("is not charged to what must become so", () =>
    Effect.gen(function*() {
      let isSo = false
      setTimeout(() => block(300), 5)
      setTimeout(() => (isSo = true), 100)
      assert.isTrue(yield* lag.becomes(() => isSo, 200))
      assert.isFalse(yield* lag.becomes(() => false, 50))
    }))
})
