/** The soak: every scenario at full length, or a share of it by `--share`; fails when anything grew or was left. */
import Table from "cli-table3"
import { Effect } from "effect"
import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { measure, type Measured } from "./measure.ts"
import { maxConnections, scenarios, type Servers } from "./scenarios.ts"

const mebibyte = 2 ** 20

/** What code that is compiled late and caches take; a single object kept for each of 20,000 calls is more. */
const mostGrowth = mebibyte

const { values } = parseArgs({ options: { share: { type: "string", default: "1" } } })
const share = Number(values.share)
if (!(share > 0 && share <= 1)) throw new Error("Expected --share as a number above 0, and 1 at most")
if (globalThis.gc === undefined) throw new Error("Expected node to be run with --expose-gc")

const faultsOf = (found: Measured): ReadonlyArray<string> => [
  ...(found.heapGrowthBytes > mostGrowth ? ["the heap grows"] : []),
  ...(found.mostSockets > maxConnections ? [`more than ${maxConnections} sockets`] : []),
  ...Object.entries(found.left).flatMap(([what, count]) => (count > 0 ? [`${count} ${what} left`] : []))
]

let stray = 0
process.on("unhandledRejection", reason => {
  stray++
  console.error("unhandled rejection:", reason)
})

const server = fork(fileURLToPath(new URL("./serverProcess.ts", import.meta.url)))
const [servers]: Array<Servers> = await once(server, "message")
if (servers === undefined) throw new Error("The servers did not start")

const table = new Table({
  head: [
    "row",
    "",
    "calls",
    "s",
    "heap, bytes per call",
    "heap, MiB",
    "most sockets",
    "left: sockets, timers, listeners"
  ],
  colAligns: ["right", "left", "right", "right", "right", "right", "right", "right"],
  style: { head: [], border: [], compact: true }
})
const wrong: Array<string> = []
for (const scenario of scenarios) {
  const count = Math.ceil(scenario.count * share)
  console.error(`row ${scenario.row}: ${count} calls, ${scenario.name}`)
  // oxlint-disable-next-line no-await-in-loop -- one at a time is the point
  const found = await Effect.runPromise(measure(scenario, count, servers))
  const { heapBytes, heapBytesPerCall, left, mostSockets, row, seconds } = found
  table.push([
    row,
    scenario.name,
    found.calls,
    seconds.toFixed(0),
    heapBytesPerCall.toFixed(1),
    (heapBytes / mebibyte).toFixed(1),
    mostSockets,
    `${left.sockets}, ${left.timers}, ${left.listeners}`
  ])
  console.error([...found.ends].map(([end, number]) => `${number} ${end}`).join(", "))
  wrong.push(...faultsOf(found).map(fault => `row ${row}: ${fault}`))
}
server.disconnect()

console.log(table.toString())
for (const fault of wrong) console.log(fault)
process.exitCode = wrong.length > 0 || stray > 0 ? 1 : 0
