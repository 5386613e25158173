import { defineConfig } from "vitest/config"
import workspace from "./vitest.workspace.ts"

const atLeast95 = { lines: 95, branches: 95 }

export default defineConfig({
  ...workspace,
  test: {
    ...workspace.test,
    projects: [{
      extends: true,
      test: {
        name: "coverage",
        include: ["packages/{core,node-runtime}/test/**/*.test.ts"],
        exclude: [
          // random requests, and many of them: they find faults in code that the other tests run too
          "**/{fuzz,soak}/**",
          "**/faults/{busyMachine,soak}.test.ts",
          // run the compiler or other processes, whose coverage is not counted
          "**/{forgottenLayer,mainEntry,package}.test.ts",
          "**/faults/reliability.test.ts"
        ]
      }
    }],
    coverage: {
      enabled: true,
      provider: "v8",
      include: ["packages/{core,node-runtime}/src/**"],
      // the branches of the source, and not those that V8 happens to count
      experimentalAstAwareRemapping: true,
      reporter: [["json-summary"], ["html"], ["text", { skipFull: true }]],
      thresholds: { "packages/core/src/**": atLeast95, "packages/node-runtime/src/**": atLeast95 }
    }
  }
})
