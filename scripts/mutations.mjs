/**
 * Mutation tests of the modules that decide what users rely on most: `node scripts/mutations.mjs [module ...]`, such as
 * `retry`. Writes docs/mutations.md and the figures of docs/quality.md when there are results of all modules; with `--report`,
 * from the results of earlier runs, for example after a reason was added.
 */
import { Stryker } from "@stryker-mutator/core"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import reasons from "./mutations.reasons.json" with { type: "json" }
import { percent, root, table, writeFigures } from "./quality.mjs"

const minimum = 85

/** The modules, each with the tests that are about it: those of the whole package would take hours. */
const modules = {
  Credentials: ["src/Credentials.ts", "test/Credentials.test.ts"],
  paging: ["src/internal/paging.ts", "test/internal/paging.test.ts"],
  secrets: ["src/internal/secrets.ts", "test/internal/secrets.test.ts"],
  retry: ["src/internal/request/retry.ts", "test/internal/retry.test.ts"],
  retryable: ["src/internal/request/retryable.ts", "test/internal/retry.test.ts"],
  retryBudget: ["src/internal/request/retryBudget.ts", "test/internal/retry.test.ts"],
  classify: ["src/internal/response/classify.ts", "test/internal/classify.test.ts"],
  transportErrors: ["src/internal/response/transportErrors.ts", "test/internal/transportErrors.test.ts"],
  retryAfter: ["src/internal/response/retryAfter.ts", "test/internal/retryAfter.test.ts"],
  nextLink: ["src/internal/response/nextLink.ts", "test/internal/nextLink.test.ts"],
  RecordingDownload: ["src/RecordingDownload.ts", "test/RecordingDownload.test.ts"],
  range: ["src/internal/download/range.ts", "test/RecordingDownload.test.ts"],
  downloadOptions: ["src/internal/download/options.ts", "test/RecordingDownload.test.ts"]
}

const folder = `${root}reports/mutations`
const reportOf = name => `${folder}/${name}.json`

const run = async (name, [source, tests]) => {
  process.chdir(`${root}packages/core`)
  process.env["MUTATION_TESTS"] = tests
  await new Stryker({
    mutate: [source],
    testRunner: "vitest",
    plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
    vitest: { configFile: "vitest.mutations.ts", related: false },
    // a machine has other work too; some mutants never end
    concurrency: 1,
    timeoutMS: 15_000,
    // the copy is inside of the package; the configuration of TypeScript is that of the package itself
    ignorePatterns: ["dist", "*.json", "!package.json"],
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: reportOf(name) },
    warnings: { slow: false }
  }).runMutationTest()
}

const textOf = (source, { end, start }) => {
  const lines = source.split("\n").slice(start.line - 1, end.line)
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1)
  lines[0] = lines[0].slice(start.column - 1)
  return lines.map(line => line.trim()).join(" ")
}

const resultOf = async (name, [source]) => {
  const report = JSON.parse(await readFile(reportOf(name), "utf8"))
  const { mutants, source: text } = report.files[source]
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length
  const killed = count("Killed", "Timeout")
  const survived = mutants.filter(({ status }) => status === "Survived" || status === "NoCoverage")
  const survivors = survived.toSorted((a, b) => a.location.start.line - b.location.start.line).map(mutant => {
    const [original, replacement] = [textOf(text, mutant.location), mutant.replacement.replaceAll(/\s+/g, " ")]
    return {
      line: mutant.location.start.line,
      original,
      replacement,
      reason: reasons.find(known =>
        known.module === name && known.original === original && known.replacement === replacement
      )?.reason
    }
  })
  return { name, source, killed, total: killed + survivors.length, unloadable: count("RuntimeError"), survivors }
}

// a template literal as code has two backticks itself
const cell = text => `\`\`\` ${text.replaceAll("|", "\\|")} \`\`\``

const sectionOf = ({ name, source, survivors }) => {
  const rows = survivors.map(({ line, original, reason = "**no test notices it yet**", replacement }) => [
    line,
    cell(original),
    cell(replacement),
    reason
  ])
  const list = rows.length === 0 ? "None survives." : [
    "| line | code | mutant | why it survives |",
    "| ---: | --- | --- | --- |",
    ...rows.map(cells => `| ${cells.join(" | ")} |`)
  ].join("\n")
  return `## ${name}\n\n[${source}](../packages/core/${source})\n\n${list}\n`
}

const given = process.argv.slice(2)
const chosen = given.includes("--report") ? [] : given.length > 0 ? given : Object.keys(modules)
await mkdir(folder, { recursive: true })
for (const name of chosen) {
  if (modules[name] === undefined) throw new Error(`${name} is none of ${Object.keys(modules).join(", ")}`)
  console.log(`${name}: ${modules[name].join(" by ")}`)
  // oxlint-disable-next-line no-await-in-loop -- one after the other, since each takes all of a core
  await run(name, modules[name])
}

const settled = await Promise.allSettled(Object.entries(modules).map(([name, files]) => resultOf(name, files)))
const results = settled.flatMap(({ value }) => value === undefined ? [] : [value])
for (const { killed, name, survivors, total } of results.filter(({ name }) => chosen.includes(name))) {
  console.log(`${name}: ${percent(killed, total)} % of ${total} mutants`)
  for (const { line, original, reason, replacement } of survivors) {
    if (reason === undefined) console.log(`  ${line}: ${original} -> ${replacement}`)
  }
}
if (results.length === settled.length) {
  const sum = key => results.reduce((total, result) => total + result[key], 0)
  const unexplained = survivors => survivors.filter(({ reason }) => reason === undefined).length
  const row = (name, { killed, survivors, total, unloadable }) => [
    name,
    total,
    killed,
    survivors.length,
    unexplained(survivors),
    unloadable,
    `${percent(killed, total)} %`
  ]
  const all = {
    killed: sum("killed"),
    total: sum("total"),
    unloadable: sum("unloadable"),
    survivors: results.flatMap(({ survivors }) => survivors)
  }
  await writeFigures(
    "mutations",
    table(
      ["module", "mutants", "noticed", "survived", "without a reason", "not loadable", "score"],
      [...results.map(result => row(result.name, result)), row("all", all)]
    )
  )
  const intro = "# Mutants that survive\n\n" +
    "`npx -y pnpm@10.34.8 mutations` writes this page, with the reasons of `scripts/mutations.reasons.json`. An equivalent mutant has the same behavior as the code, so that\n" +
    "no test can notice it. [quality.md](quality.md#mutations) has the scores.\n\n"
  await writeFile(`${root}docs/mutations.md`, intro + results.map(sectionOf).join("\n"))
}
const low = results.filter(({ killed, total }) => (100 * killed) / total < minimum)
if (low.length > 0) {
  console.error(`Below ${minimum} %: ${low.map(({ name }) => name).join(", ")}`)
  process.exitCode = 1
}
