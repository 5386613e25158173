import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../src/versions/run.ts"

const file = "docs/decisions/dependencies.md"
const read = (...path: ReadonlyArray<string>): string => readFileSync(join(root, ...path), "utf8")

/** The rows, each with the heading of its section. */
const rows = read(file).split(/^### /m).slice(1).flatMap(section => {
  const heading = section.slice(0, section.indexOf("\n"))
  return Array.from(section.matchAll(/^\| `(\S+)` \| .+ \|$/gm), ([, name = ""]) => ({ name, heading }))
})
const headingsOf = (name: string): ReadonlyArray<string> =>
  rows.filter(row => row.name === name).map(({ heading }) => heading)

const published = ["core", "node-runtime", "sandbox", "cli"].map(name => `@effect-signalwire/${name}`)

/** The sections of the packages that are not published; the benchmarks measure what the examples and the tests use. */
const headings: Readonly<Record<string, ReadonlyArray<string>>> = {
  "effect-signalwire": ["Tools"],
  "@effect-signalwire/runtimes": ["Tests"],
  "@effect-signalwire/site": ["Site of the documentation"],
  "@effect-signalwire/examples": ["Examples"],
  "@effect-signalwire/bench": ["Benchmarks", "Examples", "Tests"]
}

const isExternal = (name: string): boolean => !name.startsWith("@effect-signalwire/")

const manifests = ["", ...readdirSync(join(root, "packages")).map(name => join("packages", name))].map(folder => {
  const { dependencies = {}, devDependencies = {}, name, peerDependencies = {} } = JSON.parse(
    read(folder, "package.json")
  )
  const [own, peers, others] = [dependencies, peerDependencies, devDependencies].map(names =>
    Object.keys(names).filter(isExternal)
  )
  return { name: String(name), own: own ?? [], peers: peers ?? [], others: others ?? [] }
})

/**
 * What users of a package install is in its own section, or is a peer of core. The rest is in the section of a package, of
 * the tests or of the tools.
 */
const sectionsOf = (name: string, kind: "own" | "peers" | "others"): ReadonlyArray<string> => {
  if (published.includes(name) && kind === "own") return [name]
  if (published.includes(name) && kind === "peers") return [name, "@effect-signalwire/core"]
  return [...headings[name] ?? [], ...published, "Tests", "Tools"]
}

describe("docs/decisions/dependencies.md", () => {
  it.each(manifests)("says why each direct dependency of $name was chosen, in the section of the package", manifest => {
    const problems = (["own", "peers", "others"] as const).flatMap(kind => {
      const sections = sectionsOf(manifest.name, kind)
      return manifest[kind].filter(name => !headingsOf(name).some(heading => sections.includes(heading))).map(name =>
        `${file}: add a row for ${name} to "${sections[0]}"; those of other packages are in: ${
          headingsOf(name).join(", ")
        }`
      )
    })
    assert.deepStrictEqual(problems, [])
  })

  it("has one row for each direct dependency, and no other rows", () => {
    const used = new Set(manifests.flatMap(({ others, own, peers }) => [...own, ...peers, ...others]))
    const problems = rows.flatMap(({ heading, name }, index) => [
      ...used.has(name) ? [] : [`delete ${name} from "${heading}": no package depends on it`],
      // two published packages can have the same dependency for two reasons
      ...rows.slice(0, index).filter(row =>
        row.name === name && (row.heading === heading || !published.includes(heading))
      ).map(row => `delete ${name} from "${heading}": it has another row in "${row.heading}"`)
    ])
    assert.deepStrictEqual(problems, [])
  })
})
