import { describe } from "@effect/vitest"
import { type Checked, describeRuntimes } from "./describeRuntimes.ts"
import { expected } from "./expected.ts"

const everywhere: Checked = { program: "nodeRuntime", expected: expected({}) }

describe("node-runtime", () => {
  describeRuntimes({
    "Node 20": everywhere,
    "Node 22": everywhere,
    "Node 24": everywhere,
    Deno: everywhere,
    // it replaces undici by a module that cannot dispatch
    Bun: {
      program: "nodeRuntime",
      expected: { "a session": { tag: "ConfigError", kind: "Unsupported" } }
    }
  })
})
