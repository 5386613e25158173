import { defineConfig } from "vitest/config"

/** Resolve the packages of this workspace to their sources, so that tests need no build. */
const conditions = ["@effect-signalwire/source", "node", "module", "default"]

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    pool: "forks",
    // a process for each core, since loading Effect takes longer than most files of tests; what the faults count in their
    // process is counted before and after each row
    poolOptions: { forks: { isolate: false, minForks: "100%", maxForks: "100%" } },
    // one for all packages, since each project has processes of its own; type tests (*.test-d.ts) are checked by `tsc -b`
    projects: [{ extends: true, test: { name: "packages", include: ["packages/*/test/**/*.test.ts"] } }]
  }
})
