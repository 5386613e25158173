/** Prints the results of the matrix as a table, with the whole errors below it. */
import Table from "cli-table3"
import type { Row } from "./Row.ts"

export interface Result {
  readonly row: Row
  readonly status: "passed" | "failed" | "skipped"
  readonly seconds: number
  /** The error of a failed row, or why it was skipped. */
  readonly detail: string
}

const firstLine = (text: string): string => text.split("\n")[0]?.slice(0, 160) ?? ""

/** In characters. */
const maxDetail = 4000

export const print = (results: ReadonlyArray<Result>): void => {
  const table = new Table({
    head: ["row", "result", "seconds", "reason"],
    style: { head: [], border: [], compact: true }
  })
  for (const { detail, row, seconds, status } of results) {
    table.push([row.name, status, seconds.toFixed(1), firstLine(detail)])
  }
  console.log(`\n${table.toString()}`)
  for (const { detail, row, status } of results) {
    if (status === "failed") console.log(`\n${row.name}\n${detail.slice(0, maxDetail)}`)
  }
  const count = (status: Result["status"]): number => results.filter(result => result.status === status).length
  console.log(`\n${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`)
}
