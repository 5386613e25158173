/** What holds whatever happens: typed, in time, silent about secrets, and nothing left behind. */
import type { RoomSession, RoomSessions } from "@effect-signalwire/core"
import { assert } from "@effect/vitest"
import { Cause, Effect, Exit, Option } from "effect"
import process from "node:process"
import * as lag from "./lag.ts"
import * as recordingTracer from "./recordingTracer.ts"
import { nasty, type Secrets } from "./secrets.ts"
import * as sinks from "./sinks.ts"
import { isTyped, type Result } from "./typed.ts"

export interface Outcome extends lag.Elapsed {
  readonly exit: Result
}

/** The failure, which must be one of the error channel. */
export const failureOf = <A, E>(exit: Exit.Exit<A, E>): Option.Option<E> =>
  Exit.isSuccess(exit) ? Option.none() : Cause.failureOption(exit.cause)

export const assertTyped = (exit: Exit.Exit<unknown, unknown>): void =>
  assert.isTrue(isTyped(exit), `a session or one failure of this library, not ${String(exit)}`)

export const assertSilent = (secrets: Secrets, written: sinks.Written): void => {
  for (const [sink, text] of written) {
    for (const encoded of secrets.encodings) assert.isFalse(text.includes(encoded), `a secret in: ${sink}`)
  }
}

/**
 * Runs a call and holds its outcome to the invariant, as far as the call itself shows it.
 *
 * @param boundMillis by when it must be over, before the grace and the lag of the event loop
 */
export const observe = <R>(
  call: Effect.Effect<RoomSession.RoomSessionSummary, RoomSessions.GetError, R>,
  secrets: Secrets,
  boundMillis: number
): Effect.Effect<Outcome, never, R> =>
  Effect.gen(function*() {
    const { spans, tracer } = recordingTracer.make()
    const written: sinks.Written = new Map()
    const { value: exit, ...elapsed } = yield* call.pipe(
      Effect.exit,
      Effect.withTracer(tracer),
      sinks.captureLogs(written),
      lag.during
    )
    assertTyped(exit)
    lag.assertWithin(elapsed, boundMillis, "the call settles")
    yield* sinks.write(exit, spans, written)
    assertSilent(secrets, written)
    return { exit, ...elapsed }
  })

/**
 * The same for the outcomes of many calls at once: all of them are typed, and one of each kind is written everywhere.
 */
export const holdAll = (exits: ReadonlyArray<Outcome["exit"]>, secrets: Secrets = nasty): Effect.Effect<void> =>
  Effect.suspend(() => {
    for (const exit of exits) assertTyped(exit)
    const kinds = new Map(exits.map(exit => [Option.getOrUndefined(failureOf(exit))?._tag, exit]))
    return Effect.forEach(kinds.values(), exit => {
      const written: sinks.Written = new Map()
      return Effect.map(sinks.write(exit, [], written), () => assertSilent(secrets, written))
    }, { discard: true })
  })

/** What keeps a process alive, and who listens to it: counts by name. */
const resources = (): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  const add = (name: string, count = 1) => counts.set(name, (counts.get(name) ?? 0) + count)
  for (const name of process.getActiveResourcesInfo()) add(name)
  for (const event of process.eventNames()) add(`listeners of ${String(event)}`, process.listenerCount(event))
  return counts
}

/** Those that come and go with any work, or with the test runner's own. */
const passing = new Set(["Immediate", "TickObject", "MessagePort", "PipeWrap", "TTYWrap"])

const grown = (before: ReadonlyMap<string, number>): ReadonlyArray<string> =>
  [...resources()]
    .filter(([name, count]) => !passing.has(name) && count > (before.get(name) ?? 0))
    .map(([name, count]) => `${name}: ${before.get(name) ?? 0} before, ${count} after`)

/** How long it may take until what was closed is gone, in milliseconds in which the event loop is not late. */
const settleMillis = 2000

/** Fails when sockets, timers, listeners or unhandled rejections are left of an effect. */
export const leavesNothingBehind = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.gen(function*() {
    const before = resources()
    const unhandled: Array<unknown> = []
    const note = (reason: unknown) => void unhandled.push(reason)
    const result = yield* Effect.acquireRelease(
      Effect.sync(() => process.on("unhandledRejection", note).on("uncaughtExceptionMonitor", note)),
      () => Effect.sync(() => process.off("unhandledRejection", note).off("uncaughtExceptionMonitor", note))
    ).pipe(Effect.zipRight(effect), Effect.scoped)
    yield* lag.becomes(() => grown(before).length === 0, settleMillis)
    assert.deepStrictEqual(grown(before), [], "nothing is left behind")
    assert.deepStrictEqual(unhandled, [], "no rejection is unhandled")
    return result
  })
