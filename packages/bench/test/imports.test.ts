/** The table and the icicle of the modules of an import. */
import { assert, describe, it } from "@effect/vitest"
import * as icicle from "../src/icicle.ts"
import { table } from "../src/suites/imports.ts"

const modules = {
  "file:///app/node_modules/.pnpm/effect@3/node_modules/effect/dist/esm/Schema.js": 50,
  "file:///app/node_modules/.pnpm/effect@3/node_modules/effect/dist/esm/Option.js": 1,
  "file:///app/node_modules/undici/lib/web/fetch/body.js": 1.5,
  "file:///app/node_modules/undici/lib/web/fetch/index.js": 1.5,
  "file:///app/node_modules/undici/index.js": 35,
  "file:///repo/packages/core/dist/RoomSession.js": 10,
  "node:http2": 1
}

const found = table([modules])

describe("the modules of an import", () => {
  it("are large ones, the small ones of a large folder, and all others, by package", () => {
    assert.deepStrictEqual(found.rows.map(({ cells, name }) => [name, cells[0]?.value]), [
      ["effect/Schema", 50],
      ["effect, 1 other", 1],
      ["undici/index", 35],
      ["undici/web/fetch, 2 modules", 3],
      ["core/RoomSession", 10],
      ["node, 1 module", 1]
    ])
  })

  it("have the median of the processes", () => {
    const samples = [1, 9, 2].map(http2 => ({ ...modules, "node:http2": http2 }))
    assert.deepStrictEqual(table(samples).rows.at(-1)?.cells[0]?.value, 2)
  })

  for (const scheme of ["light", "dark"] as const) {
    it(`are labels of the ${scheme} icicle, where they have the height of a line`, async () => {
      const svg = await icicle.draw(scheme, found)
      assert.include(svg, ">effect, 51 ms<")
      assert.include(svg, ">Schema, 50.0 ms<")
      assert.include(svg, ">web/fetch, 2 modules, 3.0 ms<")
      assert.notInclude(svg, "1 module, 1.0 ms")
    })
  }
})
