/** What a request allocates, and how the resident set grows. */
import { startServer, startWorker } from "../processes.ts"
import { interleave } from "../statistics.ts"
import { baseline } from "../subjects.ts"
import { compare } from "./compare.ts"
import { compared, rowOf } from "./requests.ts"
import type { Suite } from "./suite.ts"

const mebibyte = 1024 * 1024

const rounds = 3

export const memory: Suite = {
  name: "memory",
  everyNode: true,
  run: async ({ progress, quick }) => {
    const server = await startServer()
    const measured = compare()
    const total = quick ? 200 : 100_000
    await interleave(quick ? 1 : rounds, compared, async (subject, round) => {
      progress(`memory: round ${round + 1}, ${subject.name}`)
      const worker = await startWorker(subject, server, ["--expose-gc"])
      await worker.drive(total / 10, 16)
      const before = await worker.memory()
      await worker.drive(total, 16)
      const after = await worker.memory()
      measured.add(subject.name, "growth", (after.rssBytes - before.rssBytes) / mebibyte)
      measured.add(subject.name, "peak", after.peakRssBytes / mebibyte)
      // V8 discards optimized code at a full collection, and other code allocates more
      await worker.drive(total / 2, 16)
      measured.add(subject.name, "allocated", await worker.allocate(total / 10))
      worker.stop()
    })
    server.stop()

    return [{
      title: "Memory",
      note:
        `Bytes that V8 allocates for a request with 16 in flight, by its sampling heap profiler; and the resident ` +
        `set over 100,000 requests after the first 10,000, both after a full collection, in MiB. Ratios to ` +
        `${baseline.name}; medians of ${rounds} rounds in turn, in a new process each.`,
      columns: compared.map(({ name }) => ({ name, digits: 0 })),
      rows: [
        rowOf("bytes for a request", 0, measured, "allocated"),
        // without ratios, since it may be zero or less
        {
          name: "growth of the resident set",
          digits: 1,
          cells: compared.map(({ name }) => measured.cell(name, "growth"))
        },
        rowOf("peak of the resident set", 1, measured, "peak")
      ]
    }]
  }
}
