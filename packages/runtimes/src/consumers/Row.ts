/** A row of the consumer matrix. */

export interface Row {
  /** Begins with the group of the row, such as `types: TypeScript 5.9, node16`. */
  readonly name: string
  /** Why the row cannot run here; undefined when it can. */
  readonly skip?: string | undefined
  /** Rejects when the row fails. */
  readonly run: () => Promise<void>
}

/** Throws unless the output of a program is as expected. */
export const expectOutput = (found: string, expected: string): void => {
  if (found !== expected) throw new Error(`Expected ${JSON.stringify(expected)}, got ${JSON.stringify(found)}`)
}
