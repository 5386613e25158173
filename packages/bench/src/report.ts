/** Reads and writes the figures of a run, a report for each version of Node. */
import { readFile, writeFile } from "node:fs/promises"
import type { Environment } from "./environment.ts"
import type { Table } from "./suites/suite.ts"

export interface Report {
  readonly environment: Environment
  readonly tables: ReadonlyArray<Table>
}

export const write = (file: string, reports: ReadonlyArray<Report>): Promise<void> =>
  writeFile(file, `${JSON.stringify(reports, null, 2)}\n`)

export const read = async (file: string): Promise<ReadonlyArray<Report>> => {
  // this program has written the file
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(await readFile(file, "utf8")) as ReadonlyArray<Report>
}
