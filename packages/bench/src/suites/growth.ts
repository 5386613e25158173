/** CPU time and memory as the number of requests, of calls in flight, of waiting calls and of clients grows. */
import type { Pending } from "../pending.ts"
import { runScript, startServer, startWorker } from "../processes.ts"
import { interleave } from "../statistics.ts"
import { bare, baseline, ours, type Subject } from "../subjects.ts"
import { compare, type Comparison } from "./compare.ts"
import type { Options, Row, Suite, Table } from "./suite.ts"
import { startWorkers, takeTurns } from "./turns.ts"

const kibibyte = 1024
const mebibyte = 1024 * kibibyte

const sizes = (quick: boolean, ...full: ReadonlyArray<number>): ReadonlyArray<number> => quick ? [1, 4] : full

/** A row for each size, with the values of the subjects. */
const rows = (
  of: ReadonlyArray<number>,
  subjects: ReadonlyArray<Subject>,
  measured: Comparison,
  digits: number
): ReadonlyArray<Row> =>
  of.map(size => ({
    name: size.toLocaleString("en"),
    digits,
    cells: subjects.map(({ name }) => measured.cell(name, String(size)))
  }))

const columns = (subjects: ReadonlyArray<Subject>) => subjects.map(({ name }) => ({ name, digits: 0 }))

const inFlight = async (options: Options): Promise<Table> => {
  const subjects = [baseline, bare, ours]
  const levels = sizes(options.quick, 1, 10, 100, 1000, 10_000)
  const measured = compare()
  const server = await startServer()
  const workers = await startWorkers(subjects, server, options)
  for (const level of levels) {
    // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
    await takeTurns(workers, { inFlight: level, rounds: 3, millis: 500, options }, ({ name }, { cpuMicros }) => {
      measured.add(name, String(level), cpuMicros)
    })
  }
  for (const worker of workers) worker.stop()
  server.stop()
  return {
    title: "Growth with calls in flight",
    note: "CPU time in µs for a request, by the number of calls in flight. Medians of 3 rounds in turn.",
    columns: columns(subjects),
    rows: rows(levels, subjects, measured, 1)
  }
}

const requests = async ({ progress, quick }: Options): Promise<Table> => {
  const subjects = [baseline, ours]
  const totals = sizes(quick, 1, 1000, 10_000, 100_000, 1_000_000)
  const measured = compare()
  const server = await startServer()
  await interleave(1, subjects, async subject => {
    // its start makes the first request
    const worker = await startWorker(subject, server, ["--expose-gc"])
    let made = 1
    for (const total of totals) {
      progress(`growth: ${total} requests, ${subject.name}`)
      // oxlint-disable no-await-in-loop -- measurements must not overlap
      if (total > made) await worker.drive(total - made, 16)
      made = total
      const { rssBytes } = await worker.memory()
      // oxlint-enable no-await-in-loop
      measured.add(subject.name, String(total), rssBytes / mebibyte)
    }
    worker.stop()
  })
  server.stop()
  return {
    title: "Growth with requests",
    note: "Resident set in MiB after so many requests, 16 in flight, and a full collection. One run in one process.",
    columns: columns(subjects),
    rows: rows(totals, subjects, measured, 1)
  }
}

const waiting = async ({ progress, quick }: Options): Promise<ReadonlyArray<Table>> => {
  const programs = [{ subject: baseline, program: "pool" }, { subject: ours, program: "ours" }]
  const subjects = [baseline, ours]
  const totals = sizes(quick, 1000, 10_000, 100_000)
  const bytes = compare()
  const millis = compare()
  const server = await startServer("silent")
  for (const total of totals) {
    // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
    await interleave(quick ? 1 : 3, programs, async ({ program, subject: { name } }) => {
      progress(`growth: ${total} waiting calls, ${name}`)
      const { stdout } = await runScript("pending", program, JSON.stringify(server.target), String(total))
      const pending: Pending = JSON.parse(stdout)
      bytes.add(name, String(total), pending.bytes)
      millis.add(name, String(total), pending.millis)
    })
  }
  server.stop()
  const how =
    "32 calls have a connection, and the others wait for one. Medians of 3 runs in turn, each in a new process."
  return [{
    title: "Memory of waiting calls",
    note: `Bytes of the heap for a call, by the number of calls; ${how}`,
    columns: columns(subjects),
    rows: rows(totals, subjects, bytes, 0)
  }, {
    title: "Interruption of waiting calls",
    note:
      `Milliseconds until all calls are interrupted, by the number of calls; those of undici by a signal each. ${how}`,
    columns: columns(subjects),
    rows: rows(totals, subjects, millis, 0)
  }]
}

const tenants = async ({ progress, quick }: Options): Promise<Table> => {
  const subjects = [baseline, ours]
  const counts = sizes(quick, 5, 10, 50)
  const measured = compare()
  const server = await startServer()
  for (const count of counts) {
    // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
    await interleave(quick ? 1 : 3, subjects, async ({ name }) => {
      progress(`growth: ${count} clients, ${name}`)
      const { stdout } = await runScript("tenants", name, JSON.stringify(server.target), String(count))
      measured.add(name, String(count), Number(stdout) / kibibyte)
    })
  }
  server.stop()
  return {
    title: "Memory of idle clients",
    note:
      "KiB of the heap for a client after one request, with its open connection, by the number of clients in a process " +
      "beside three others. Medians of 3 runs in turn, each in a new process.",
    columns: columns(subjects),
    rows: rows(counts, subjects, measured, 0)
  }
}

export const growth: Suite = {
  name: "growth",
  everyNode: false,
  run: async options => [
    await inFlight(options),
    await requests(options),
    ...await waiting(options),
    await tenants(options)
  ]
}
