/** The command of the benchmark. */
import { parseArgs } from "node:util"
import * as docs from "./docs.ts"
import { environment } from "./environment.ts"
import * as print from "./print.ts"
import * as report from "./report.ts"
import { decoding } from "./suites/decoding.ts"
import { growth } from "./suites/growth.ts"
import { latency } from "./suites/latency.ts"
import { requests } from "./suites/requests.ts"
import { size } from "./suites/size.ts"
import { startup } from "./suites/startup.ts"
import type { Suite, Table } from "./suites/suite.ts"

const suites: ReadonlyArray<Suite> = [requests, latency, decoding, startup, size, growth]

const usage = `bench [${suites.map(({ name }) => name).join("|")}]...
  --quick       fewer and shorter rounds
  --json FILE   write the figures, the machine and the versions
  --from FILE   read the figures from such a file instead of measuring
  --docs        write the tables into docs/benchmarks.md, and the charts
  --help`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
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
  const tables: Array<Table> = []
  for (const suite of chosen) {
    // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
    const measured = await suite.run({ quick: values.quick, progress })
    progress("")
    measured.forEach(show)
    tables.push(...measured)
  }
  return { environment: measuredOn, tables }
}

const readReport = async (file: string): Promise<report.Report> => {
  const saved = await report.read(file)
  console.log(print.environment(saved.environment))
  saved.tables.forEach(show)
  return saved
}

const unknown = positionals.filter(name => !suites.some(suite => suite.name === name))
if (values.help || unknown.length > 0) {
  console.log(usage)
  process.exit(unknown.length > 0 ? 2 : 0)
}
const result = values.from === undefined
  ? await measure(suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name)))
  : await readReport(values.from)
if (values.json !== undefined) await report.write(values.json, result)
if (values.docs) await docs.write(result)
