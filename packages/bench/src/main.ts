/** The command of the benchmark. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import * as docs from "./docs.ts"
import { environment } from "./environment.ts"
import * as nodes from "./nodes.ts"
import * as print from "./print.ts"
import * as report from "./report.ts"
import { clients } from "./suites/clients.ts"
import { decoding } from "./suites/decoding.ts"
import { firstSession } from "./suites/firstSession.ts"
import { growth } from "./suites/growth.ts"
import { latency } from "./suites/latency.ts"
import { lists } from "./suites/lists.ts"
import { memory } from "./suites/memory.ts"
import { requests } from "./suites/requests.ts"
import { size } from "./suites/size.ts"
import { startup } from "./suites/startup.ts"
import type { Suite, Table } from "./suites/suite.ts"
import { summary } from "./summary.ts"

const suites: ReadonlyArray<Suite> = [
  requests,
  latency,
  memory,
  lists,
  firstSession,
  clients,
  decoding,
  startup,
  size,
  growth
]

const namesOf = (chosen: ReadonlyArray<Suite>): ReadonlyArray<string> => chosen.map(({ name }) => name)

const usage = `bench [${namesOf(suites).join("|")}]...
  --nodes       ${namesOf(suites.filter(({ everyNode }) => everyNode)).join(", ")} on Node 20, 22 and 24
  --quick       one short round, which shows that everything runs
  --json FILE   write the figures, the machine and the versions
  --from FILE   read the figures from such a file instead of measuring
  --docs        write the tables into docs/benchmarks.md, and the charts; with names of suites, only their tables
  --help`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    from: { type: "string" },
    docs: { type: "boolean", default: false },
    help: { type: "boolean", default: false }
  }
})

const progress = (text: string): void => {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${text}` : `${text}\n`)
}

const show = (table: Table): void => console.log(print.text(table))

const measure = async (chosen: ReadonlyArray<Suite>): Promise<report.Report> => {
  const measuredOn = await environment()
  console.log(print.environment(measuredOn))
  const node = process.versions.node.split(".")[0] ?? ""
  const tables: Array<Table> = []
  for (const { everyNode, run } of chosen) {
    // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
    const measured = (await run({ quick: values.quick, progress })).map(table => everyNode ? { ...table, node } : table)
    progress("")
    measured.forEach(show)
    tables.push(...measured)
  }
  return { environment: measuredOn, tables }
}

/** Runs this program on other versions of Node. */
const measureOn = async (chosen: ReadonlyArray<Suite>): Promise<ReadonlyArray<report.Report>> => {
  if (chosen.length === 0) return []
  const folder = await mkdtemp(join(tmpdir(), "bench-"))
  const file = join(folder, "report.json")
  const args = [fileURLToPath(import.meta.url), ...namesOf(chosen), "--json", file, ...values.quick ? ["--quick"] : []]
  const reports: Array<report.Report> = []
  for (const path of nodes.others()) {
    // oxlint-disable no-await-in-loop -- measurements must not overlap
    const [code] = await once(spawn(path, args, { stdio: "inherit" }), "exit")
    if (code !== 0) throw new Error(`${path} exited with code ${code}`)
    reports.push(...await report.read(file))
    // oxlint-enable no-await-in-loop
  }
  await rm(folder, { recursive: true })
  return reports
}

const measureAll = async (chosen: ReadonlyArray<Suite>): Promise<ReadonlyArray<report.Report>> => {
  const own = await measure(chosen)
  if (!values.nodes) return [own]
  const reports = [own, ...await measureOn(chosen.filter(({ everyNode }) => everyNode))]
  const ratios = summary(reports)
  show(ratios)
  return [{ ...own, tables: [ratios, ...own.tables] }, ...reports.slice(1)]
}

const readReports = async (file: string): Promise<ReadonlyArray<report.Report>> => {
  const reports = await report.read(file)
  for (const { environment, tables } of reports) {
    console.log(print.environment(environment))
    tables.forEach(show)
  }
  return reports
}

const unknown = positionals.filter(name => !namesOf(suites).includes(name))
if (values.help || unknown.length > 0) {
  console.log(usage)
  process.exit(unknown.length > 0 ? 2 : 0)
}
const reports = values.from === undefined
  ? await measureAll(suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name)))
  : await readReports(values.from)
if (values.json !== undefined) await report.write(values.json, reports)
if (values.docs) await docs.write(reports, positionals.length > 0)
