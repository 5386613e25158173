/** A test of which each case is one call against a server of mockttp. */
import { Effect } from "effect"
import { call } from "./call.ts"
import { assertResult, type Expected } from "./expected.ts"
import { eachTransport } from "./faultTest.ts"
import type { Sentence } from "./matrix.ts"
import * as mockServer from "./mockServer.ts"

export interface MockedCase {
  readonly responses: mockServer.MockResponses
  readonly expected: Expected
}

export const mockedCases = (sentence: Sentence, cases: Readonly<Record<string, MockedCase>>): void =>
  eachTransport(sentence, transport =>
    Effect.flatMap(mockServer.make, server =>
      Effect.forEach(
        Object.entries(cases),
        ([name, { expected, responses }], index) =>
          Effect.gen(function*() {
            const target = yield* server.serve(`case-${index}`, responses)
            const result = yield* call(transport, target)
            assertResult(result, target.requests.length, expected, `${name} over ${transport}`)
          }),
        { concurrency: 4, discard: true }
      )))
