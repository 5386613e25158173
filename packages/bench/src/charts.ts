/** Draws charts of some tables as SVG, with Vega-Lite. */
import { mkdir, writeFile } from "node:fs/promises"
import * as vega from "vega"
import { compile, type TopLevelSpec } from "vega-lite"
import type { Table } from "./suites/suite.ts"

interface Chart {
  readonly file: string
  readonly title: string
  /** The title of the table. */
  readonly table: string
  readonly column: string
  readonly unit: string
}

const charts: ReadonlyArray<Chart> = [
  {
    file: "requests.svg",
    title: "CPU time of the client for a request, 16 in flight",
    table: "Requests",
    column: "µs, 16 in flight",
    unit: "µs"
  },
  {
    file: "decoding.svg",
    title: "From the text of a session to a value",
    table: "Decoding",
    column: "µs, valid",
    unit: "µs"
  }
]

const spec = ({ column, title, unit }: Chart, { columns, rows }: Table): TopLevelSpec => {
  const index = columns.findIndex(({ name }) => name === column)
  const values = rows.flatMap(({ cells, isOurs, name }) => {
    const value = cells[index]?.value
    return value === undefined ? [] : [{ name, value, isOurs: isOurs === true }]
  })
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: { text: title, anchor: "start", fontSize: 14 },
    background: "white",
    width: 520,
    height: { step: 20 },
    data: { values },
    encoding: {
      y: { field: "name", type: "nominal", sort: { field: "value" }, title: null, axis: { labelLimit: 260 } },
      x: { field: "value", type: "quantitative", title: unit }
    },
    layer: [
      {
        mark: { type: "bar" },
        encoding: { color: { condition: { test: "datum.isOurs", value: "#2b6cb0" }, value: "#a0aec0" } }
      },
      {
        mark: { type: "text", align: "left", dx: 4 },
        encoding: { text: { field: "value", type: "quantitative", format: ".3~s" } }
      }
    ],
    config: { font: "sans-serif", view: { stroke: null } }
  }
}

/** The file name of the chart of a table; undefined for a table without a chart. */
export const fileOf = ({ title }: Table): string | undefined => charts.find(({ table }) => table === title)?.file

/** Writes the charts of the tables into a folder. */
export const write = async (tables: ReadonlyArray<Table>, folder: URL): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const written = charts.map(async chart => {
    const table = tables.find(({ title }) => title === chart.table)
    if (table === undefined) return
    const view = new vega.View(vega.parse(compile(spec(chart, table)).spec), { renderer: "none" })
    await writeFile(new URL(chart.file, folder), `${await view.toSVG()}\n`)
  })
  await Promise.all(written)
}
