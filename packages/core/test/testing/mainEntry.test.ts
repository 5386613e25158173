import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const source = new URL("../../src/", import.meta.url)

/** The files that a file of the package imports, directly or not, and itself. Imports of types do not count. */
const importsOf = (entry: string): ReadonlySet<string> => {
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

it("the main entry and VideoApi import nothing of the test kit", () => {
  for (const entry of ["index.ts", "VideoApi.ts"]) {
    const files = [...importsOf(entry)]
    assert.isAbove(files.length, 5)
    assert.deepStrictEqual(files.filter(file => file.startsWith("testing/")), [])
  }
  assert.include([...importsOf("testing/index.ts")], "testing/internal/scriptCursor.ts")
})

it("the test kit does not import recordings", () => {
  const files = importsOf("testing/index.ts")
  for (const file of ["testing/Recording.ts", "testing/internal/recorder.ts", "testing/internal/recordingFormat.ts"]) {
    assert.isTrue(importsOf("testing/Recording.ts").has(file), file)
    assert.isFalse(files.has(file), file)
  }
})
