import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

/** Resolve the packages of this workspace to their sources, so that tests need no build. */
const conditions = ["@effect-signalwire/source", "node", "default"]

/** More than cores, since the faults wait most of the time; fewer in CI, where no cache is warm. */
const processes = Math.ceil(availableParallelism() * (process.env["CI"] === undefined ? 2 : 1.5))

/** Tests that start a process for each case: a fifth of the CPU time of all tests, so `test:cli` runs them. */
const commandLine = "packages/cli/test/processes/*.test.ts"

/** Tests on other runtimes, which `runtimes:install` installs; `test:runtimes` runs them. */
const runtimes = "packages/runtimes/test/installed/*.test.ts"

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // long enough for a busy machine; a test that hangs still fails
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // each call of a test that needed retries logs a warning
    onConsoleLog: log => !/(?:needed|failed after) \d+ attempts/.test(log),
    pool: "forks",
    // no process for each file, since loading Effect takes longer than most files; the faults count the resources of
    // their process before and after each test
    poolOptions: {
      forks: {
        isolate: false,
        minForks: processes,
        maxForks: processes,
        // in MiB; most objects of a test are short-lived, and a sixth of the CPU time was garbage collection
        execArgv: ["--max-semi-space-size=64"]
      }
    },
    projects: [
      // one for all packages, since each project has processes of its own; type tests (*.test-d.ts) are checked by `tsc -b`
      {
        extends: true,
        test: { name: "packages", include: ["packages/*/test/**/*.test.ts"], exclude: [commandLine, runtimes] }
      },
      { extends: true, test: { name: "command line", include: [commandLine] } },
      { extends: true, test: { name: "runtimes", include: [runtimes] } }
    ]
  }
})
