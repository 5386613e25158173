import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

/** Resolve the packages of this workspace to their sources, so that tests need no build. */
const conditions = ["@effect-signalwire/source", "node", "default"]

/** More than cores, since most of what the faults do is waiting; as many in CI, where nothing is warm. */
const processes = Math.ceil(availableParallelism() * (process.env["CI"] === undefined ? 1.5 : 1))

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // a busy machine takes longer, and what hangs is found all the same
    testTimeout: 20_000,
    pool: "forks",
    // not a process for each file, since loading Effect takes longer than most of them; what the faults count in their
    // process is counted before and after each row
    poolOptions: { forks: { isolate: false, minForks: processes, maxForks: processes } },
    // one for all packages, since each project has processes of its own; type tests (*.test-d.ts) are checked by `tsc -b`
    projects: [{ extends: true, test: { name: "packages", include: ["packages/*/test/**/*.test.ts"] } }]
  }
})
