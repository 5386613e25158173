/**
 * The consumer matrix: installs the tarballs of `pnpm release:pack` as applications do, and compiles, bundles and runs them. It needs
 * the npm registry.
 *
 *     node dist/consumers/main.js [part of a name...]
 */
import type { Row } from "./Row.ts"
import { removeAll } from "./application.ts"
import { closeSandbox } from "./programs.ts"
import { print, type Result } from "./report.ts"
import { bundleRows } from "./rows/bundles.ts"
import { exportRows } from "./rows/exports.ts"
import { installs } from "./rows/installs.ts"
import { programs } from "./rows/programs.ts"
import { types } from "./rows/types.ts"

const all: ReadonlyArray<Row> = [...exportRows, ...programs, ...bundleRows, ...types, ...installs]

const parts = process.argv.slice(2).map(part => part.toLowerCase())
const chosen = parts.length === 0
  ? all
  : all.filter(({ name }) => parts.some(part => name.toLowerCase().includes(part)))

const runRow = async (row: Row): Promise<Result> => {
  const start = performance.now()
  const seconds = () => (performance.now() - start) / 1000
  if (row.skip !== undefined) return { row, status: "skipped", seconds: 0, detail: row.skip }
  try {
    await row.run()
    return { row, status: "passed", seconds: seconds(), detail: "" }
  } catch (error) {
    return { row, status: "failed", seconds: seconds(), detail: error instanceof Error ? error.message : String(error) }
  }
}

if (chosen.length === 0) {
  console.error(
    `No row has ${parts.join(" or ")} in its name. The rows are:\n${all.map(({ name }) => name).join("\n")}`
  )
  process.exitCode = 2
} else {
  try {
    const results: Array<Result> = []
    for (const row of chosen) {
      // oxlint-disable-next-line no-await-in-loop -- each row uses the processors
      const result = await runRow(row)
      console.log(`${result.status} ${row.name}`)
      results.push(result)
    }
    print(results)
    if (results.some(({ status }) => status === "failed")) process.exitCode = 1
  } finally {
    await closeSandbox()
    await removeAll()
  }
}
