import { assert, describe, expect, it } from "@effect/vitest"
import { Struct } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { areas, matrix, type Sentence, titleOf } from "./harness/matrix.ts"
import type { Fault } from "./harness/matrix/fault.ts"

/** The sandbox depends on this package, so that its fault is tested there. */
const folders = [import.meta.dirname, join(import.meta.dirname, "../../../sandbox/test")]

const tests = folders
  .flatMap(folder => readdirSync(folder).filter(name => name.endsWith(".test.ts")).map(name => join(folder, name)))
  .map(file => readFileSync(file, "utf8"))
  .join("\n")

const countOf = (text: string): number => tests.split(JSON.stringify(text)).length - 1

const sentences: ReadonlyArray<Sentence> = Struct.keys(matrix)

describe("The fault matrix", () => {
  it("the matrix has one test for every fault", () => {
    const counts = sentences.map(sentence => [sentence, countOf(sentence) + countOf(titleOf(sentence))])
    assert.deepStrictEqual(counts.filter(([, count]) => count !== 1), [])
  })

  it("the faults are numbered from 1, each in one area", () => {
    const numbers = Object.values(areas).flatMap(faults => Object.values(faults).map(({ number }) => number))
    assert.deepStrictEqual(numbers.toSorted((a, b) => a - b), sentences.map((_, index) => index + 1))
  })
})

/** Escapes Markdown, but not code between backticks. */
const cell = (text: string): string =>
  text.split(/(`[^`]*`)/).map(part => (part.startsWith("`") ? part : part.replace(/[|<[\]_*\\]/g, "\\$&"))).join("")

const retriedCell = (fault: Fault): string => (fault.retried === undefined ? "" : fault.retried ? "yes" : "no")

const faultRow = ([sentence, fault]: readonly [string, Fault]): string => {
  const exceptions = Object.entries(fault.exceptions ?? {}).map(([transport, what]) => `${transport}: ${cell(what)}`)
  const equivalent = fault.equivalent === undefined ? [] : [`(in the tests: ${cell(fault.equivalent)})`]
  const lines = [
    cell(sentence),
    ...(fault.detail === undefined ? [] : [cell(fault.detail)]),
    ...equivalent,
    ...exceptions
  ]
  return `| ${fault.number} | ${lines.join("<br>")} | ${retriedCell(fault)} |`
}

const faultTables = (): string =>
  Object.entries(areas).map(([area, faults]) =>
    [
      `### ${area}`,
      "",
      "| # | fault | retried |",
      "|--:|---|---|",
      ...Object.entries<Fault>(faults).map(faultRow)
    ].join("\n")
  ).join("\n\n")

describe("docs/reliability.md", () => {
  it("docs/reliability.md has the tables of the matrix; `vitest -u` writes them", async () => {
    const file = join(import.meta.dirname, "../../../../docs/reliability.md")
    const text = readFileSync(file, "utf8")
    const pattern = /<!-- faults -->\n[^]*<!-- \/faults -->/
    assert.match(text, pattern)
    const content = `<!-- faults -->\n\n${faultTables()}\n\n<!-- /faults -->`
    await expect(text.replace(pattern, () => content)).toMatchFileSnapshot(file)
  })
})
