import { expected, unsupported } from "../../src/suite/expected.ts"
import { type Checked, describeRuntimes } from "../describeRuntimes.ts"

const everywhere: Checked = { program: "nodeRuntime", expected: expected({}) }

describeRuntimes("node-runtime", {
  "Node 20": everywhere,
  "Node 22": everywhere,
  "Node 24": everywhere,
  Deno: everywhere,
  Bun: { program: "nodeRuntime", expected: unsupported }
})
