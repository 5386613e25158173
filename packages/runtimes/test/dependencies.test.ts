import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../src/versions/run.ts"

const read = (...path: ReadonlyArray<string>): string => readFileSync(join(root, ...path), "utf8")

const document = read("docs/decisions/dependencies.md")
const explained = new Set(Array.from(document.matchAll(/^\| `(\S+)` \| .+ \|$/gm), ([, name]) => name))

const manifests = ["", ...readdirSync(join(root, "packages")).map(name => join("packages", name))]

describe("docs/decisions/dependencies.md", () => {
  it.each(manifests.map(folder => join(folder, "package.json")))(
    "says why each direct dependency of %s was chosen",
    file => {
      const { dependencies, devDependencies, peerDependencies } = JSON.parse(read(file))
      const names = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })
      const missing = names.filter(name => !name.startsWith("@effect-signalwire/") && !explained.has(name))
      assert.deepStrictEqual(missing, [])
    }
  )
})
