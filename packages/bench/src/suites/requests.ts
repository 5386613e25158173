/** CPU time of the client for a request, and requests per second. */
import { startServer, startWorker } from "../processes.ts"
import { interleave } from "../statistics.ts"
import { baseline, subjects } from "../subjects.ts"
import { compare } from "./compare.ts"
import type { Suite } from "./suite.ts"

const levels = [1, 16, 256]

/** V8 optimizes functions that are called often. After 6,000 requests, some subjects did not have their final speed yet. */
const warmUp = 20_000

/** A time and not a number of requests, so that the start of 256 loops has little effect on fast subjects. */
const batchMillis = 600

export const requests: Suite = {
  name: "requests",
  run: async ({ progress, quick }) => {
    const server = await startServer()
    const workers = await Promise.all(subjects.map(subject => startWorker(subject, server)))
    const rounds = quick ? 3 : 5
    const measured = compare()
    await interleave(1, workers, async worker => {
      progress(`requests: warm-up of ${worker.subject.name}`)
      await worker.drive(quick ? warmUp / 4 : warmUp, 16)
    })
    for (const inFlight of levels) {
      progress(`requests: warm-up with ${inFlight} in flight`)
      // oxlint-disable no-await-in-loop -- measurements must not overlap
      await interleave(1, workers, async worker => {
        await worker.drive(inFlight === 1 ? 2000 : 6000, inFlight)
      })
      await interleave(rounds, workers, async (worker, round) => {
        progress(`requests: ${inFlight} in flight, round ${round + 1} of ${rounds}, ${worker.subject.name}`)
        const millis = quick ? batchMillis / 3 : batchMillis
        // the caches of the processor have no data of this process after the other ones have run
        await worker.driveFor(millis / 2, inFlight)
        const { cpuMicros, perSecond } = await worker.driveFor(millis, inFlight)
        measured.add(worker.subject.name, `cpu ${inFlight}`, cpuMicros)
        measured.add(worker.subject.name, `rate ${inFlight}`, perSecond)
      })
      // oxlint-enable no-await-in-loop
    }
    for (const worker of workers) worker.stop()
    server.stop()

    return [{
      title: "Requests",
      note: `CPU time of the client for each request in µs, and requests per second; ratios to ${baseline}. ` +
        `Medians of ${rounds} rounds in turn, each client in a process of its own.`,
      columns: [
        ...levels.map(inFlight => ({ name: `µs, ${inFlight} in flight`, digits: 1 })),
        ...levels.map(inFlight => ({ name: `per s, ${inFlight} in flight`, digits: 0 }))
      ],
      rows: subjects.map(({ isOurs, name }) => ({
        name,
        isOurs,
        cells: ["cpu", "rate"].flatMap(kind =>
          levels.map(inFlight => measured.cell(name, `${kind} ${inFlight}`, baseline))
        )
      }))
    }]
  }
}
