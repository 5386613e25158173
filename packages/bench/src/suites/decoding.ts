/** CPU time from the text of a session to a value. */
import { baseline, decoders } from "../decoders.ts"
import { runScript } from "../processes.ts"
import { interleave } from "../statistics.ts"
import { compare } from "./compare.ts"
import type { Suite } from "./suite.ts"

const kinds = ["valid", "invalid"] as const

export const decoding: Suite = {
  name: "decoding",
  run: async ({ progress, quick }) => {
    const rounds = quick ? 3 : 5
    const millis = quick ? 200 : 300
    const measured = compare()
    await interleave(rounds, decoders, async (decoder, round) => {
      progress(`decoding: round ${round + 1} of ${rounds}, ${decoder.name}`)
      for (const kind of kinds) {
        if (kind === "invalid" && !decoder.validates) continue
        // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
        const { stdout } = await runScript("decodeOnce", decoder.name, kind, String(millis))
        measured.add(decoder.name, kind, Number(stdout) / 1000)
      }
    })
    return [{
      title: "Decoding",
      note:
        `µs from the text of a session, 737 bytes, to a value, and to the error when one field is invalid; ratios to ` +
        `${baseline}. Medians of ${rounds} rounds in turn, each in a new process.`,
      columns: [{ name: "µs, valid", digits: 2 }, { name: "µs, invalid", digits: 2 }],
      rows: decoders.map(({ isOurs = false, name }) => ({
        name,
        isOurs,
        cells: kinds.map(kind => measured.cell(name, kind, baseline))
      }))
    }]
  }
}
