import { assert, describe, it } from "@effect/vitest"
import { effectAlone, loadedByCore, loadedByEffectAlone, ownCodeOfNodeRuntime, wholeCore } from "../src/size.ts"

/** They leave room for two resources. A resource is three modules of core: its model, its endpoints and its service. */
const limits = {
  /** Of core over the Effect modules that it uses, in bytes. */
  coreGzip: 34_500,
  /** The code that core loads, as a ratio to that of the Effect modules that it imports. */
  loaded: 1.12,
  /** The modules of core that an application loads. */
  coreModules: 85,
  /** Of node-runtime over core, Effect and undici, in bytes. */
  nodeRuntimeGzip: 10_000
}

const raise = (limit: keyof typeof limits): string =>
  `if all of it belongs in the package, such as the three modules of a new resource, raise limits.${limit} in packages/bench/test/size.test.ts`

describe("budgets of core", { timeout: 120_000 }, () => {
  it("core adds at most 34.5 KB, minified and compressed, to the Effect modules that it uses", async () => {
    const [whole, alone] = await Promise.all([wholeCore(), effectAlone()])
    assert.isAbove(alone.gzip, 50_000, "Effect alone was bundled")
    assert.isAtMost(whole.gzip - alone.gzip, limits.coreGzip, raise("coreGzip"))
  })

  it("core loads at most 12 % more code than the Effect modules that it imports", async () => {
    const [core, alone] = await Promise.all([loadedByCore(), loadedByEffectAlone()])
    assert.isAbove(alone.all.modules, 100, "the modules of Effect were found")
    assert.isAtMost(core.all.bytes / alone.all.bytes, limits.loaded, raise("loaded"))
    assert.isAtMost(core.own.modules, limits.coreModules, raise("coreModules"))
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
  it("node-runtime adds at most 10 KB, minified and compressed, to core, Effect and undici", async () => {
    const { gzip } = await ownCodeOfNodeRuntime()
    assert.isAtMost(gzip, limits.nodeRuntimeGzip, raise("nodeRuntimeGzip"))
  })
})
