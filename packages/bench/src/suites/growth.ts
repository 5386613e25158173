/** Whether the thousandth request costs what the first did, and what stays in memory. */
import { contenders } from "../contenders.ts"
import { startServer, startWorker } from "../processes.ts"
import { interleave } from "../statistics.ts"
import { compare } from "./compare.ts"
import type { Suite } from "./suite.ts"

const names = new Set([
  "effect-signalwire",
  "undici.request",
  "undici Pool.request",
  "fetch",
  "got",
  "axios",
  "Effect HttpClient, retry, timeout"
])
const totals = [1000, 10_000, 100_000]
const levels = [1, 4, 16, 64, 256, 1000]
const mebibyte = 1024 * 1024

/** A young generation in which thousands of requests have room. */
const uncollected = ["--expose-gc", "--min-semi-space-size=512", "--max-semi-space-size=512"]

export const growth: Suite = {
  name: "growth",
  run: async ({ progress, quick }) => {
    const compared = contenders.filter(({ name }) => names.has(name))
    const rounds = quick ? 1 : 2
    const scale = quick ? 0.1 : 1
    const server = await startServer()
    const measured = compare()
    // oxlint-disable no-await-in-loop -- one at a time is the point
    await interleave(rounds, compared, async (contender, round) => {
      const say = (what: string) => progress(`growth: ${what}, round ${round + 1} of ${rounds}, ${contender.name}`)
      const worker = await startWorker(contender, server, ["--expose-gc"])
      say("warm-up")
      await worker.drive(10_000 * scale, 16)
      const before = await worker.memory()
      for (const total of totals) {
        say(`${total} requests`)
        const batches = total === 1000 ? 5 : 1
        for (let batch = 0; batch < batches; batch++) {
          const { cpuMicros } = await worker.drive(total * scale, 16)
          measured.add(contender.name, `total ${total}`, cpuMicros)
        }
      }
      const after = await worker.memory()
      measured.add(contender.name, "growth", (after.rssBytes - before.rssBytes) / mebibyte)
      measured.add(contender.name, "peak", after.peakRssBytes / mebibyte)
      for (const level of levels) {
        say(`${level} in flight`)
        await worker.driveFor(500 * scale, level)
        const { cpuMicros } = await worker.driveFor(1000 * scale, level)
        measured.add(contender.name, `level ${level}`, cpuMicros)
      }
      worker.stop()
      say("allocation")
      const roomy = await startWorker(contender, server, uncollected)
      await roomy.drive(4000, 16)
      measured.add(contender.name, "allocated", await roomy.allocate(2000))
      roomy.stop()
    })
    // oxlint-enable no-await-in-loop
    server.stop()

    const row = (columns: ReadonlyArray<string>, first?: string) =>
      compared.map(({ isOurs, name }) => ({
        name,
        isOurs,
        cells: columns.map(column => {
          const cell = measured.cell(name, column)
          const start = first === undefined ? null : measured.cell(name, first)
          return cell === null || start === null ? cell : { ...cell, ratio: cell.value / start.value }
        })
      }))
    const inTurn = `Medians of ${rounds} rounds in turn, in a new process each.`
    return [{
      title: "Growth with requests",
      note: `Processor time in µs for each of so many requests, 16 in flight, after ${10_000 * scale} others; ratios ` +
        `against the first column. ${inTurn}`,
      columns: totals.map(total => ({ name: `µs, ${total.toLocaleString("en")}`, digits: 1 })),
      rows: row(totals.map(total => `total ${total}`), `total ${totals[0]}`)
    }, {
      title: "Growth with requests in flight",
      note: `Processor time in µs for each request; ratios against the first column. ${inTurn}`,
      columns: levels.map(level => ({ name: `µs, ${level}`, digits: 1 })),
      rows: row(levels.map(level => `level ${level}`), `level ${levels[0]}`)
    }, {
      title: "Memory",
      note: `Growth of the resident set over ${(totals.reduce((a, b) => a + b) + 4000) * scale} requests after the ` +
        `warm-up, its peak, and what V8 allocates for one request. ${inTurn}`,
      columns: [
        { name: "growth, MiB", digits: 1 },
        { name: "peak, MiB", digits: 1 },
        { name: "bytes for a request", digits: 0 }
      ],
      rows: row(["growth", "peak", "allocated"])
    }]
  }
}
