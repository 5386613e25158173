/** CPU time of a call, compared with undici alone. */
import { type Server, startServer } from "../processes.ts"
import * as subjects from "../subjects.ts"
import { compare, type Comparison } from "./compare.ts"
import type { Options, Row, Suite } from "./suite.ts"
import { startWorkers, takeTurns } from "./turns.ts"

const { bare, bareByRunPromise, bareEffect, baseline, byRunPromise, global, ours, traced, withoutMetrics } = subjects

/** The columns of the tables. */
export const compared = [baseline, bare, bareEffect, global, ours]

const rounds = 7

/** Long enough that the start and the end of so many loops are a small part of it: in 300 ms, our ratio at 1,000 in flight was a tenth higher. */
const millisOf = (inFlight: number) => Math.max(300, 1.5 * inFlight)

/** A row with the values of all columns, and their ratios to the baseline. */
export const rowOf = (name: string, digits: number, measured: Comparison, column: string): Row => ({
  name,
  digits,
  cells: compared.map(subject => measured.cell(subject.name, column, baseline.name))
})

/** A row for variants of clients, each in the column of its client. */
const variants = (
  name: string,
  measured: Comparison,
  chosen: ReadonlyArray<readonly [column: subjects.Subject, variant: subjects.Subject]>,
  reference: subjects.Subject
): Row => ({
  name,
  cells: compared.map(column => {
    const found = chosen.find(([of]) => of === column)
    return found === undefined ? null : measured.cell(found[1].name, "cpu 16", reference.name)
  })
})

const variant = (name: string, measured: Comparison, subject: subjects.Subject, reference: subjects.Subject): Row =>
  variants(name, measured, [[ours, subject]], reference)

const measure = async (
  server: Server,
  chosen: ReadonlyArray<subjects.Subject>,
  at: ReadonlyArray<number>,
  options: Options
) => {
  const measured = compare()
  const workers = await startWorkers(chosen, server, options)
  for (const inFlight of at) {
    // what is not compared with undici is measured once
    const turns = workers.filter(({ subject }) => inFlight === 16 || compared.includes(subject))
    // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
    await takeTurns(turns, { inFlight, rounds, millis: millisOf(inFlight), options }, (subject, { cpuMicros }) => {
      measured.add(subject.name, `cpu ${inFlight}`, cpuMicros)
    })
  }
  for (const worker of workers) worker.stop()
  server.stop()
  return measured
}

export const requests: Suite = {
  name: "requests",
  everyNode: true,
  run: async options => {
    const levels = options.quick ? [1, 16] : [1, 16, 256, 1000]
    const plain = await measure(
      await startServer(),
      [...compared, bareByRunPromise, byRunPromise, withoutMetrics, traced],
      levels,
      options
    )
    const tls = await measure(await startServer("session", "tls"), compared, [16], options)
    return [{
      title: "Requests",
      note: `CPU time of the client for a request in µs; ratios to ${baseline.name} unless the row says otherwise. ` +
        `Medians of ${rounds} rounds in turn, each client in a process of its own.`,
      columns: compared.map(({ name }) => ({ name, digits: 1 })),
      rows: [
        ...levels.map(level => rowOf(`${level.toLocaleString("en")} in flight`, 1, plain, `cpu ${level}`)),
        rowOf("16 in flight over TLS", 1, tls, "cpu 16"),
        variants(
          "16 in flight, called by runPromise",
          plain,
          [[bareEffect, bareByRunPromise], [ours, byRunPromise]],
          baseline
        ),
        variant("16 in flight, without metrics", plain, withoutMetrics, baseline),
        variant("16 in flight, metrics on, to off", plain, ours, withoutMetrics),
        variant("16 in flight, a tracer that samples 1 %, to none", plain, traced, ours)
      ]
    }]
  }
}
