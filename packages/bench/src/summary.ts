/** The ratios of our client on each version of Node, in one table. */
import type { Report } from "./report.ts"
import { ours } from "./subjects.ts"
import type { Cell, Row, Table } from "./suites/suite.ts"

interface Ratio {
  readonly row: string
  readonly node: string
  readonly ratio: number
}

const ratiosOf = ({ columns, node, rows, title }: Table): ReadonlyArray<Ratio> => {
  // in some tables it is called in another way, which its name says
  const index = columns.findIndex(({ name }) => name.startsWith(ours.name))
  return rows.flatMap(({ cells, name }) => {
    const ratio = cells[index]?.ratio
    return node === undefined || ratio === undefined ? [] : [{ row: `${title}: ${name}`, node, ratio }]
  })
}

/** Where a table says nothing else, ratios are those to `Pool.request`. */
export const summary = (reports: ReadonlyArray<Report>): Table => {
  const ratios = reports.flatMap(({ tables }) => tables.flatMap(ratiosOf))
  const nodes = [...new Set(ratios.map(({ node }) => node))]
  const cell = (row: string, node: string): Cell | null => {
    const found = ratios.find(ratio => ratio.row === row && ratio.node === node)
    return found === undefined ? null : { value: found.ratio }
  }
  const rows: ReadonlyArray<Row> = [...new Set(ratios.map(({ row }) => row))]
    .map(row => ({ name: row, cells: nodes.map(node => cell(row, node)) }))
  return {
    title: "Ratios",
    note:
      `What ${ours.name} takes to what the reference of the row takes, undici Pool.request where it names none. The ` +
      `tables below have the figures.`,
    columns: nodes.map(node => ({ name: `Node ${node}`, digits: 2 })),
    rows
  }
}
