import { describe } from "@effect/vitest"
import type { CheckName } from "../src/suite/checks.ts"
import { type Checked, describeRuntimes } from "./describeRuntimes.ts"
import { expected } from "./expected.ts"

/** Callbacks of undici run in the context of whoever opened the connection, or called first. */
const failing: ReadonlyArray<CheckName> = [
  "AsyncLocalStorage in calls in a row",
  "AsyncLocalStorage in calls at once",
  "AsyncLocalStorage in retries at once"
]

const everywhere: Checked = { program: "nodeRuntime", expected: expected({}), failing }

describe("node-runtime", () => {
  describeRuntimes({
    "Node 20": everywhere,
    "Node 22": everywhere,
    "Node 24": everywhere,
    Deno: everywhere,
    // it replaces undici by a module that cannot dispatch
    Bun: {
      program: "nodeRuntime",
      expected: { "a session": { tag: "ConfigError", kind: "Unsupported" } },
      failing: ["a session"]
    }
  })
})
