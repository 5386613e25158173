/** Runs every check and reports to the harness. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { Check, Subject } from "./Check.ts"
import type { Observation, Report, Result } from "./Report.ts"
import { connect } from "./Target.ts"
import { checks, mayOverlap } from "./checks.ts"

const orDefect = Effect.catchAllCause((cause: Cause.Cause<never>) =>
  Effect.succeed<Observation>({ defect: Cause.pretty(cause) })
)

const runAll = (harness: string, subject: Subject): Effect.Effect<ReadonlyArray<Result>> =>
  Effect.gen(function*() {
    const target = yield* connect(harness)
    const observe = ([name, check]: readonly [string, Check]): Effect.Effect<Result> =>
      Effect.suspend(() => check(target, subject)).pipe(orDefect, Effect.map(observed => ({ name, observed })))
    const all = Object.entries(checks)
    const overlapping = all.filter(([name]) => mayOverlap.has(name))
    const others = all.filter(([name]) => !mayOverlap.has(name))
    const results = yield* Effect.all([
      Effect.forEach(overlapping, observe, { concurrency: "unbounded" }),
      Effect.forEach(others, observe)
    ], { concurrency: "unbounded" })
    return results.flat()
  })

export const run = async (harness: string, subject: Subject, runtime: string): Promise<void> => {
  const report: Report = { runtime, results: await Effect.runPromise(runAll(harness, subject)) }
  const response = await fetch(`${harness}/report`, { method: "POST", body: JSON.stringify(report) })
  await response.text()
}
