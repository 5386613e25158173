/** Runs the whole suite `--runs` times beside `--busy` processes that use a whole core each; fails where a run is not green. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { availableParallelism, loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const { values } = parseArgs({
  options: { runs: { type: "string", default: "10" }, busy: { type: "string", default: "2" } }
})
const runs = Number(values.runs)
const busy = Number(values.busy)
if (!Number.isSafeInteger(runs) || runs < 1) throw new Error("Expected --runs as a whole number above 0")
if (!Number.isSafeInteger(busy) || busy < 0) throw new Error("Expected --busy as a whole number")

interface Report {
  readonly numTotalTests: number
  readonly numPassedTests: number
  readonly testResults: ReadonlyArray<{
    readonly name: string
    readonly status: string
    readonly assertionResults: ReadonlyArray<
      { readonly fullName: string; readonly status: string; readonly failureMessages: ReadonlyArray<string> }
    >
  }>
}

const root = fileURLToPath(new URL("../../../..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "busy-"))
const loops = Array.from({ length: busy }, () => spawn(process.execPath, ["-e", "for(;;);"], { stdio: "ignore" }))
process.on("exit", () => {
  for (const loop of loops) loop.kill()
  rmSync(folder, { recursive: true, force: true })
})
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1))

/** What was not green in a run. */
const failuresOf = ({ testResults }: Report): ReadonlyArray<string> =>
  testResults.flatMap(({ assertionResults, name, status }) => {
    const failed = assertionResults.filter(result => result.status === "failed")
    if (status === "failed" && failed.length === 0) return [`${name}: the file failed`]
    return failed.map(({ failureMessages, fullName }) => `${fullName}: ${failureMessages.join("; ").split("\n")[0]}`)
  })

const runOnce = async (file: string): Promise<{ readonly code: unknown; readonly report: Report }> => {
  const vitest = spawn(
    process.execPath,
    [join(root, "node_modules/vitest/vitest.mjs"), "run", "--reporter=json", `--outputFile=${file}`],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"] }
  )
  const [code]: Array<unknown> = await once(vitest, "exit")
  return { code, report: JSON.parse(readFileSync(file, "utf8")) }
}

console.log(`${runs} runs of the suite beside ${busy} busy processes on ${availableParallelism()} cores`)
let green = 0
for (let run = 1; run <= runs; run++) {
  const start = performance.now()
  // oxlint-disable-next-line no-await-in-loop -- each run has the machine beside the busy processes to itself
  const { code, report } = await runOnce(join(folder, `${run}.json`))
  const failures = failuresOf(report)
  if (code === 0 && failures.length === 0) green++
  const seconds = Math.round((performance.now() - start) / 1000)
  const [load = 0] = loadavg()
  console.log(
    `run ${run}: ${report.numPassedTests} of ${report.numTotalTests} tests passed in ${seconds} s, load ${
      load.toFixed(1)
    }`
  )
  for (const failure of failures) console.log(`  ${failure}`)
}
console.log(`${green} of ${runs} runs are green`)
process.exit(green === runs ? 0 : 1)
