/** CPU time and memory as the number of requests, and of requests in flight, grows. */
import { startServer, startWorker } from "../processes.ts"
import { interleave } from "../statistics.ts"
import { subjects } from "../subjects.ts"
import { compare } from "./compare.ts"
import type { Suite } from "./suite.ts"

const names = new Set([
  "effect-signalwire",
  "undici.request",
  "undici Pool.request",
  "undici Pool.dispatch, 7 dates",
  "fetch",
  "got",
  "axios",
  "Effect HttpClient, retry, timeout"
])
const totals = [1000, 10_000, 100_000]
const levels = [1, 4, 16, 64, 256, 1000]
const mebibyte = 1024 * 1024

/** Flags for a young generation that thousands of requests do not fill. */
const largeYoungGeneration = ["--expose-gc", "--min-semi-space-size=512", "--max-semi-space-size=512"]

export const growth: Suite = {
  name: "growth",
  run: async ({ progress, quick }) => {
    const compared = subjects.filter(({ name }) => names.has(name))
    const rounds = quick ? 1 : 2
    const scale = quick ? 0.1 : 1
    const server = await startServer()
    const measured = compare()
    // oxlint-disable no-await-in-loop -- measurements must not overlap
    await interleave(rounds, compared, async (subject, round) => {
      const report = (part: string) => progress(`growth: ${part}, round ${round + 1} of ${rounds}, ${subject.name}`)
      const worker = await startWorker(subject, server, ["--expose-gc"])
      report("warm-up")
      await worker.drive(10_000 * scale, 16)
      const before = await worker.memory()
      for (const total of totals) {
        report(`${total} requests`)
        const batches = total === 1000 ? 5 : 1
        for (let batch = 0; batch < batches; batch++) {
          const { cpuMicros } = await worker.drive(total * scale, 16)
          measured.add(subject.name, `total ${total}`, cpuMicros)
        }
      }
      const after = await worker.memory()
      measured.add(subject.name, "growth", (after.rssBytes - before.rssBytes) / mebibyte)
      measured.add(subject.name, "peak", after.peakRssBytes / mebibyte)
      for (const level of levels) {
        report(`${level} in flight`)
        await worker.driveFor(500 * scale, level)
        const { cpuMicros } = await worker.driveFor(1000 * scale, level)
        measured.add(subject.name, `level ${level}`, cpuMicros)
      }
      worker.stop()
      report("allocation")
      const uncollected = await startWorker(subject, server, largeYoungGeneration)
      await uncollected.drive(4000, 16)
      measured.add(subject.name, "allocated", await uncollected.allocate(2000))
      uncollected.stop()
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
      note:
        `CPU time in µs for each of so many requests, 16 in flight, after ${10_000 * scale} others; ratios to the ` +
        `first column. ${inTurn}`,
      columns: totals.map(total => ({ name: `µs, ${total.toLocaleString("en")}`, digits: 1 })),
      rows: row(totals.map(total => `total ${total}`), `total ${totals[0]}`)
    }, {
      title: "Growth with requests in flight",
      note: `CPU time in µs for each request; ratios to the first column. ${inTurn}`,
      columns: levels.map(level => ({ name: `µs, ${level}`, digits: 1 })),
      rows: row(levels.map(level => `level ${level}`), `level ${levels[0]}`)
    }, {
      title: "Memory",
      note: `Growth of the resident set over ${(totals.reduce((a, b) => a + b) + 4000) * scale} requests after the ` +
        `warm-up, its peak, and what V8 allocates for one request. ${inTurn}`,
      columns: [
        { name: "growth, MiB", digits: 1 },
        { name: "peak, MiB", digits: 1 },
        { name: "bytes per request", digits: 0 }
      ],
      rows: row(["growth", "peak", "allocated"])
    }]
  }
}
