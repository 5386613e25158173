/** Rows about what a `Retry-After` leads to. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import * as lag from "./lag.ts"
import type { Number, Transport } from "./matrix.ts"
import * as rawServer from "./rawServer.ts"
import { assertOutcome, call, type Expected, row } from "./row.ts"
import { json, ok } from "./scripts.ts"

export const unavailable = (headers: Readonly<Record<string, string | ReadonlyArray<string>>>) =>
  json(503, "{}", headers)

/** Gaps between requests that a `Retry-After` may lead to, in milliseconds. */
interface Gap {
  readonly from: number
  readonly to: number
}

/** What is waited without a `Retry-After`: from half of the first backoff, and well below a second. */
export const backoff: Gap = { from: 50, to: 900 }

/** A server that is unavailable once; how long the client waits then. */
export const waits = (
  number: Number,
  all: Readonly<
    Record<
      string,
      & { readonly headers: () => Readonly<Record<string, string | ReadonlyArray<string>>> }
      & (
        | { readonly gap: Gap; readonly except?: Partial<Record<Transport, Gap>> }
        | { readonly failure: Expected["failure"] }
      )
    >
  >
): void =>
  row(number, transport =>
    Effect.forEach(
      Object.entries(all),
      ([name, one]) =>
        Effect.scoped(Effect.gen(function*() {
          const where = `${name} over ${transport}`
          const server = yield* rawServer.make([unavailable(one.headers()), ok])
          const outcome = yield* call(transport, server)
          if ("failure" in one) {
            assertOutcome(outcome, server.requests.length, { failure: one.failure ?? {}, requests: 1 }, where)
            return
          }
          assertOutcome(outcome, server.requests.length, { requests: 2 }, where)
          const [first = 0, second = 0] = server.times
          const gap = one.except?.[transport] ?? one.gap
          assert.isAtLeast(second - first, gap.from, where)
          lag.assertWithin({ millis: second - first, lagMillis: outcome.lagMillis }, gap.to, where, 0)
        })),
      { concurrency: "unbounded", discard: true }
    ))
