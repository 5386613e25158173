/** The soak: every scenario at full length, or a share of it by `--share`; fails where the heap grows or anything is left. */
import Table from "cli-table3"
import { Effect } from "effect"
import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { titleOf } from "../faults/harness/matrix.ts"
import { measure, type Measured } from "./measure.ts"
import { maxConnections, scenarios, type Servers } from "./scenarios.ts"

const mebibyte = 2 ** 20

/** Late compilation and caches take less; one object for each of 20,000 calls takes more. */
const mostGrowth = mebibyte

const { values } = parseArgs({ options: { share: { type: "string", default: "1" } } })
const share = Number(values.share)
if (!(share > 0 && share <= 1)) throw new Error("Expected --share as a number above 0, and 1 at most")
if (globalThis.gc === undefined) throw new Error("Expected node to be run with --expose-gc")

const problemsOf = (found: Measured): ReadonlyArray<string> => [
  ...(found.heapGrowthBytes > mostGrowth ? ["the heap grows"] : []),
  ...(found.mostSockets > maxConnections ? [`more than ${maxConnections} sockets`] : []),
  ...Object.entries(found.left).flatMap(([what, count]) => (count > 0 ? [`${count} ${what} left`] : []))
]

let unhandled = 0
process.on("unhandledRejection", reason => {
  unhandled++
  console.error("unhandled rejection:", reason)
})

const server = fork(fileURLToPath(new URL("./serverProcess.ts", import.meta.url)))
const [servers]: Array<Servers> = await once(server, "message")
if (servers === undefined) throw new Error("The servers did not start")

const table = new Table({
  head: [
    "fault",
    "calls",
    "s",
    "heap, bytes per call",
    "heap, MiB",
    "most sockets",
    "left: sockets, timers, listeners"
  ],
  colAligns: ["left", "right", "right", "right", "right", "right", "right"],
  style: { head: [], border: [], compact: true }
})
const problems: Array<string> = []
for (const scenario of scenarios) {
  const count = Math.ceil(scenario.count * share)
  const title = titleOf(scenario.sentence)
  console.error(`${title}: ${count} calls`)
  // oxlint-disable-next-line no-await-in-loop -- a scenario measures the whole process
  const found = await Effect.runPromise(measure(scenario, count, servers))
  const { heapBytes, heapBytesPerCall, left, mostSockets, seconds } = found
  table.push([
    title,
    found.calls,
    seconds.toFixed(0),
    heapBytesPerCall.toFixed(1),
    (heapBytes / mebibyte).toFixed(1),
    mostSockets,
    `${left.sockets}, ${left.timers}, ${left.listeners}`
  ])
  console.error([...found.results].map(([name, number]) => `${number} ${name}`).join(", "))
  problems.push(...problemsOf(found).map(problem => `${title}: ${problem}`))
}
server.disconnect()

console.log(table.toString())
for (const problem of problems) console.log(problem)
process.exitCode = problems.length > 0 || unhandled > 0 ? 1 : 0
