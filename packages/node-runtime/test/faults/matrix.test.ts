import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { matrix } from "./harness/matrix.ts"

const tested = readdirSync(import.meta.dirname)
  .filter(name => name.endsWith(".test.ts"))
  .flatMap(
    name => [
      ...readFileSync(join(import.meta.dirname, name), "utf8").matchAll(
        /\b(?:row|once|cases|against|mocked|waits)\(\s*(\d+),/g
      )
    ]
  )
  .map(([, number]) => Number(number))

describe("The fault matrix", () => {
  it("has a test, or the reason for having none, for every row", () => {
    const missing = Object.entries(matrix)
      .filter(([number, { untested }]) => (untested !== undefined) === tested.includes(Number(number)))
      .map(([number]) => Number(number))
    assert.deepStrictEqual(missing, [])
  })

  it("has one test for each row", () => {
    assert.deepStrictEqual(tested.toSorted((a, b) => a - b), [...new Set(tested)].toSorted((a, b) => a - b))
  })
})
