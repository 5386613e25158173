import { assert, describe, it } from "@effect/vitest"
import columns from "string-width"
import * as progress from "../src/progress.ts"

const line = (
  state: progress.Progress,
  measured: { readonly rate: number | undefined; readonly elapsed: number },
  width = 80
) => progress.line(state, progress.sessions, measured, { color: false, width })

describe("the line of the progress", () => {
  it("with a total, it has a bar, the share, the time left and the rate", () => {
    assert.strictEqual(
      line({ done: 2500, failed: 0, total: 10_000 }, { rate: 250, elapsed: 10_000 }),
      `${"━".repeat(7)}${"─".repeat(23)}  25% 2,500 of 10,000 sessions · 30s left · 250/s`
    )
  })

  it("without a total, as by a list, it has the time so far, the rate and the pages", () => {
    assert.strictEqual(
      line({ done: 12_300, failed: 2, total: undefined, pages: 13 }, { rate: 820, elapsed: 75_400 }),
      "12,300 sessions in 1m 15s · 2 failed · 820/s · 13 pages"
    )
    assert.strictEqual(
      line({ done: 0, failed: 0, total: undefined, pages: 1 }, { rate: undefined, elapsed: 0 }),
      "0 sessions in 0s · 1 page"
    )
  })

  it("no part is cut at any width", () => {
    for (let width = 39; width <= 120; width++) {
      for (const total of [undefined, 100_000]) {
        const text = line({ done: 12_345, failed: 67, total, pages: 124 }, { rate: 1234, elapsed: 3_700_000 }, width)
        assert.isAtMost(columns(text), width)
        assert.include(text, "12,345")
      }
    }
  })
})
