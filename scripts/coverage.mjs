/**
 * Runs the tests of core and node-runtime with coverage, and compares the figures with those of docs/quality.md. It writes
 * them where they differ: a percentage by more than 0.1 and two lines or branches, or a count by a tenth. With `--check` it fails then.
 */
import { spawnSync } from "node:child_process"
import { readFile } from "node:fs/promises"
import { figuresOf, percent, root, table, writeFigures } from "./quality.mjs"

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
const head = ["package", "lines", "covered", "branches", "covered"]
const measured = table(head, rows)
const written = await figuresOf("coverage")

/** Whether a part is about the same of a number of lines or branches; which of them run depends a little on time. */
const isClose = ([total, part], [otherTotal, otherPart]) =>
  Math.abs(total - otherTotal) <= total / 10 &&
  Math.abs(Number.parseFloat(part) - Number.parseFloat(otherPart)) <= Math.max(0.1, 200 / total) + 1e-9

const pairsOf = ([, lines, coveredLines, branches, coveredBranches]) => [
  [lines, coveredLines],
  [branches, coveredBranches]
]
const isRowClose = row => {
  const other = written.split("\n").map(line => line.split("|").slice(1, -1).map(cell => cell.trim()))
    .find(([name]) => name === row[0])
  return other !== undefined && pairsOf(row).every((pair, index) => isClose(pair, pairsOf(other)[index]))
}

if (table(head, []) === written.split("\n").slice(0, 2).join("\n") && rows.every(isRowClose)) {
  console.log("docs/quality.md has these figures")
} else if (process.argv.includes("--check")) {
  console.error(
    `docs/quality.md has other figures: run \`npx -y pnpm@10.34.8 coverage\`, which writes\n\n${measured}\n\nin place of\n\n${written}`
  )
  process.exitCode = 1
} else await writeFigures("coverage", measured)
