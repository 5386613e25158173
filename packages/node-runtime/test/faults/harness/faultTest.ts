/** Makes a fault of the matrix a test, with its sentence and number as the title. */
import type { RequestPolicy } from "@effect-signalwire/core"
import { assert, it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import { call } from "./call.ts"
import { assertResult, type Expected } from "./expected.ts"
import { assertNoSecretsInMetrics } from "./invariant.ts"
import { assertNoLeaks } from "./leaks.ts"
import * as matrix from "./matrix.ts"
import type { TransportName } from "./matrix/fault.ts"
import * as rawServer from "./rawServer.ts"
import * as transports from "./transports.ts"

/** The limit of a test on any machine; a call that hangs fails earlier, by its bound. */
const timeoutMillis = 90_000

/** What a test does over one transport. */
export type Run = (transport: TransportName) => Effect.Effect<void, never, Scope.Scope>

export interface TestOptions {
  /** The transports in sequence, where they would disturb each other. */
  readonly sequential?: boolean
  /** Only these; every other one has an exception in the matrix that says why. */
  readonly only?: ReadonlyArray<TransportName>
}

/** Runs a test, which leaves no resources in the process, and no secrets in its metrics. */
const checked = (test: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.zipRight(assertNoLeaks(test), Effect.sync(assertNoSecretsInMetrics))

/** One test over every transport, which leaves no resources in the process. */
export const eachTransport = (sentence: matrix.Sentence, run: Run, options: TestOptions = {}): void => {
  const chosen = options.only ?? transports.all
  const undeclared = transports.all.filter(name =>
    !chosen.includes(name) && matrix.exceptionOf(sentence, name) === undefined
  )
  it.live(
    matrix.titleOf(sentence),
    () =>
      Effect.gen(function*() {
        assert.deepStrictEqual(undeclared, [], "the matrix says why a transport is left out")
        yield* checked(
          Effect.forEach(chosen, transport => Effect.scoped(run(transport)), {
            concurrency: options.sequential === true ? 1 : "unbounded",
            discard: true
          })
        )
      }),
    timeoutMillis
  )
}

/** One test without a choice of transport, which leaves no resources in the process. */
export const once = (sentence: matrix.Sentence, test: Effect.Effect<void, never, Scope.Scope>): void =>
  it.live(matrix.titleOf(sentence), () => checked(Effect.scoped(test)), timeoutMillis)

/** One call against a raw server. */
export interface Case {
  readonly scripts: rawServer.Scripts
  readonly expected: Expected
  /** Where a transport differs; the matrix says so as well. */
  readonly except?: Partial<Record<TransportName, Expected>>
  readonly server?: rawServer.Options
  readonly policy?: RequestPolicy.Options
}

const runCase = (
  sentence: matrix.Sentence,
  name: string,
  { except, expected, policy, scripts, server }: Case
): Run =>
transport =>
  Effect.gen(function*() {
    const target = yield* rawServer.make(scripts, server)
    const ours = except?.[transport] ?? expected
    const isDeclared = ours === expected || matrix.exceptionOf(sentence, transport) !== undefined
    assert.isTrue(isDeclared, "the matrix says where a transport differs")
    const result = yield* call(transport, target, {
      ...(policy === undefined ? {} : { policy }),
      ...(ours.scale === undefined ? {} : { scale: ours.scale }),
      ...(ours.mayStayOpen === undefined ? {} : { mayStayOpen: ours.mayStayOpen }),
      ...(ours.boundMillis === undefined ? {} : { boundMillis: ours.boundMillis })
    })
    assertResult(result, target.requests.length, ours, `${name} over ${transport}`)
  })

/** A test of several cases, over every transport. */
export const cases = (
  sentence: matrix.Sentence,
  all: Readonly<Record<string, Case>>,
  options: TestOptions = {}
): void =>
  eachTransport(
    sentence,
    transport =>
      Effect.forEach(Object.entries(all), ([name, one]) => Effect.scoped(runCase(sentence, name, one)(transport)), {
        concurrency: options.sequential === true ? 1 : 8,
        discard: true
      }),
    options
  )

/** A test of one case, over every transport. */
export const oneCase = (
  sentence: matrix.Sentence,
  scripts: rawServer.Scripts,
  expected: Expected,
  options: TestOptions & Omit<Case, "scripts" | "expected"> = {}
): void => cases(sentence, { "the call": { ...options, scripts, expected } }, options)
