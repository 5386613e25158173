import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const source = new URL("../../src/", import.meta.url)

/** The files that a file of the package pulls in, itself included. Imports of types pull in nothing. */
const reach = (entry: string): ReadonlySet<string> => {
  const found = new Set<string>()
  const visit = (url: URL): void => {
    if (found.has(url.href)) return
    found.add(url.href)
    const text = readFileSync(fileURLToPath(url), "utf8")
    for (const match of text.matchAll(/^(?:import|export) (?!type )[^"]*"(\.{1,2}\/[^"]+\.ts)"/gm)) {
      visit(new URL(match[1] ?? "", url))
    }
  }
  visit(new URL(entry, source))
  return new Set(Array.from(found, href => href.slice(source.href.length)))
}

it("what production imports has nothing of the testing kit", () => {
  for (const entry of ["index.ts", "VideoApi.ts"]) {
    const files = [...reach(entry)]
    assert.isAbove(files.length, 5)
    assert.deepStrictEqual(files.filter(file => file.startsWith("testing/")), [])
  }
  assert.include([...reach("testing/index.ts")], "testing/internal/script.ts")
})
