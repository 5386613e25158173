/** Reports fields that could not be decoded and are null instead: to the log, to a metric and to the application. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { returnToThisContext } from "../inThisContext.ts"
import type { Call } from "../request/call.ts"
import { leftMillis } from "../request/progress.ts"
import { sleepUnless } from "../request/timer.ts"
import type { Difference } from "./difference.ts"

/** A field of one response that could not be decoded and is null instead. */
export interface Drift {
  /** The name of the operation, such as `RoomSessions.get`. */
  readonly operation: string
  /** The parameters of the call, such as `{ id: "..." }`. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** The path of the field in the body, such as `duration`. An index of an array and a key of a record are `*`. */
  readonly path: string
  /** A description of the accepted values, such as "a whole number of seconds, at least 0, or null". */
  readonly expected: string
  /** The number of values of the response that are null for this reason: more than one in an array or a record. */
  readonly count: number
  /** The id that identifies the request to the vendor's support; missing where none was sent. */
  readonly requestId?: string
}

/** Groups the differences of one response by path, with the elements of an array as one, so that only the schema limits their number. */
export const group = (
  differences: ReadonlyArray<Difference>,
  context: Pick<Drift, "operation" | "parameters" | "requestId">
): ReadonlyArray<Drift> => {
  const drifts = new Map<string, Drift>()
  for (const { expected, path } of differences) {
    const template = path.replace(/(^|\.)\d+(?=\.|$)/g, "$1*")
    drifts.set(template, { ...context, path: template, expected, count: (drifts.get(template)?.count ?? 0) + 1 })
  }
  return [...drifts.values()]
}

export type OnDrift = (drift: Drift) => Effect.Effect<void>

/**
 * Runs the application's `onDrift` until the deadline of the call. A defect, an interruption or an endless effect does not change
 * the result of the call. It runs in a fiber of its own, since it may be uninterruptible.
 */
const runUntilDeadline = (report: Effect.Effect<void>, call: Call): Effect.Effect<void> =>
  Effect.suspend(() => {
    const inContext = returnToThisContext()
    return Effect.flatMap(
      Effect.forkDaemon(Effect.interruptible(report)),
      fiber =>
        sleepUnless(Effect.asVoid(Fiber.await(fiber)), Math.max(0, leftMillis(call)), call).pipe(
          Effect.flatMap(hasEnded => hasEnded ? Fiber.await(fiber) : Effect.succeed(Exit.void)),
          Effect.tap(exit => Exit.isFailure(exit) ? Effect.logWarning("onDrift failed", exit.cause) : Effect.void),
          Effect.ensuring(Fiber.interruptFork(fiber)),
          Effect.zipRight(inContext)
        )
    )
  })

const log = (drift: Drift): Effect.Effect<void> =>
  Effect.annotateLogs(
    Effect.logWarning(
      `${drift.operation}: ${drift.path} is not as documented and is null${
        drift.count === 1 ? "" : ` (${drift.count} times)`
      }: expected ${drift.expected}`
    ),
    { ...drift.parameters, ...(drift.requestId === undefined ? {} : { requestId: drift.requestId }) }
  )

/** Reports the drifts of a call, until its deadline. */
export const report = (call: Call): Effect.Effect<void> => {
  const { compiled: { client: { onDrift }, metrics }, drifts } = call
  for (const { count, path } of drifts) metrics?.drifted(call, path, count)
  return Effect.zipRight(
    Effect.forEach(drifts, log, { discard: true }),
    onDrift === undefined
      ? Effect.void
      : runUntilDeadline(
        Effect.forEach(drifts, drift => Effect.suspend(() => onDrift(drift)), {
          concurrency: "unbounded",
          discard: true
        }),
        call
      )
  )
}
