import { assert, describe, it } from "@effect/vitest"
import { parse } from "csv-parse/sync"
import * as csv from "../src/csv.ts"

const write = (name: unknown): string => csv.rows([{ name, id: 1 }], ["name", "id"])

describe("CSV", () => {
  it.each([
    ["a carriage return", "Team\r=1+1"],
    ["a line feed", "Team\n=1+1"],
    ["a line separator", "Team\u2028=1+1"],
    ["a semicolon", "Team;=1+1"],
    ["a tab", "Team\t=1+1"],
    ["a comma", "Team,=1+1"]
  ])("a text with %s is one cell for every reader", (_, name) => {
    const written = write(name)
    assert.strictEqual(written, `"${name}",1\n`)
    assert.deepStrictEqual(parse(written, { record_delimiter: ["\n", "\r", "\r\n"] }), [[name, "1"]])
  })

  it.each([
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t1",
    "\r=1",
    "\n=1",
    "\n1",
    " =1",
    "\u00a0=1",
    "\u200b\ufeff=1",
    "\uff1d1"
  ])(
    "the text %j, which a spreadsheet would take for a formula, gets an apostrophe in front",
    name => assert.strictEqual(parse(write(name))[0]?.[0], `'${name}`)
  )

  it.each(["Stand-up", "a=b", "1+1", " team", "\"=1\""])(
    "the text %j is not changed",
    name => assert.strictEqual(parse(write(name))[0]?.[0], name)
  )

  it("a negative number is not changed", () => assert.strictEqual(write(-1), "-1,1\n"))
})
