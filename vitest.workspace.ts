import { defineConfig } from "vitest/config"

/** Resolve the packages of this workspace to their sources, so that tests need no build. */
const conditions = ["@effect-signalwire/source", "node", "module", "default"]

const project = (name: string) => ({
  extends: true as const,
  root: `packages/${name}`,
  test: {
    name,
    include: ["test/**/*.test.ts"]
  }
})

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // a process for each file loads Effect again each time, which takes longer than most tests; what the faults count in
    // their process is counted before and after each row
    pool: "forks",
    poolOptions: { forks: { isolate: false, minForks: "100%", maxForks: "100%" } },
    // type tests (*.test-d.ts) are checked by `tsc -b`
    projects: ["core", "node-runtime", "sandbox", "cli", "examples", "bench"].map(project)
  }
})
