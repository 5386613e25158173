import { assert, it } from "@effect/vitest"
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

it("is as wide as the terminal, from 60 to 120 columns, and 120 without one", () => {
  assert.deepStrictEqual(
    [{ columns: 80 }, { columns: 20 }, { columns: 300 }, {}].map(display.width),
    [80, 60, 120, 120]
  )
})
