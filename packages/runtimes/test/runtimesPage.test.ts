/** Generates the tables of `docs/runtimes.md` from the expected observations: run with `-u` after one has changed. */
import { assert, describe, expect, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import type { Observation } from "../src/suite/Report.ts"
import { expected, fetch } from "../src/suite/expected.ts"

const file = new URL("../../../docs/runtimes.md", import.meta.url)

const binaries: { readonly optionalDependencies: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL("../binaries/package.json", import.meta.url), "utf8")
)

const versionOf = (name: string): string => binaries.optionalDependencies[name]?.replace(/^npm:.*@/, "") ?? ""

/** The versions that `runtimes:install` installs. Node 20 is the one that runs the tests, and Chromium that of the system. */
const versions: Readonly<Record<keyof typeof fetch, string>> = {
  "Node 20": "20.19 and later",
  "Node 22": versionOf("node-22"),
  "Node 24": versionOf("node-24"),
  Bun: versionOf("@oven/bun-linux-x64"),
  Deno: versionOf("@deno/linux-x64-glibc"),
  workerd: versionOf("@cloudflare/workerd-linux-64"),
  Chromium: "of Debian"
}

const names = Object.keys(versions).filter(name => name in fetch)

const isTested = (name: string): name is keyof typeof fetch => name in versions

const short = (observed: Observation): string => {
  const { kind, phase, reason, status, tag } = observed
  if ("session" in observed) return "a session"
  if ("interrupted" in observed) return "aborted"
  if ("wrongStores" in observed) return "own store"
  if ("absent" in observed) return "does not exist"
  if (tag === "SignalWireTransportError") return String(reason)
  const [name = "", ...rest] = [tag, reason ?? status ?? phase ?? kind].filter(part => part !== undefined).map(String)
  return [name.replace("SignalWire", ""), ...rest].join(" ")
}

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const table = (columns: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [row(columns), row(columns.map(() => "---")), ...rows.map(row)].join("\n")

const checksOf = (observations: Readonly<Record<string, Observation>>): number =>
  Object.values(observations).filter(observed => !("absent" in observed)).length

const ofNodeRuntime = readFileSync(new URL("installed/nodeRuntime.test.ts", import.meta.url), "utf8")

const nodeRuntimeOn = (name: keyof typeof fetch): string => {
  if (!new RegExp(`^ {2}"?${name}"?:`, "m").test(ofNodeRuntime)) return "not supported"
  return name === "Bun" ? "a `ConfigError` that names core over `fetch`" : `${checksOf(expected({}))} checks`
}

const tested = (): string =>
  table(
    ["runtime", "version", "core over `fetch`", "node-runtime"],
    names.filter(isTested).map(name => [
      name,
      versions[name],
      `${checksOf(expected(fetch[name]))} checks`,
      nodeRuntimeOn(name)
    ])
  )

const observations = (): string => {
  const columns = names.filter(isTested).map(name => Object.entries(expected(fetch[name])))
  return table(
    ["check", ...names],
    Object.keys(expected({})).map((check, index) => [
      check,
      ...columns.map(observed => {
        const [, of] = observed[index] ?? []
        return of === undefined ? "" : short(of)
      })
    ])
  )
}

const replaced = (text: string, section: string, content: string): string => {
  const pattern = new RegExp(`<!-- ${section} -->\\n[^]*<!-- /${section} -->`)
  assert.match(text, pattern)
  return text.replace(pattern, () => `<!-- ${section} -->\n\n${content}\n\n<!-- /${section} -->`)
}

describe("docs/runtimes.md", () => {
  it("docs/runtimes.md has what is tested on each runtime; `vitest -u` writes it", async () => {
    const text = readFileSync(file, "utf8")
    await expect(replaced(replaced(text, "tested", tested()), "observations", observations()))
      .toMatchFileSnapshot(file.pathname)
  })
})
