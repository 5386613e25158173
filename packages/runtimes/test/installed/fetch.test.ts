import { expected, fetch } from "../../src/suite/expected.ts"
import { describeRuntimes } from "../describeRuntimes.ts"

describeRuntimes("core over fetch", {
  "Node 20": { program: "fetch", expected: expected(fetch["Node 20"]) },
  "Node 22": { program: "fetch", expected: expected(fetch["Node 22"]) },
  "Node 24": { program: "fetch", expected: expected(fetch["Node 24"]) },
  Bun: { program: "fetch", expected: expected(fetch.Bun) },
  Deno: { program: "fetch", expected: expected(fetch.Deno) },
  workerd: { program: "worker", expected: expected(fetch.workerd) },
  Chromium: { program: "browser", expected: expected(fetch.Chromium) }
})
