/** Formats tables for a terminal and in Markdown. */
import BoxTable from "cli-table3"
import type { Environment } from "./environment.ts"
import { type Cell, heading, type Table } from "./suites/suite.ts"

const number = (value: number, digits: number): string =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** Formats a cell, such as `48.2 ±3%  1.41x`: the median, half of the interquartile range, and the ratio. */
const format = (cell: Cell | null | undefined, digits: number): string => {
  if (cell === null || cell === undefined || !Number.isFinite(cell.value)) return "-"
  const spread = cell.low === undefined || cell.high === undefined || cell.value <= 0
    ? ""
    : ` ±${number((cell.high - cell.low) / 2 / cell.value * 100, 0)}%`
  return number(cell.value, digits) + spread + (cell.ratio === undefined ? "" : `  ${number(cell.ratio, 2)}x`)
}

const content = ({ columns, rows }: Table): ReadonlyArray<Array<string>> =>
  rows.map(({ cells, digits: rowDigits, isOurs, name }) => [
    isOurs === true ? `> ${name}` : `  ${name}`,
    ...columns.map(({ digits }, index) => format(cells[index], rowDigits ?? digits))
  ])

export const text = (table: Table): string => {
  const box = new BoxTable({
    head: ["", ...table.columns.map(column => column.name)],
    colAligns: ["left", ...table.columns.map(() => "right" as const)],
    style: { head: [], border: [], compact: true }
  })
  box.push(...content(table))
  return `\n${heading(table)}\n${table.note}\n${box.toString()}`
}

/** Formats a table in Markdown, without the title and the note. */
export const markdown = (table: Table): string => {
  const line = (cells: ReadonlyArray<string>) => `| ${cells.join(" | ")} |`
  const rows = content(table).map(([name = "", ...cells]) =>
    line([name.startsWith(">") ? `**${name.slice(2)}**` : name.trim(), ...cells])
  )
  return [
    line(["", ...table.columns.map(column => column.name)]),
    line(["---", ...table.columns.map(() => "---:")]),
    ...rows
  ].join("\n")
}

export const environment = (found: Environment): string =>
  `Node ${found.node} on ${found.system}, ${found.cores} cores of ${found.processor}, ${found.memoryGiB} GiB; ` +
  `load ${found.load.toFixed(2)}; ${found.date}\n` +
  Object.entries(found.versions).map(([name, version]) => `${name} ${version}`).join(", ")
