/** Time of each module of an import, from several processes. */
import { folder } from "../packages.ts"
import { runNode } from "../processes.ts"
import type { Imports } from "../programs/imports.ts"
import { figure } from "../statistics.ts"
import type { Table } from "./suite.ts"

/** `effect/internal/fiberRuntime`, `core/RoomSession` or `node:http2`. */
const nameOf = (url: string): string => {
  const path = url.split("/node_modules/").at(-1) ?? url
  return path.replace(/^file:.*\/packages\//, "").replace(/\/(dist\/esm|dist|lib\/esm|lib)\//, "/").replace(/\.js$/, "")
}

export const packageOf = (name: string): string => /^(?:node(?=:)|@[^/]+\/[^/,]+|[^/,]+)/.exec(name)?.[0] ?? name

/** The smallest part of the sum for which a module, or the others of its folder, have a row of their own. */
const least = 0.018

type Medians = ReadonlyArray<readonly [name: string, millis: number]>

const sumOf = (medians: Medians): number => medians.reduce((sum, [, value]) => sum + value, 0)

/** At most two folders below the package: `undici/web/fetch`. */
const folderOf = (name: string): string => {
  const owner = packageOf(name)
  return [owner, ...name.slice(owner.length + 1).split("/").slice(0, -1).slice(0, 2)].join("/")
}

const groupBy = (medians: Medians, key: (name: string) => string): ReadonlyArray<readonly [string, Medians]> =>
  [...new Set(medians.map(([name]) => key(name)))]
    .map(found => [found, medians.filter(([name]) => key(name) === found)] as const)
    .toSorted(([, a], [, b]) => sumOf(b) - sumOf(a))

const count = (things: ReadonlyArray<unknown>, noun: string): string =>
  `${things.length} ${noun}${things.length === 1 ? "" : "s"}`

/** The large modules of a package, the large folders without these, and all others. */
const partsOf = (name: string, medians: Medians, total: number): Medians => {
  const isLarge = (value: number) => value >= total * least
  const modules = medians.filter(([, value]) => isLarge(value)).toSorted(([, a], [, b]) => b - a)
  const small = groupBy(medians.filter(([, value]) => !isLarge(value)), folderOf)
  const folders = small.filter(([folder, found]) => folder !== name && isLarge(sumOf(found)))
  const rest = small.filter(([folder, found]) => folder === name || !isLarge(sumOf(found))).flatMap(([, found]) =>
    found
  )
  return [
    ...modules,
    ...folders.map(([folder, found]) => [`${folder}, ${count(found, "module")}`, sumOf(found)] as const),
    ...rest.length === 0
      ? []
      : [[`${name}, ${count(rest, rest.length === medians.length ? "module" : "other")}`, sumOf(rest)] as const]
  ]
}

export const title = "Import by module"

export const table = (samples: ReadonlyArray<Imports>): Table => {
  const urls = Object.keys(samples[0] ?? {})
  const medians = urls.map(url => [nameOf(url), figure(samples.map(sample => sample[url] ?? 0)).median] as const)
  const total = sumOf(medians)
  return {
    title,
    note:
      `Milliseconds to find, read, compile and evaluate each module that the import of node-runtime loads, one after the other: ` +
      `${urls.length} modules, ${
        total.toFixed(0)
      } ms. The ratio is the part of this sum. Medians of ${samples.length} processes.`,
    columns: [{ name: "ms, part", digits: 1 }],
    rows: groupBy(medians, packageOf)
      .flatMap(([name, found]) => partsOf(name, found, total))
      .map(([name, value]) => ({ name, cells: [{ value, ratio: value / total }] }))
  }
}

export const measure = async (): Promise<Imports> => {
  const { stdout } = await runNode([
    "--no-warnings",
    "--experimental-vm-modules",
    "--experimental-import-meta-resolve",
    `${folder("bench")}dist/programs/imports.js`,
    "@effect-signalwire/node-runtime"
  ])
  // both processes run this program
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(stdout) as Imports
}
