/** Runs every check, one after another, and reports to the harness. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { Subject } from "./Check.ts"
import type { Report, Result } from "./Report.ts"
import { connect } from "./Target.ts"
import { checks } from "./checks.ts"

const runAll = (harness: string, subject: Subject): Effect.Effect<ReadonlyArray<Result>> =>
  Effect.flatMap(
    connect(harness),
    target =>
      Effect.forEach(checks, ({ name, observe }) =>
        observe(target, subject).pipe(
          Effect.catchAllCause(cause => Effect.succeed({ defect: Cause.pretty(cause) })),
          Effect.map(observed => ({ name, observed }))
        ))
  )

export const run = async (harness: string, subject: Subject, runtime: string): Promise<void> => {
  const report: Report = { runtime, results: await Effect.runPromise(runAll(harness, subject)) }
  const response = await fetch(`${harness}/report`, { method: "POST", body: JSON.stringify(report) })
  await response.text()
}
