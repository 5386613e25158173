/** A test of which each case is a 503 with a `Retry-After`, and the delay of the retry. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { call } from "./call.ts"
import { assertResult, type Expected } from "./expected.ts"
import { eachTransport } from "./faultTest.ts"
import * as lag from "./lag.ts"
import type { Sentence } from "./matrix.ts"
import type { TransportName } from "./matrix/fault.ts"
import * as rawServer from "./rawServer.ts"
import { json, ok } from "./scripts.ts"

type Headers = Readonly<Record<string, string | ReadonlyArray<string>>>

export const unavailable = (headers: Headers) => json(503, "{}", headers)

/** The time between two requests, in milliseconds. */
interface Delay {
  readonly from: number
  readonly to: number
}

/** Without a `Retry-After`: from half of the first backoff, and well below a second. */
export const backoff: Delay = { from: 50, to: 900 }

interface Retried {
  readonly headers: () => Headers
  readonly delay: Delay
  readonly except?: Partial<Record<TransportName, Delay>>
}

interface NotRetried {
  readonly headers: () => Headers
  readonly error: NonNullable<Expected["error"]>
}

export const retryAfterCases = (
  sentence: Sentence,
  cases: Readonly<Record<string, Retried | NotRetried>>
): void =>
  eachTransport(sentence, transport =>
    Effect.forEach(
      Object.entries(cases),
      ([name, one]) =>
        Effect.scoped(Effect.gen(function*() {
          const where = `${name} over ${transport}`
          const server = yield* rawServer.make([unavailable(one.headers()), ok])
          const result = yield* call(transport, server)
          if ("error" in one) {
            assertResult(result, server.requests.length, { error: one.error, requests: 1 }, where)
            return
          }
          assertResult(result, server.requests.length, { requests: 2 }, where)
          const [first = 0, second = 0] = server.times
          const delay = one.except?.[transport] ?? one.delay
          assert.isAtLeast(second - first, delay.from, where)
          lag.assertWithin({ millis: second - first, lagMillis: result.lagMillis }, delay.to, where, 0)
        })),
      { concurrency: "unbounded", discard: true }
    ))
