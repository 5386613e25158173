/** Computes medians and quartiles of several rounds. */

export interface Figure {
  readonly median: number
  /** The lower and the upper quartile. */
  readonly low: number
  readonly high: number
}

/** A quantile, by linear interpolation between sorted values. */
export const quantile = (sorted: ReadonlyArray<number>, q: number): number => {
  const position = (sorted.length - 1) * q
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

export const figure = (values: ReadonlyArray<number>): Figure => {
  const sorted = values.toSorted((a, b) => a - b)
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) }
}

/** Measures all subjects in each round, and starts each round with another one, so that a drift of the machine affects all equally. */
export const interleave = async <A>(
  rounds: number,
  subjects: ReadonlyArray<A>,
  measure: (subject: A, round: number) => Promise<void>
): Promise<void> => {
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < subjects.length; index++) {
      const subject = subjects[(index + round) % subjects.length]
      // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
      if (subject !== undefined) await measure(subject, round)
    }
  }
}
