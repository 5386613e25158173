/** Turns a row of the matrix into a test over every transport. */
import { type RequestPolicy, type RoomSession, RoomSessions } from "@effect-signalwire/core"
import type { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { assert, it } from "@effect/vitest"
import { Effect, Equal, Exit, Layer, Option, type Scope } from "effect"
import { inspect } from "node:util"
import * as invariant from "./invariant.ts"
import * as lag from "./lag.ts"
import * as matrix from "./matrix.ts"
import * as rawServer from "./rawServer.ts"
import * as secrets from "./secrets.ts"
import { sessionId } from "./session.ts"
import * as transports from "./transports.ts"

/** What a call is made against: a raw server, or any other that counts. */
export interface Target {
  readonly baseUrl: string
  readonly requests: ReadonlyArray<unknown>
  /** Connections that are open now, where that is known. */
  readonly open?: (() => number) | undefined
}

export interface CallOptions {
  /** Default `transports.patient`; a test that is about time says so by `transports.timed`. */
  readonly scale?: transports.Scale
  /** What differs from the policy of the scale. */
  readonly policy?: RequestPolicy.Options
  /** By when the call must be over, before the grace and the lag of the event loop; default the bound of the scale. */
  readonly boundMillis?: number
  readonly secrets?: secrets.Secrets
  readonly settings?: Partial<NodeSignalWire.Options>
  /** How many connections may be left when the layer is closed; default none, and one over fetch. */
  readonly left?: number
  /** What is done with the service; default one `get`. */
  readonly use?: (
    service: RoomSessions.Service,
    id: string
  ) => Effect.Effect<RoomSession.RoomSessionSummary, RoomSessions.GetError>
}

/** fetch keeps idle connections in a pool of the process, which no layer can close. */
const mayStayOpen: Readonly<Record<matrix.Transport, number>> = { undici: 0, "node:http": 0, fetch: 1 }

/** The client's layer over a transport, against a target. */
export const clientOf = (transport: matrix.Transport, target: Pick<Target, "baseUrl">, options: CallOptions = {}) => {
  const { apiToken, projectId } = options.secrets ?? secrets.nasty
  return transports.layers[transport]({
    projectId,
    apiToken,
    baseUrl: target.baseUrl,
    policy: { ...(options.scale ?? transports.patient).policy, ...options.policy },
    ...options.settings
  })
}

/** One call of a client of its own, held to the invariant; afterwards the target has no connection more. */
export const call = (
  transport: matrix.Transport,
  target: Target,
  options: CallOptions = {}
): Effect.Effect<invariant.Outcome> =>
  Effect.gen(function*() {
    const client = clientOf(transport, target, options).pipe(Layer.orDie)
    const outcome = yield* Effect.flatMap(RoomSessions.RoomSessions, service =>
      invariant.observe(
        options.use?.(service, sessionId) ?? service.get(sessionId),
        options.secrets ?? secrets.nasty,
        options.boundMillis ?? (options.scale ?? transports.patient).boundMillis
      )).pipe(Effect.provide(client))
    const isClosed = () => (target.open?.() ?? 0) <= (options.left ?? mayStayOpen[transport])
    assert.isTrue(yield* lag.becomes(isClosed, 1000), `connections are closed with the layer, over ${transport}`)
    return outcome
  })

/** What a call is expected to come to: the fields of its failure that matter, or a success. */
export interface Expected {
  /** Fields of the failure; a set of values where any of them will do. */
  readonly failure?: Readonly<Record<string, unknown>>
  /** Fields of the session, when it is a success. */
  readonly success?: Readonly<Record<string, unknown>>
  /** How many requests the target saw; from and to, when it may differ. */
  readonly requests?: number | readonly [from: number, to: number]
  /** Default `transports.patient`. */
  readonly scale?: transports.Scale
  /** By when the call must be over, when not by the bound of the scale. */
  readonly boundMillis?: number
  /** How many connections may be left when the layer is closed. */
  readonly left?: number
}

const isOneOf = (found: unknown, expected: unknown): boolean =>
  expected instanceof Set ? expected.has(found) : Equal.equals(found, expected)

const assertFields = (found: object, expected: Readonly<Record<string, unknown>>, where: string): void => {
  for (const [key, value] of Object.entries(expected)) {
    const actual: unknown = Reflect.get(found, key)
    if (isOneOf(actual, value)) continue
    assert.deepStrictEqual(actual, value instanceof Set ? [...value] : value, `${key} of ${inspect(found)}, ${where}`)
  }
}

export const assertOutcome = (
  outcome: invariant.Outcome,
  requests: number,
  expected: Expected,
  where: string
): void => {
  const failure = invariant.failureOf(outcome.exit)
  if (expected.failure !== undefined) {
    assert.isTrue(Option.isSome(failure), `a failure and not a success, ${where}`)
    assertFields(Option.getOrThrow(failure), expected.failure, where)
  } else {
    assert.strictEqual(String(Option.getOrUndefined(failure)), "undefined", `a success, ${where}`)
    if (Exit.isSuccess(outcome.exit)) assertFields(outcome.exit.value, expected.success ?? {}, where)
  }
  if (expected.requests === undefined) return
  const [from, to] = typeof expected.requests === "number" ? [expected.requests, expected.requests] : expected.requests
  assert.isTrue(requests >= from && requests <= to, `${requests} requests where ${from} to ${to} are due, ${where}`)
}

/** How long a row may take on any machine: a call that hangs is told by its bound before. */
export const timeoutMillis = 90_000

/** What a row does over one transport. */
export type Run = (transport: matrix.Transport) => Effect.Effect<void, never, Scope.Scope>

export interface RowOptions {
  /** One transport after the other, where they would disturb each other. */
  readonly sequential?: boolean
  /** Only these; every other one has an exception in the matrix that says why. */
  readonly only?: ReadonlyArray<matrix.Transport>
  /** In milliseconds. */
  readonly timeout?: number
}

/** The test of a row, over every transport; at its end nothing is left behind. */
export const row = (number: matrix.Number, run: Run, options: RowOptions = {}): void => {
  const { stimulus } = matrix.matrix[number]
  const chosen = options.only ?? transports.all
  const undeclared = transports.all.filter(name =>
    !chosen.includes(name) && matrix.exceptionOf(number, name) === undefined
  )
  it.live(
    `row ${number}: ${stimulus}`,
    () =>
      Effect.gen(function*() {
        assert.deepStrictEqual(undeclared, [], "the matrix says why a transport is left out")
        yield* invariant.leavesNothingBehind(
          Effect.forEach(chosen, transport => Effect.scoped(run(transport)), {
            concurrency: options.sequential === true ? 1 : "unbounded",
            discard: true
          })
        )
      }),
    options.timeout ?? timeoutMillis
  )
}

export interface Case {
  readonly scripts: rawServer.Scripts
  readonly expected: Expected
  /** Where a transport differs; the matrix says so as well. */
  readonly except?: Partial<Record<matrix.Transport, Expected>>
  readonly server?: rawServer.Options
  readonly policy?: RequestPolicy.Options
}

const runCase =
  (number: matrix.Number, name: string, { except, expected, policy, scripts, server }: Case): Run => transport =>
    Effect.gen(function*() {
      const target = yield* rawServer.make(scripts, server)
      const ours = except?.[transport] ?? expected
      const declared = ours === expected || matrix.exceptionOf(number, transport) !== undefined
      assert.isTrue(declared, "the matrix says where a transport differs")
      const outcome = yield* call(transport, target, {
        ...(policy === undefined ? {} : { policy }),
        ...(ours.scale === undefined ? {} : { scale: ours.scale }),
        ...(ours.left === undefined ? {} : { left: ours.left }),
        ...(ours.boundMillis === undefined ? {} : { boundMillis: ours.boundMillis })
      })
      assertOutcome(outcome, target.requests.length, ours, `${name} over ${transport}`)
    })

/** A row of which each case is one call against a raw server. */
export const cases = (number: matrix.Number, all: Readonly<Record<string, Case>>, options: RowOptions = {}): void =>
  row(
    number,
    transport =>
      Effect.forEach(Object.entries(all), ([name, one]) => Effect.scoped(runCase(number, name, one)(transport)), {
        concurrency: options.sequential === true ? 1 : 8,
        discard: true
      }),
    options
  )

/** A row that is one call against a raw server. */
export const against = (
  number: matrix.Number,
  scripts: rawServer.Scripts,
  expected: Expected,
  options: RowOptions & Omit<Case, "scripts" | "expected"> = {}
): void => cases(number, { "the call": { ...options, scripts, expected } }, options)
