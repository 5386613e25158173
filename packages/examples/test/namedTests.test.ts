/** A list of `docs/security.md` names a test by a link: its text is the name, its target the file. */
import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"

const docs = new URL("../../../docs/", import.meta.url)

const named = Array.from(
  readFileSync(new URL("security.md", docs), "utf8").matchAll(
    /^- \[(?<name>(?:[^\]\\]|\\.)+)\]\((?<file>[^)]+\.test\.ts)\)/gm
  ),
  ({ groups: { file = "", name = "" } = {} }) => ({ name: name.replaceAll("\\", ""), file: new URL(file, docs) })
)

it("each test that docs/security.md names is in its file", () => {
  assert.isAbove(named.length, 20)
  assert.deepStrictEqual(named.filter(({ file, name }) => !readFileSync(file, "utf8").includes(name)), [])
})
