import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Option } from "effect"
import * as transports from "./support/transports.ts"
import { shortestWaits, within } from "./support/within.ts"

const seconds = (count: number) => count * 1000

const policy = { attemptTimeout: "10 seconds", deadline: "1 minute", maxRetries: 0 } as const

/** How a call ended that waited for its connection, in seconds. */
const endOf = (replies: readonly [transports.Reply, ...ReadonlyArray<transports.Reply>], retries = 0) =>
  Effect.gen(function*() {
    const transport = transports.overTransport(...replies)
    const exit = yield* transports.getOver(transport, { policy: { ...policy, maxRetries: retries } }).pipe(
      Effect.exit,
      shortestWaits,
      within("2 minutes")
    )
    if (Exit.isSuccess(exit)) return { session: true, requests: transport.requests.length }
    const error = Option.getOrThrow(Cause.failureOption(exit.cause))
    return error._tag === "SignalWireRequestTimeout"
      ? {
        phase: error.phase,
        elapsed: Duration.toSeconds(error.elapsed),
        requestsSent: error.requestsSent,
        attempts: error.attempts
      }
      : error
  })

const timedOut = (phase: "attempt" | "deadline", elapsed: number, requestsSent: number) => ({
  phase,
  elapsed,
  requestsSent,
  attempts: 1
})

describe("the time of an attempt", () => {
  it.effect.each([0, 3, 9, 10, 15, 25, 35])(
    "begins when there is a connection, after %d s",
    queued =>
      Effect.gen(function*() {
        assert.deepStrictEqual(
          yield* endOf([{ queued: seconds(queued), after: Infinity }]),
          timedOut("attempt", queued + 10, 1)
        )
      })
  )

  it.effect("is no longer than the deadline leaves", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* endOf([{ queued: seconds(55), after: Infinity }]), timedOut("deadline", 60, 1))
    }))

  it.effect("does not begin without a connection: only the deadline ends the call", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* endOf([{ queued: Infinity }]), timedOut("deadline", 60, 0))
    }))

  it.effect("does not begin again with a connection that replaces a dead one", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* endOf([{ ...transports.ok, after: seconds(6), replaced: true }]),
        timedOut("attempt", 10, 2)
      )
    }))

  it.effect("is followed by a retry, also when the call had waited for longer than that", () =>
    Effect.gen(function*() {
      const found = yield* endOf([{ queued: seconds(15), after: Infinity }, transports.ok], 2)
      assert.deepStrictEqual(found, { session: true, requests: 2 })
    }))
})
