import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Name, runtimes } from "../src/runtimes/Runtime.ts"
import { bundle, type Program } from "../src/runtimes/bundle.ts"
import { check } from "../src/runtimes/check.ts"
import { comparable, type Observation, type Report } from "../src/suite/Report.ts"
import { title } from "./titles.ts"

export interface Checked {
  readonly program: Program
  readonly expected: Readonly<Record<string, Observation>>
}

/** Set where the CI has installed them: npm leaves out a package that it cannot install, without an error. */
const areRequired = process.env["RUNTIMES"] === "required"

/** How many runtimes run at a time; they wait for timeouts most of the time. */
const concurrency = 3

/** In milliseconds; only a runtime that hangs takes as long. */
const timeout = 180_000

/**
 * A test for each runtime and check; those of a runtime that is not installed are skipped.
 *
 * @param subject the client under test, for the titles
 */
export const describeRuntimes = (subject: string, checked: { readonly [name in Name]?: Checked }): void => {
  const reports = new Map<Name, Promise<Report>>()
  const chosen = runtimes.flatMap(({ name, path }) => {
    const what = checked[name]
    return what === undefined ? [] : [{ name, path, ...what }]
  })

  beforeAll(() => {
    const permits = Effect.unsafeMakeSemaphore(concurrency)
    for (const { name, path, program } of chosen) {
      if (path === undefined) continue
      const report = Effect.runPromise(
        permits.withPermits(1)(Effect.promise(async () => check({ name, path }, await bundle(program))))
      )
      // a rejection is reported by the tests, which await the promise
      report.catch(() => {})
      reports.set(name, report)
    }
  })

  for (const { expected, name, path } of chosen) {
    describe(`${subject} on ${name}`, () => {
      let report: Report | undefined
      beforeAll(async () => {
        report = await reports.get(name)
      }, timeout)

      it.skipIf(path === undefined && !areRequired)(
        `${name} is installed`,
        () => assert.isDefined(report, "run pnpm runtimes:install; Chromium comes with the machine")
      )

      for (const [check, wanted] of Object.entries(expected)) {
        const isSkipped = path === undefined || "absent" in wanted
        it.runIf(!isSkipped)(`${subject} on ${name}: ${title(check, wanted)}`, () => {
          const observed = report?.results.find(result => result.name === check)?.observed
          assert.isDefined(observed, `${check} was reported`)
          assert.deepStrictEqual(comparable(observed, wanted), wanted, JSON.stringify(observed))
        })
      }
    })
  }
}
