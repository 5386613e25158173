/** CPU time for many sessions: of a list, and by `getMany`. */
import { type Server, startServer, startWorker } from "../processes.ts"
import { interleave } from "../statistics.ts"
import { listedPages, lists as listSubjects, many, manyTotals, type Subject } from "../subjects.ts"
import { compare } from "./compare.ts"
import type { Cell, Options, Suite } from "./suite.ts"

const rounds = 5

/** Calls of which each has many sessions, one call at a time. */
const measure = async (
  subjects: ReadonlyArray<Subject>,
  server: Server,
  calls: number,
  { progress, quick }: Options,
  add: (subject: Subject, cpuMicros: number) => void
) => {
  // the start of a worker makes the first call
  const workers = await Promise.all(subjects.map(subject => startWorker(subject, server)))
  await interleave(quick ? 1 : rounds, workers, async ({ drive, subject }, round) => {
    progress(`lists: round ${round + 1}, ${subject.name}`)
    const { cpuMicros } = await drive(quick ? 1 : calls, 1)
    add(subject, cpuMicros)
  })
  for (const worker of workers) worker.stop()
  server.stop()
}

export const lists: Suite = {
  name: "lists",
  everyNode: true,
  run: async options => {
    const measured = compare()
    await measure(Object.values(listSubjects), await startServer("page"), 3, options, ({ name }, cpuMicros) => {
      measured.add(name, "rate", listedPages * 1000 / cpuMicros * 1e6)
    })
    const total = manyTotals[options.quick ? "quick" : "full"]
    const { getInLoop, getMany } = many(total)
    await measure([getInLoop, getMany], await startServer("byId"), 1, options, ({ name }, cpuMicros) => {
      measured.add(name, "cpu", cpuMicros / total)
    })
    const row = (name: string, digits: number, column: string, subject: Subject, reference: Subject) => {
      const cells: ReadonlyArray<Cell | null> = [
        measured.cell(reference.name, column),
        measured.cell(subject.name, column, reference.name)
      ]
      return { name, digits, cells }
    }
    const { ours, withDates, withText } = listSubjects
    return [{
      title: "Lists",
      note:
        `Sessions per second of CPU time through \`list\`, in pages of 1,000, to Pool.request, JSON.parse and zod 4 ` +
        `that follow the links; and CPU time in µs for an id through \`getMany\`, of ${
          total.toLocaleString("en")
        } ids and ` +
        `32 at a time, to \`get\` in a loop of \`Effect.forEach\`. Medians of ${rounds} rounds in turn.`,
      columns: [{ name: "reference", digits: 0 }, { name: "effect-signalwire", digits: 0 }],
      rows: [
        row("list, sessions per s, to zod 4 with times as text", 0, "rate", ours, withText),
        row("list, sessions per s, to zod 4 with times as dates", 0, "rate", ours, withDates),
        row("getMany, µs for an id, to get in a loop", 1, "cpu", getMany, getInLoop)
      ]
    }]
  }
}
