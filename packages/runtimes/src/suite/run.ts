/** Runs every check, one after another, and reports to the harness. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { Subject } from "./Check.ts"
import type { Observation, Report, Result } from "./Report.ts"
import { connect } from "./Target.ts"
import { checks } from "./checks.ts"

const orDefect = Effect.catchAllCause((cause: Cause.Cause<never>) =>
  Effect.succeed<Observation>({ defect: Cause.pretty(cause) })
)

const runAll = (harness: string, subject: Subject): Effect.Effect<ReadonlyArray<Result>> =>
  Effect.flatMap(
    connect(harness),
    target =>
      Effect.forEach(Object.entries(checks), ([name, check]) =>
        Effect.suspend(() => check(target, subject)).pipe(
          orDefect,
          Effect.map(observed => ({ name, observed }))
        ))
  )

export const run = async (harness: string, subject: Subject, runtime: string): Promise<void> => {
  const report: Report = { runtime, results: await Effect.runPromise(runAll(harness, subject)) }
  const response = await fetch(`${harness}/report`, { method: "POST", body: JSON.stringify(report) })
  await response.text()
}
