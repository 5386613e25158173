/** Writes docs/benchmarks.md and its charts. */
import { readFile, writeFile } from "node:fs/promises"
import * as charts from "./charts.ts"
import type { Environment } from "./environment.ts"
import * as print from "./print.ts"
import type { Report } from "./report.ts"
import type { Table } from "./suites/suite.ts"

const docs = new URL("../../../docs/", import.meta.url)
const file = new URL("benchmarks.md", docs)

const intro = `# Benchmarks

The tables of \`npx -y pnpm@10.34.8 bench --docs\`, which writes this file: [what they show](performance.md). A figure is a median; \`±\` is half of the
interquartile range, and \`x\` the ratio.

`

const heading = /^## (.+)$/m

/** The sections of a document by title. */
const sectionsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split(/^(?=## )/m).slice(1).map(section => [heading.exec(section)?.[1] ?? "", section]))

const section = (table: Table, { cores, date, memoryGiB, node, processor, system }: Environment): string => {
  const chart = charts.fileOf(table)
  return [
    `## ${table.title}`,
    table.note,
    `Node ${node} on ${system}, ${cores} cores of ${processor}, ${memoryGiB} GiB, ${date.slice(0, 10)}.`,
    print.markdown(table),
    ...(chart === undefined ? [] : [`![${table.title}](images/${chart})`])
  ].join("\n\n") + "\n\n"
}

const versions = ({ versions }: Environment): string =>
  `## Versions\n\n${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")}\n`

/** Writes the tables of a report into the document. The sections of other tables are not changed. */
export const write = async ({ environment, tables }: Report): Promise<void> => {
  const sections = new Map(sectionsOf(await readFile(file, "utf8").catch(() => "")))
  for (const table of tables) sections.set(table.title, section(table, environment))
  sections.delete("Versions")
  await writeFile(file, [intro, ...sections.values(), versions(environment)].join(""))
  await charts.write(tables, new URL("images/", docs))
}
