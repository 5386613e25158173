/** Draws the time of each module of an import as an icicle, with Vega: packages on the left, their modules on the right. */
import * as vega from "vega"
import { packageOf } from "./suites/imports.ts"
import type { Table } from "./suites/suite.ts"

/** The colors of the page, and of the packages from the one that takes the longest. */
const schemes = {
  light: {
    background: "#ffffff",
    text: "#1f2328",
    packages: ["#bfd7f2", "#f6d9a8", "#c6e5c3", "#e3c9ec", "#f5c6c2", "#c9e6e8", "#dcdcdc", "#e8e2c6"]
  },
  dark: {
    background: "#161b22",
    text: "#e6edf3",
    packages: ["#24507f", "#6d4d14", "#2f5d2d", "#5a3a68", "#71332e", "#23595c", "#4a4f57", "#57512f"]
  }
}

export type Scheme = keyof typeof schemes

interface Item {
  readonly id: string
  readonly parent: string | null
  readonly label: string
  readonly package: string
  readonly value?: number
}

const root = "all"

/** A tree of one level of packages and one of modules, in the order of the rows. */
const itemsOf = ({ rows }: Table): ReadonlyArray<Item> => {
  const modules = rows.map(({ cells, name }): Item => {
    const value = cells[0]?.value ?? 0
    const parent = packageOf(name)
    const label = name.slice(parent.length).replace(/^[/:,] ?/, "")
    return { id: `module ${name}`, parent, label: `${label}, ${value.toFixed(1)} ms`, package: parent, value }
  })
  const packages = [...new Set(modules.map(item => item.package))].map((name): Item => {
    const value = modules.reduce((sum, { package: own, value = 0 }) => own === name ? sum + value : sum, 0)
    return { id: name, parent: root, label: `${name}, ${value.toFixed(0)} ms`, package: name }
  })
  return [{ id: root, parent: null, label: "", package: "" }, ...packages, ...modules]
}

const width = 400

/** The right end of the packages. */
const split = 145

const height = 680

const fontSize = 12

const specOf = (scheme: Scheme, table: Table): vega.Spec => {
  const { background, packages, text } = schemes[scheme]
  const items = itemsOf(table)
  const total = items.reduce((sum, { value = 0 }) => sum + value, 0)
  const isModule = "datum.depth === 2"
  const left = { signal: `${isModule} ? ${split} : 0` }
  return {
    width,
    height,
    padding: 8,
    background,
    config: { title: { color: text, font: "sans-serif" } },
    title: { text: `Import of node-runtime, ${total.toFixed(0)} ms by module`, anchor: "start", fontSize: 14 },
    data: [{
      name: "tree",
      values: [...items],
      transform: [
        { type: "stratify", key: "id", parentKey: "parent" },
        {
          type: "partition",
          field: "value",
          size: [height, width],
          as: ["top", "x0", "bottom", "x1", "depth", "children"]
        },
        { type: "filter", expr: "datum.depth > 0" }
      ]
    }],
    scales: [{
      name: "color",
      type: "ordinal",
      domain: items.filter(({ parent }) => parent === root).map(({ id }) => id),
      range: packages
    }],
    marks: [
      {
        type: "rect",
        from: { data: "tree" },
        encode: {
          enter: {
            x: left,
            x2: { signal: `${isModule} ? ${width} : ${split}` },
            y: { field: "top" },
            y2: { field: "bottom" },
            fill: { scale: "color", field: "package" },
            stroke: { value: background }
          }
        }
      },
      {
        type: "text",
        from: { data: "tree" },
        encode: {
          enter: {
            x: left,
            dx: { value: 5 },
            y: { signal: "(datum.top + datum.bottom) / 2" },
            baseline: { value: "middle" },
            font: { value: "sans-serif" },
            fontSize: { value: fontSize },
            fill: { value: text },
            text: { signal: `datum.bottom - datum.top < ${fontSize} ? "" : datum.label` }
          }
        }
      }
    ]
  }
}

export const draw = async (scheme: Scheme, table: Table): Promise<string> => {
  const view = new vega.View(vega.parse(specOf(scheme, table)), { renderer: "none" })
  return `${await view.toSVG()}\n`
}
