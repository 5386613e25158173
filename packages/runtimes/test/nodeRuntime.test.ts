import { describeRuntimes } from "./describeRuntimes.ts"
import { nodeRuntime } from "./expected.ts"

describeRuntimes(
  "node-runtime",
  Object.fromEntries(
    Object.entries(nodeRuntime).map(([name, expected]) => [name, { program: "nodeRuntime" as const, expected }])
  )
)
