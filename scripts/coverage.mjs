/** Runs the tests of core and node-runtime with coverage, and writes the figures into docs/quality.md. */
import { spawnSync } from "node:child_process"
import { readFile } from "node:fs/promises"
import { percent, root, table, writeFigures } from "./quality.mjs"

const { status } = spawnSync(process.execPath, [
  "node_modules/vitest/vitest.mjs",
  "run",
  "--config",
  "vitest.coverage.ts"
], {
  cwd: root,
  stdio: "inherit"
})
if (status !== 0) process.exit(1)

const files = Object.entries(JSON.parse(await readFile(`${root}coverage/coverage-summary.json`, "utf8")))
const rows = ["core", "node-runtime"].map(name => {
  const summaries = files.flatMap(([path, summary]) => path.includes(`/packages/${name}/src/`) ? [summary] : [])
  const total = (kind, key) => summaries.reduce((sum, summary) => sum + summary[kind][key], 0)
  return [
    name,
    ...["lines", "branches"].flatMap(kind => [
      total(kind, "total"),
      `${percent(total(kind, "covered"), total(kind, "total"))} %`
    ])
  ]
})
await writeFigures("coverage", table(["package", "lines", "covered", "branches", "covered"], rows))
