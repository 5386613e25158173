/** What holds for every call: it settles in time, with a session or a typed error, and shows no secret. */
import type { RoomSession, SignalWireError } from "@effect-signalwire/core"
import { assert } from "@effect/vitest"
import { Effect, type Exit, Option } from "effect"
import { type CallExit, errorOf, isSuccessOrError } from "./callExit.ts"
import * as lag from "./lag.ts"
import * as outputs from "./outputs.ts"
import * as recordingTracer from "./recordingTracer.ts"
import { nasty, type Secrets } from "./secrets.ts"

export interface CallResult extends lag.ElapsedWithCpu {
  readonly exit: CallExit
}

export const assertSuccessOrError = (exit: Exit.Exit<unknown, unknown>): void =>
  assert.isTrue(isSuccessOrError(exit), `a session or one error of this library, not ${String(exit)}`)

export const assertNoSecrets = (secrets: Secrets, written: outputs.Written): void => {
  for (const [output, text] of written) {
    // an assertion for each encoding of each output costs more than the calls
    if (secrets.encodings.some(encoded => text.includes(encoded))) assert.fail(`a secret in: ${output}`)
  }
}

/** The secrets of all calls of this process. */
const used = new Set<Secrets>([nasty])

/** Fails where a metric of this process shows a secret of a call; for the end of a test, since there are thousands of metrics. */
export const assertNoSecretsInMetrics = (): void => {
  const written: outputs.Written = new Map([["metrics", outputs.newMetrics()]])
  for (const secrets of used) assertNoSecrets(secrets, written)
}

/**
 * Runs a call and asserts the invariant, as far as the call itself shows it.
 *
 * @param boundMillis by when it must settle, before the grace and the lag of the event loop
 */
export const observe = <R>(
  call: Effect.Effect<RoomSession.RoomSessionSummary, SignalWireError.SignalWireError, R>,
  secrets: Secrets,
  boundMillis: number
): Effect.Effect<CallResult, never, R> =>
  Effect.gen(function*() {
    used.add(secrets)
    const { spans, tracer } = yield* recordingTracer.make
    const written: outputs.Written = new Map()
    const { value: exit, ...elapsed } = yield* call.pipe(
      Effect.exit,
      Effect.withTracer(tracer),
      outputs.captureLogs(written),
      lag.during
    )
    assertSuccessOrError(exit)
    lag.assertWithin(elapsed, boundMillis, "the call settles")
    yield* outputs.write(exit, spans, written)
    assertNoSecrets(secrets, written)
    return { exit, ...elapsed }
  })

/** The same for the exits of many concurrent calls: all are typed, and one of each kind is written to every output. */
export const assertInvariant = (exits: ReadonlyArray<CallExit>, secrets: Secrets = nasty): Effect.Effect<void> =>
  Effect.suspend(() => {
    used.add(secrets)
    for (const exit of exits) assertSuccessOrError(exit)
    const kinds = new Map(exits.map(exit => [Option.getOrUndefined(errorOf(exit))?._tag, exit]))
    return Effect.forEach(kinds.values(), exit => {
      const written: outputs.Written = new Map()
      return Effect.map(outputs.write(exit, [], written), () => assertNoSecrets(secrets, written))
    }, { discard: true })
  })
