/** CPU time from the text of a session, and from that of a page, to a value. */
import { baseline, type Decoder, decoders, pageDecoders } from "../decoders.ts"
import { pageText } from "../page.ts"
import { runScript } from "../processes.ts"
import { interleave } from "../statistics.ts"
import { compare } from "./compare.ts"
import type { Options, Suite, Table } from "./suite.ts"

const kinds = ["valid", "invalid"] as const

const rounds = 3

interface Subject {
  readonly what: "session" | "page"
  readonly title: string
  readonly note: string
  readonly decoders: ReadonlyArray<Decoder>
  /** The unit of the columns, in nanoseconds. */
  readonly unit: { readonly name: string; readonly nanoseconds: number }
}

const subjects: ReadonlyArray<Subject> = [
  {
    what: "session",
    title: "Decoding",
    note:
      `µs from the text of a session, 737 bytes, to a value, and to the error when one field is invalid; ratios to ` +
      `${baseline}. Medians of ${rounds} rounds in turn, each in a new process.`,
    decoders,
    unit: { name: "µs", nanoseconds: 1000 }
  },
  {
    what: "page",
    title: "Decoding of a page",
    note:
      `ms from the text of a page of 1,000 sessions, ${
        Math.round(pageText.length / 1000)
      } KB, to a value, and to the ` +
      `error when one field of the last session is invalid; ratios to ${baseline}. Medians of ${rounds} rounds in turn, ` +
      `each in a new process.`,
    decoders: pageDecoders,
    unit: { name: "ms", nanoseconds: 1e6 }
  }
]

const measure = async (
  { decoders, note, title, unit, what }: Subject,
  { progress, quick }: Options
): Promise<Table> => {
  const measured = compare()
  await interleave(quick ? 1 : rounds, decoders, async ({ name }, round) => {
    progress(`decoding: round ${round + 1}, ${name}, ${what}`)
    const { stdout } = await runScript("decodeOnce", what, name, quick ? "quick" : "full")
    const nanoseconds: Readonly<Record<string, number | null>> = JSON.parse(stdout)
    for (const kind of kinds) {
      const value = nanoseconds[kind]
      if (typeof value === "number") measured.add(name, kind, value / unit.nanoseconds)
    }
  })
  return {
    title,
    note,
    columns: kinds.map(kind => ({ name: `${unit.name}, ${kind}`, digits: 2 })),
    rows: decoders.map(({ isOurs = false, name }) => ({
      name,
      isOurs,
      cells: kinds.map(kind => measured.cell(name, kind, baseline))
    }))
  }
}

export const decoding: Suite = {
  name: "decoding",
  everyNode: false,
  run: async options => {
    const tables: Array<Table> = []
    for (const subject of subjects) {
      // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
      tables.push(await measure(subject, options))
    }
    return tables
  }
}
