import { defineConfig } from "vitest/config"

/** Resolve the packages of this workspace to their sources, so that tests need no build. */
const conditions = ["@effect-signalwire/source", "node", "module", "default"]

const project = (name: string) => ({
  extends: true as const,
  root: `packages/${name}`,
  test: {
    name,
    include: ["test/**/*.test.ts"],
    // the faults count the sockets, timers and listeners of their process; nothing else needs one of its own
    isolate: name === "node-runtime"
  }
})

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // type tests (*.test-d.ts) are checked by `tsc -b`
    projects: ["core", "node-runtime", "sandbox", "cli", "examples", "bench"].map(project)
  }
})
