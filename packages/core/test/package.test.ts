import { assert, describe, it, vi } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter(path =>
  path.endsWith(".ts")
)

const specifier = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*"([^"]+)"/g

/** The modules that a source imports outside of its comments. */
const imports = (path: string): ReadonlyArray<string> =>
  Array.from(
    readFileSync(join(root, "src", path), "utf8").replace(/\/\*[\s\S]*?\*\//g, "").matchAll(specifier),
    match => match[1] ?? ""
  )

describe("the sources of core", () => {
  it("the search finds the files and their imports", () => {
    assert.isAbove(sources.length, 15)
    assert.isAbove(sources.flatMap(imports).length, 50)
  })

  it.each(sources)("%s imports only files of the package and modules of effect and @effect/platform", path => {
    for (const name of imports(path)) assert.match(name, /^(?:\.{1,2}\/.*\.ts|effect\/\w+|@effect\/platform\/\w+)$/)
  })

  // it uses `setImmediate` where there is one, which the next test checks
  const others = sources.filter(path => path !== join("internal", "afterInput.ts"))

  it.each(others)("%s uses no globals of Node", path => {
    const text = readFileSync(join(root, "src", path), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
    assert.notMatch(text, /\b(?:process\.|Buffer\b|__dirname|setImmediate)/)
  })
  it("without setImmediate, a callback after the input runs at once", async () => {
    vi.stubGlobal("setImmediate", undefined)
    vi.resetModules()
    const { afterInput } = await import("../src/internal/afterInput.ts")
    vi.unstubAllGlobals()
    let isCalled = false
    afterInput(() => {
      isCalled = true
    })
    assert.isTrue(isCalled)
  })
})
