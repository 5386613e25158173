/** The recipe of docs/start-up.md: one file, and a start file with a compile cache. */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync } from "node:fs"
import * as module from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundle, remove, sandboxVariables, start } from "./support/programs.ts"

const root = new URL("../../../", import.meta.url)
const startFile = new URL("packages/examples/src/start.mjs", root)

const program = bundle(["application"])
renameSync(join(program, "application.js"), join(program, "main.mjs"))
cpSync(startFile, join(program, "start.mjs"))
afterAll(() => remove(program))

const cache = mkdtempSync(join(tmpdir(), "compile-cache-"))
afterAll(() => remove(cache))

describe("the start file", () => {
  it("is the one of docs/start-up.md", () => {
    const page = readFileSync(new URL("docs/start-up.md", root), "utf8")
    assert.include(page, `\`\`\`js\n// start.mjs\n${readFileSync(startFile, "utf8")}\`\`\``)
  })

  it.live("runs the program, and writes a compile cache where Node has one", () =>
    Effect.gen(function*() {
      const variables = { ...yield* sandboxVariables, NODE_COMPILE_CACHE: cache }
      for (const name of ["start.mjs", "start.mjs"]) {
        const { end } = yield* start(program, [name], variables)
        const { code, output } = yield* end
        assert.strictEqual(code, 0, output)
        assert.match(output, / is completed\n$/)
      }
      assert.strictEqual(existsSync(cache) && readdirSync(cache).length > 0, Reflect.has(module, "enableCompileCache"))
    }).pipe(Effect.scoped, Effect.provide(SandboxSpace.layerTest)))
})
