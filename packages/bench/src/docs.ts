/** Writes docs/benchmarks.md and its charts. */
import { readFile, writeFile } from "node:fs/promises"
import * as charts from "./charts.ts"
import type { Environment } from "./environment.ts"
import * as print from "./print.ts"
import type { Report } from "./report.ts"
import { heading, type Table } from "./suites/suite.ts"

const docs = new URL("../../../docs/", import.meta.url)
const file = new URL("benchmarks.md", docs)

const intro = `# Benchmarks

The tables of \`npx -y pnpm@10.34.8 bench --nodes --docs\`, which writes this file: [what they show](performance.md). A figure is a median; \`±\` is half of the
interquartile range, and \`x\` the ratio.

`

const title = /^## (.+)$/m

/** The sections of a document by title. */
const sectionsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split(/^(?=## )/m).slice(1).map(section => [title.exec(section)?.[1] ?? "", section]))

const section = (table: Table, { cores, date, memoryGiB, node, processor, system }: Environment): string => {
  const chart = charts.fileOf(table)
  return [
    `## ${heading(table)}`,
    table.note,
    `Node ${node} on ${system}, ${cores} cores of ${processor}, ${memoryGiB} GiB, ${date.slice(0, 10)}.`,
    print.markdown(table),
    ...(chart === undefined ? [] : [`![${table.title}](images/${chart})`])
  ].join("\n\n") + "\n\n"
}

const versions = ({ versions }: Environment): string =>
  `## Versions\n\n${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")}\n`

/** The tables of the first report, each with those of the same title of the other ones. */
const sorted = (reports: ReadonlyArray<Report>) => {
  const all = reports.flatMap(({ environment, tables }) => tables.map(table => ({ environment, table })))
  const titles = [...new Set(all.map(({ table }) => table.title))]
  return titles.flatMap(title => all.filter(({ table }) => table.title === title))
}

/**
 * Writes the tables of the reports into the document.
 *
 * @param keepsOthers whether the sections of other tables remain, after those of the reports
 */
export const write = async (reports: ReadonlyArray<Report>, keepsOthers: boolean): Promise<void> => {
  const tables = sorted(reports)
  const measured = tables.map(({ environment, table }) => [heading(table), section(table, environment)] as const)
  const known = keepsOthers ? [...sectionsOf(await readFile(file, "utf8").catch(() => ""))] : []
  const sections = new Map([...measured, ...known.filter(([title]) => !measured.some(([own]) => own === title))])
  const measuredOn = reports[0]?.environment
  if (measuredOn !== undefined) {
    sections.delete("Versions")
    sections.set("Versions", versions(measuredOn))
  }
  await writeFile(file, [intro, ...sections.values()].join(""))
  await charts.write(tables.map(({ table }) => table), new URL("images/", docs))
}
