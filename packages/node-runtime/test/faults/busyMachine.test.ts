import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { call } from "./harness/call.ts"
import { assertResult } from "./harness/expected.ts"
import { eachTransport } from "./harness/faultTest.ts"
import * as lag from "./harness/lag.ts"
import * as rawServer from "./harness/rawServer.ts"
import { ok, serverError, stall } from "./harness/scripts.ts"
import { timed } from "./harness/transports.ts"

/** Blocks the event loop for 300 ms every 50 ms, as other processes on the same core do. */
const blockRepeatedly = Effect.forkScoped(Effect.forever(Effect.delay(Effect.sync(() => lag.block(300)), "50 millis")))

describe("Tenants and runtimes", () => {
  eachTransport(
    "bounds hold on a busy machine, measured against the lag of the event loop",
    transport =>
      Effect.gen(function*() {
        yield* blockRepeatedly
        const recovers = yield* rawServer.make([serverError, serverError, ok])
        const succeeded = yield* call(transport, recovers)
        assertResult(succeeded, recovers.requests.length, { requests: 3 }, `over ${transport}`)
        const unresponsive = yield* rawServer.make([stall])
        const timedOut = yield* call(transport, unresponsive, { scale: timed })
        assertResult(timedOut, 0, { error: { _tag: "SignalWireRequestTimeout", attempts: 3 } }, `over ${transport}`)
      }),
    { sequential: true }
  )
})

describe("The lag of the event loop", () => {
  it.live("the lag is the time in which the event loop was blocked, and a bound allows for no more", () =>
    Effect.gen(function*() {
      const elapsed = yield* lag.during(Effect.sync(() => lag.block(300)))
      assert.isAtLeast(elapsed.lagMillis, 280)
      lag.assertWithin(elapsed, 50, "blocked")
      assert.throws(() => lag.assertWithin({ ...elapsed, millis: elapsed.millis + 301 }, 50, "blocked"), /blocked/)
    }))

  it.live("the lag includes a delay that has not ended when it is read", () =>
    Effect.gen(function*() {
      const elapsed = yield* lag.during(
        Effect.zipRight(Effect.sleep("50 millis"), Effect.promise(async () => lag.block(300)))
      )
      assert.isAtLeast(elapsed.lagMillis, 280)
    }))

  it.live("the lag does not include the time in which a call hangs", () =>
    Effect.gen(function*() {
      const elapsed = yield* lag.during(Effect.sleep("1 second"))
      assert.throws(() => lag.assertWithin(elapsed, 0, "hangs", 0), /hangs/)
    }))

  it.live("the lag does not count against the time in which a condition must hold", () =>
    Effect.gen(function*() {
      let holds = false
      setTimeout(() => lag.block(300), 5)
      setTimeout(() => (holds = true), 100)
      assert.isTrue(yield* lag.becomes(() => holds, 200))
      assert.isFalse(yield* lag.becomes(() => false, 50))
    }))
})
