import { assert, describe, it } from "@effect/vitest"
import { effectAlone, loadedByCore, loadedByEffectAlone, ownCodeOfNodeRuntime, wholeCore } from "../src/size.ts"

/** A resource is three modules: its model, its endpoints and its service. There is room for three resources. */
const maxOwnModules = 85

describe("budgets of core", { timeout: 120_000 }, () => {
  it("core adds at most 31 KB, minified and compressed, to the Effect modules that it uses", async () => {
    const [whole, alone] = await Promise.all([wholeCore(), effectAlone()])
    assert.isAbove(alone.gzip, 50_000, "Effect alone was bundled")
    assert.isAtMost(whole.gzip - alone.gzip, 31_000)
  })

  it("core loads at most 10 % more code than the Effect modules that it imports", async () => {
    const [core, alone] = await Promise.all([loadedByCore(), loadedByEffectAlone()])
    assert.isAbove(alone.all.modules, 100, "the modules of Effect were found")
    assert.isAtMost(core.all.bytes / alone.all.bytes, 1.1)
    assert.isAtMost(
      core.own.modules,
      maxOwnModules,
      "modules of core that an application loads. A new resource is three: raise maxOwnModules in packages/bench/test/size.test.ts"
    )
  })

  it("core loads no barrel of Effect, and nothing of HttpApi", async () => {
    const { paths } = await loadedByCore()
    const unwanted = paths.filter(path =>
      /node_modules\/(?:effect|@effect\/platform)\/dist\/esm\/(?:index|HttpApi\w*|OpenApi)\.js$/.test(path)
    )
    assert.deepStrictEqual(unwanted, [])
  })
})

describe("budgets of node-runtime", { timeout: 120_000 }, () => {
  it("node-runtime adds at most 8.5 KB, minified and compressed, to core, Effect and undici", async () => {
    const { gzip } = await ownCodeOfNodeRuntime()
    assert.isAtMost(gzip, 8_500)
  })
})
