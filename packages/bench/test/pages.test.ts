import { assert, describe, expect, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const fileOf = (name: string): string => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url))

/** The tables of docs/benchmarks.md, which `bench --docs` writes, by title. */
const tables = new Map(
  readFileSync(fileOf("benchmarks.md"), "utf8").split(/^## /m).slice(1).map(section => {
    const [title = "", ...lines] = section.split("\n")
    return [title, lines.filter(line => line.startsWith("|")).join("\n")] as const
  })
)

const withTables = (page: string): string =>
  page.replace(/<!-- benchmarks: (.+) -->\n[^]*?<!-- \/benchmarks -->/g, (_, title: string) => {
    const table = tables.get(title)
    assert.isDefined(table, `docs/benchmarks.md has no table ${title}`)
    return `<!-- benchmarks: ${title} -->\n\n${table}\n\n<!-- /benchmarks -->`
  })

describe("tables of benchmarks in other pages", () => {
  it.each(["performance.md", "start-up.md"])(
    "docs/%s has the figures of docs/benchmarks.md; `vitest -u` writes them",
    async name => {
      const page = readFileSync(fileOf(name), "utf8")
      assert.include(page, "<!-- benchmarks: ")
      await expect(withTables(page)).toMatchFileSnapshot(fileOf(name))
    }
  )
})
