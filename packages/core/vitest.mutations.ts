/** The tests that `scripts/mutations.mjs` chooses, over the sources that it changes. */
import { defineConfig } from "vitest/config"
import type { Reporter, TestModule, Vitest } from "vitest/node"

const conditions = ["@effect-signalwire/source", "node", "default"]

/** Stryker reads the results of tests only. A file of tests that cannot be loaded has none, and would count as passed. */
class LoadErrors implements Reporter {
  #vitest: Vitest | undefined

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    for (const error of modules.flatMap(module => module.errors())) this.#vitest?.state.errorsSet.add(error)
  }
}

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: process.env["MUTATION_TESTS"]?.split(",") ?? [],
    reporters: [new LoadErrors()],
    testTimeout: 10_000
  }
})
