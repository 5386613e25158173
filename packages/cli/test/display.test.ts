import { assert, it, vi } from "@effect/vitest"
import { WriteStream } from "node:tty"
import * as display from "../src/display.ts"

const terminal = { columns: 80, hasColors: () => true }

it("uses colours on a terminal that has them, and nowhere else", () => {
  assert.isTrue(display.hasColor(terminal, {}))
  assert.isFalse(display.hasColor({ ...terminal, hasColors: () => false }, {}))
  assert.isFalse(display.hasColor({}, {}))
  assert.isFalse(display.hasColor({}, { FORCE_COLOR: "3" }))
})

it("uses no colours when NO_COLOR has a value", () => {
  assert.isFalse(display.hasColor(terminal, { NO_COLOR: "1" }))
  assert.isFalse(display.hasColor(terminal, { NO_COLOR: "0", FORCE_COLOR: "3" }))
  assert.isTrue(display.hasColor(terminal, { NO_COLOR: "" }))
})

it("uses colours when NO_COLOR is empty, whatever Node makes of that", () => {
  vi.stubEnv("NO_COLOR", "")
  const node = (env?: object) => WriteStream.prototype.hasColors(env)
  assert.isTrue(display.hasColor({ hasColors: node }, { TERM: "xterm-256color", NO_COLOR: "" }))
  assert.isTrue(display.hasColor({ hasColors: node }, { TERM: "xterm-256color" }))
  assert.isFalse(display.hasColor({ hasColors: node }, { TERM: "dumb", NO_COLOR: "" }))
  vi.unstubAllEnvs()
})

it("is as wide as the terminal, from 60 to 120 columns, and 120 without one", () => {
  assert.deepStrictEqual(
    [{ columns: 80 }, { columns: 20 }, { columns: 300 }, {}].map(display.width),
    [80, 60, 120, 120]
  )
})
