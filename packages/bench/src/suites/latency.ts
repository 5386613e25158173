/** Latency at a constant rate of requests, and of the first request of a process. */
import { runScript, startServer, startWorker } from "../processes.ts"
import { interleave, quantile } from "../statistics.ts"
import { baseline, subjects } from "../subjects.ts"
import { compare } from "./compare.ts"
import type { Suite } from "./suite.ts"

const perSecond = 1000
const quantiles = [0.5, 0.99, 0.999]

export const latency: Suite = {
  name: "latency",
  run: async ({ progress, quick }) => {
    const compared = subjects.filter(({ hasZod, isVariant }) => !hasZod && !isVariant)
    const server = await startServer()
    const measured = compare()
    const rounds = quick ? 3 : 5
    const seconds = quick ? 1 : 2

    await interleave(rounds, compared, async ({ name }, round) => {
      progress(`latency: first request, round ${round + 1} of ${rounds}, ${name}`)
      const { stdout } = await runScript("firstRequest", name, server.origin)
      measured.add(name, "first", Number(stdout))
    })

    const workers = await Promise.all(compared.map(subject => startWorker(subject, server)))
    await interleave(1, workers, async worker => {
      progress(`latency: warm-up of ${worker.subject.name}`)
      await worker.drive(5000, 16)
    })
    await interleave(rounds, workers, async ({ subject, pace }, round) => {
      progress(`latency: round ${round + 1} of ${rounds}, ${subject.name}`)
      const { latencyMillis } = await pace(perSecond, perSecond * seconds)
      for (const q of quantiles) measured.add(subject.name, String(q), quantile(latencyMillis, q))
    })
    for (const worker of workers) worker.stop()
    server.stop()

    return [{
      title: "Latency",
      note:
        `Milliseconds at ${perSecond} requests per second in an open loop, each from the time at which it was due; and ` +
        `from the start of a process to its first session. Medians of ${rounds} rounds in turn; ratios to ${baseline}.`,
      columns: [
        ...quantiles.map(q => ({ name: `p${q * 100}, ms`, digits: 2 })),
        { name: "first request, ms", digits: 0 }
      ],
      rows: compared.map(({ isOurs, name }) => ({
        name,
        isOurs,
        cells: [...quantiles.map(String), "first"].map(column => measured.cell(name, column, baseline))
      }))
    }]
  }
}
