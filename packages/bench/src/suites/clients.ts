/** CPU time and rate of the clients that users would choose instead. */
import { startServer } from "../processes.ts"
import { baseline, clients as subjects } from "../subjects.ts"
import { compare } from "./compare.ts"
import type { Suite } from "./suite.ts"
import { startWorkers, takeTurns } from "./turns.ts"

const levels = [1, 16, 256]

const rounds = 3

export const clients: Suite = {
  name: "clients",
  everyNode: false,
  run: async options => {
    const server = await startServer()
    const measured = compare()
    const workers = await startWorkers(subjects, server, options)
    for (const inFlight of options.quick ? [16] : levels) {
      // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
      await takeTurns(workers, { inFlight, rounds, millis: 400, options }, (subject, { cpuMicros, perSecond }) => {
        measured.add(subject.name, `cpu ${inFlight}`, cpuMicros)
        measured.add(subject.name, `rate ${inFlight}`, perSecond)
      })
    }
    for (const worker of workers) worker.stop()
    server.stop()

    return [{
      title: "Clients",
      note: `CPU time of the client for each request in µs, and requests per second; ratios to ${baseline.name}. ` +
        `Medians of ${rounds} rounds in turn, each client in a process of its own.`,
      columns: [
        ...levels.map(inFlight => ({ name: `µs, ${inFlight} in flight`, digits: 1 })),
        ...levels.map(inFlight => ({ name: `per s, ${inFlight} in flight`, digits: 0 }))
      ],
      rows: subjects.map(({ isOurs, name }) => ({
        name,
        isOurs,
        cells: ["cpu", "rate"].flatMap(kind =>
          levels.map(inFlight => measured.cell(name, `${kind} ${inFlight}`, baseline.name))
        )
      }))
    }]
  }
}
