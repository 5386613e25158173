/** Collects samples by name and column, and returns them as cells. */
import { figure } from "../statistics.ts"
import type { Cell } from "./suite.ts"

export interface Comparison {
  readonly add: (name: string, column: string, value: number) => void
  /** The ratio is the median of the ratios of the rounds, since in a round both are measured under the same load of the machine. */
  readonly cell: (name: string, column: string, baseline?: string) => Cell | null
}

export const compare = (): Comparison => {
  const samples = new Map<string, Array<number>>()
  const of = (name: string, column: string) => samples.get(JSON.stringify([name, column])) ?? []
  return {
    add: (name, column, value) => {
      samples.set(JSON.stringify([name, column]), [...of(name, column), value])
    },
    cell: (name, column, baseline) => {
      const own = of(name, column)
      if (own.length === 0) return null
      const { high, low, median } = figure(own)
      const spread = own.length > 1 ? { low, high } : {}
      if (baseline === undefined) return { value: median, ...spread }
      const references = of(baseline, column)
      const ratios = own.flatMap((value, round) => {
        const reference = references[round]
        return reference === undefined ? [] : [value / reference]
      })
      return { value: median, ...spread, ratio: figure(ratios).median }
    }
  }
}
