/** Draws charts of some tables as SVG, with Vega-Lite. */
import { mkdir, writeFile } from "node:fs/promises"
import * as vega from "vega"
import { compile, type TopLevelSpec } from "vega-lite"
import * as icicle from "./icicle.ts"
import { ours } from "./subjects.ts"
import * as imports from "./suites/imports.ts"
import type { Table } from "./suites/suite.ts"

interface Chart {
  readonly file: string
  readonly title: string
  /** The title of the table. */
  readonly table: string
  readonly unit: string
}

/** A chart with a bar for each row. */
interface BarChart extends Chart {
  readonly column: string
}

/** A chart with a line for each column, of which the rows are numbers. */
interface LineChart extends Chart {
  readonly of: string
  readonly scale: "linear" | "log"
}

const charts: ReadonlyArray<BarChart | LineChart> = [
  {
    file: "requests.svg",
    title: "CPU time of the client for a request, 16 in flight",
    table: "Clients",
    column: "µs, 16 in flight",
    unit: "µs"
  },
  {
    file: "decoding.svg",
    title: "From the text of a session to a value",
    table: "Decoding",
    column: "µs, valid",
    unit: "µs"
  },
  {
    file: "in-flight.svg",
    title: "CPU time of the client for a request",
    table: "Growth with calls in flight",
    of: "calls in flight",
    unit: "µs",
    scale: "linear"
  },
  {
    file: "many-requests.svg",
    title: "Resident set of the client",
    table: "Growth with requests",
    of: "requests",
    unit: "MiB",
    scale: "linear"
  },
  {
    file: "waiting-memory.svg",
    title: "Heap for a waiting call",
    table: "Memory of waiting calls",
    of: "waiting calls",
    unit: "bytes",
    scale: "linear"
  },
  {
    file: "interruption.svg",
    title: "Time to interrupt all waiting calls",
    table: "Interruption of waiting calls",
    of: "waiting calls",
    unit: "ms",
    scale: "log"
  },
  {
    file: "idle-clients.svg",
    title: "Heap for an idle client",
    table: "Memory of idle clients",
    of: "clients",
    unit: "KiB",
    scale: "linear"
  }
]

const own = "#2b6cb0"

const others = ["#a0aec0", "#4a5568"] as const

const common = (title: string) =>
  ({
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: { text: title, anchor: "start", fontSize: 14 },
    background: "white",
    width: 520,
    config: { font: "sans-serif", view: { stroke: null } }
  }) as const

const bars = ({ column, title, unit }: BarChart, { columns, rows }: Table): TopLevelSpec => {
  const index = columns.findIndex(({ name }) => name === column)
  const values = rows.flatMap(({ cells, isOurs, name }) => {
    const value = cells[index]?.value
    return value === undefined ? [] : [{ name, value, isOurs: isOurs === true }]
  })
  return {
    ...common(title),
    height: { step: 20 },
    data: { values },
    encoding: {
      y: { field: "name", type: "nominal", sort: { field: "value" }, title: null, axis: { labelLimit: 260 } },
      x: { field: "value", type: "quantitative", title: unit }
    },
    layer: [
      {
        mark: { type: "bar" },
        encoding: { color: { condition: { test: "datum.isOurs", value: own }, value: others[0] } }
      },
      {
        mark: { type: "text", align: "left", dx: 4 },
        encoding: { text: { field: "value", type: "quantitative", format: ".3~s" } }
      }
    ]
  }
}

const lines = ({ of, scale, title, unit }: LineChart, { columns, rows }: Table): TopLevelSpec => {
  const values = rows.flatMap(({ cells, name: size }) =>
    columns.flatMap(({ name }, index) => {
      const value = cells[index]?.value
      return value === undefined ? [] : [{ name, size: Number(size.replaceAll(",", "")), value }]
    })
  )
  return {
    ...common(title),
    height: 240,
    data: { values },
    mark: { type: "line", point: true },
    encoding: {
      x: {
        field: "size",
        type: "quantitative",
        title: of,
        scale: { type: "log" },
        axis: { format: ",", tickCount: rows.length }
      },
      y: {
        field: "value",
        type: "quantitative",
        title: unit,
        scale: scale === "log" ? { type: "log" } : { type: "linear", zero: true }
      },
      color: {
        field: "name",
        type: "nominal",
        title: null,
        legend: { orient: "bottom", labelLimit: 260 },
        scale: {
          domain: columns.map(({ name }) => name),
          range: columns.map(({ name }, index) => name === ours.name ? own : others[index % others.length] ?? own)
        }
      }
    }
  }
}

const specOf = (chart: BarChart | LineChart, table: Table): TopLevelSpec =>
  "column" in chart ? bars(chart, table) : lines(chart, table)

/** The file name of the chart of a table; undefined for a table without a chart. */
export const fileOf = ({ title }: Table): string | undefined => charts.find(({ table }) => table === title)?.file

/** Writes the charts of the tables into a folder. */
export const write = async (tables: ReadonlyArray<Table>, folder: URL): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const written = charts.map(async chart => {
    const table = tables.find(({ title }) => title === chart.table)
    if (table === undefined) return
    const view = new vega.View(vega.parse(compile(specOf(chart, table)).spec), { renderer: "none" })
    await writeFile(new URL(chart.file, folder), `${await view.toSVG()}\n`)
  })
  const byModule = tables.find(({ title }) => title === imports.title)
  const icicles = byModule === undefined ?
    [] :
    (["light", "dark"] as const).map(async scheme =>
      writeFile(new URL(`imports-${scheme}.svg`, folder), await icicle.draw(scheme, byModule))
    )
  await Promise.all([...written, ...icicles])
}
