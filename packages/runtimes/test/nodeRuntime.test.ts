import { type Checked, describeRuntimes } from "./describeRuntimes.ts"
import { expected } from "./expected.ts"

const everywhere: Checked = { program: "nodeRuntime", expected: expected({}) }

describeRuntimes("node-runtime", {
  "Node 20": everywhere,
  "Node 22": everywhere,
  "Node 24": everywhere,
  Deno: everywhere,
  // its replacement of undici cannot dispatch
  Bun: {
    program: "nodeRuntime",
    expected: { "a session": { tag: "ConfigError", kind: "Unsupported" } }
  }
})
