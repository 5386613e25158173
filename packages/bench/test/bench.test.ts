/** The benchmarks run: `pnpm test:bench`. They take longer than the other tests, which do not include them. They need `tsc -b`. */
import { assert, describe, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import * as report from "../src/report.ts"
import type { Table } from "../src/suites/suite.ts"

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url))

const quick = async (suite: string): Promise<ReadonlyArray<Table>> => {
  const folder = await mkdtemp(join(tmpdir(), "bench-"))
  try {
    const file = join(folder, "report.json")
    await promisify(execFile)(process.execPath, [main, suite, "--quick", "--json", file], {
      env: { ...process.env, NODE_OPTIONS: "" }
    })
    return (await report.read(file)).flatMap(({ tables }) => tables)
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe.skipIf(process.env["BENCH_QUICK"] === undefined)("bench --quick", { timeout: 300_000 }, () => {
  for (
    const suite of [
      "requests",
      "latency",
      "memory",
      "lists",
      "first-session",
      "clients",
      "decoding",
      "startup",
      "size",
      "growth"
    ]
  ) {
    it.concurrent(`bench ${suite} --quick has a figure in each row`, async () => {
      const tables = await quick(suite)
      assert.isNotEmpty(tables)
      for (const { rows, title } of tables) {
        assert.isNotEmpty(rows, title)
        for (const { cells, name } of rows) {
          const values = cells.flatMap(cell => cell === null ? [] : [cell.value])
          assert.isNotEmpty(values, `${title}: ${name}`)
          assert.isTrue(values.every(Number.isFinite), `${title}: ${name}`)
        }
      }
    })
  }
})
