/** Latency in an open loop, at a low rate and at half of the capacity. */
import { startServer } from "../processes.ts"
import { interleave, quantile } from "../statistics.ts"
import { bareByRunPromise, baseline, byRunPromise, global } from "../subjects.ts"
import { compare } from "./compare.ts"
import type { Suite } from "./suite.ts"
import { startWorkers } from "./turns.ts"

const quantiles = [0.5, 0.99]

const rounds = 5

/** Each request comes alone, as to a server. Its capacity is that of calls that are made in the same way. */
const subjects = [baseline, global, bareByRunPromise, byRunPromise]

export const latency: Suite = {
  name: "latency",
  everyNode: true,
  run: async options => {
    const { progress, quick } = options
    const seconds = quick ? 0.1 : 2
    const server = await startServer()
    const measured = compare()
    const workers = await startWorkers(subjects, server, options)
    const capacities: Array<number> = []
    const own = workers.filter(({ subject }) => subject === byRunPromise)
    await interleave(quick ? 1 : 3, own, async ({ driveFor }) => {
      capacities.push((await driveFor(quick ? 50 : 1000, 256)).perSecond)
    })
    const half = Math.ceil(quantile(capacities.toSorted((a, b) => a - b), 0.5) / 2000) * 1000
    const rates = [{ name: "1,000 per s", perSecond: 1000 }, { name: "half of the capacity", perSecond: half }]
    for (const { name, perSecond } of rates) {
      // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
      await interleave(quick ? 1 : rounds, workers, async ({ pace, subject }, round) => {
        progress(`latency: ${name}, round ${round + 1}, ${subject.name}`)
        const { latencyMillis } = await pace(perSecond, Math.round(perSecond * seconds))
        for (const q of quantiles) measured.add(subject.name, `${name} ${q}`, quantile(latencyMillis, q))
      })
    }
    for (const worker of workers) worker.stop()
    server.stop()

    return [{
      title: "Latency",
      note: `Milliseconds in an open loop, each from the time at which the request was due. Half of the capacity are ` +
        `${
          half.toLocaleString("en")
        } requests per second for each client, half of what ${byRunPromise.name}, makes with 256 in ` +
        `flight. Ratios to ${baseline.name}; medians of ${rounds} rounds in turn.`,
      columns: subjects.map(({ name }) => ({ name, digits: 2 })),
      rows: rates.flatMap(({ name }) =>
        quantiles.map(q => ({
          name: `p${q * 100}, ${name}`,
          digits: 2,
          cells: subjects.map(subject => measured.cell(subject.name, `${name} ${q}`, baseline.name))
        }))
      )
    }]
  }
}
