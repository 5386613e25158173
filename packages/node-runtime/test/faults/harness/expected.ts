/** What a call is expected to result in. */
import { assert } from "@effect/vitest"
import { Equal, Exit, Option } from "effect"
import { inspect } from "node:util"
import { errorOf } from "./callExit.ts"
import type { CallResult } from "./invariant.ts"
import * as transports from "./transports.ts"

export interface Expected {
  /** Fields of the error; a `Set` where any of its values will do. Left out where a session is expected. */
  readonly error?: Readonly<Record<string, unknown>>
  /** Fields of the session. */
  readonly session?: Readonly<Record<string, unknown>>
  /** How many requests the target received; from and to, where it may differ. */
  readonly requests?: number | readonly [from: number, to: number]
  /** Default `transports.patient`. */
  readonly scale?: transports.Scale
  /** By when the call must settle, where not by the bound of the scale. */
  readonly boundMillis?: number
  /** How much CPU time of this process the call may take, in milliseconds, where the fault is about work. */
  readonly cpuMillis?: number
  /** How many connections may stay open when the layer is closed. */
  readonly mayStayOpen?: number
}

const isOneOf = (found: unknown, expected: unknown): boolean =>
  expected instanceof Set ? expected.has(found) : Equal.equals(found, expected)

const assertFields = (found: object, expected: Readonly<Record<string, unknown>>, where: string): void => {
  for (const [key, value] of Object.entries(expected)) {
    const actual: unknown = Reflect.get(found, key)
    if (isOneOf(actual, value)) continue
    assert.deepStrictEqual(actual, value instanceof Set ? [...value] : value, `${where}: ${key} of ${inspect(found)}`)
  }
}

/** On a machine this late, a short attempt can end before its request has reached the server. */
const isLate = ({ lagMillis }: CallResult, { scale }: Expected): boolean =>
  scale === transports.timed && lagMillis > transports.attemptMillis / 5

/** Fails where a result is not as expected; `where` names the case and the transport. */
export const assertResult = (
  result: CallResult,
  requests: number,
  expected: Expected,
  where: string
): void => {
  const error = errorOf(result.exit)
  if (expected.error !== undefined) {
    assert.isTrue(Option.isSome(error), `${where}: an error and not a session`)
    assertFields(Option.getOrThrow(error), expected.error, where)
  } else {
    assert.strictEqual(String(Option.getOrUndefined(error)), "undefined", `${where}: a session`)
    if (Exit.isSuccess(result.exit)) assertFields(result.exit.value, expected.session ?? {}, where)
  }
  if (expected.cpuMillis !== undefined) assert.isAtMost(result.cpuMillis, expected.cpuMillis, `${where}: CPU time`)
  if (expected.requests === undefined) return
  const [from, to] = typeof expected.requests === "number" ? [expected.requests, expected.requests] : expected.requests
  assert.isTrue(
    requests >= (isLate(result, expected) ? 0 : from) && requests <= to,
    `${where}: ${requests} requests instead of ${from} to ${to}`
  )
}
