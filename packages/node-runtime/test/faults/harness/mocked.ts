/** Rows of which each case is one call against a server of mockttp. */
import { Effect } from "effect"
import type { Number } from "./matrix.ts"
import * as mockServer from "./mockServer.ts"
import { assertOutcome, call, type Expected, row } from "./row.ts"

export interface MockedCase {
  readonly replies: readonly [mockServer.Reply, ...ReadonlyArray<mockServer.Reply>]
  readonly expected: Expected
}

export const mocked = (number: Number, cases: Readonly<Record<string, MockedCase>>): void =>
  row(number, transport =>
    Effect.flatMap(mockServer.make, server =>
      Effect.forEach(
        Object.entries(cases),
        ([name, { expected, replies }], index) =>
          Effect.gen(function*() {
            const target = yield* server.serve(`case-${index}`, replies)
            const outcome = yield* call(transport, target)
            assertOutcome(outcome, target.requests.length, expected, `${name} over ${transport}`)
          }),
        { concurrency: 4, discard: true }
      )))
