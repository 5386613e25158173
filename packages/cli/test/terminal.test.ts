import { assert, it, vi } from "@effect/vitest"
import { WriteStream } from "node:tty"
import * as stream from "../src/terminal.ts"

const terminal = { columns: 80, hasColors: () => true }

it("there are colors on a terminal that has them, and nowhere else", () => {
  assert.isTrue(stream.hasColor(terminal, {}))
  assert.isFalse(stream.hasColor({ ...terminal, hasColors: () => false }, {}))
  assert.isFalse(stream.hasColor({}, {}))
})

it("FORCE_COLOR forces colors on any stream, and NO_COLOR takes precedence over it", () => {
  assert.isTrue(stream.hasColor({}, { FORCE_COLOR: "1" }))
  assert.isTrue(stream.hasColor({}, { FORCE_COLOR: "" }))
  assert.isFalse(stream.hasColor(terminal, { FORCE_COLOR: "0" }))
  assert.isFalse(stream.hasColor(terminal, { FORCE_COLOR: "1", NO_COLOR: "1" }))
})

it("there are no colors when NO_COLOR has a value", () => {
  assert.isFalse(stream.hasColor(terminal, { NO_COLOR: "1" }))
  assert.isFalse(stream.hasColor(terminal, { NO_COLOR: "0", FORCE_COLOR: "3" }))
  assert.isTrue(stream.hasColor(terminal, { NO_COLOR: "" }))
})

it("there are colors when NO_COLOR is empty, on each version of Node", () => {
  vi.stubEnv("NO_COLOR", "")
  const node = (env?: object) => WriteStream.prototype.hasColors(env)
  assert.isTrue(stream.hasColor({ hasColors: node }, { TERM: "xterm-256color", NO_COLOR: "" }))
  assert.isTrue(stream.hasColor({ hasColors: node }, { TERM: "xterm-256color" }))
  assert.isFalse(stream.hasColor({ hasColors: node }, { TERM: "dumb", NO_COLOR: "" }))
  vi.unstubAllEnvs()
})

it("the width is that of the terminal within 20 and 120 columns, and 120 without a terminal", () => {
  assert.deepStrictEqual(
    [{ columns: 80 }, { columns: 10 }, { columns: 300 }, {}].map(stream.width),
    [80, 20, 120, 120]
  )
})

it("the width of a table is that of the terminal from 20 columns, and infinite without a terminal", () => {
  assert.deepStrictEqual(
    [{ columns: 80 }, { columns: 10 }, { columns: 300 }, {}].map(stream.tableWidth),
    [80, 20, 300, Infinity]
  )
})
