import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter(path =>
  path.endsWith(".ts")
)

const specifier = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*"([^"]+)"/g

/** The modules that a source names outside of its comments. */
const imports = (path: string): ReadonlyArray<string> =>
  Array.from(
    readFileSync(join(root, "src", path), "utf8").replace(/\/\*[\s\S]*?\*\//g, "").matchAll(specifier),
    match => match[1] ?? ""
  )

describe("the package", () => {
  it("has sources, and they import", () => {
    assert.isAbove(sources.length, 15)
    assert.isAbove(sources.flatMap(imports).length, 50)
  })

  it.each(sources)("%s imports nothing but its neighbours, effect and @effect/platform, by subpath", path => {
    for (const name of imports(path)) assert.match(name, /^(?:\.{1,2}\/.*\.ts|effect\/\w+|@effect\/platform\/\w+)$/)
  })

  it.each(sources)("%s uses no global of Node", path => {
    const text = readFileSync(join(root, "src", path), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
    assert.notMatch(text, /\b(?:process\.|Buffer\b|__dirname|setImmediate)/)
  })
})
