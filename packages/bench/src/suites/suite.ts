/** One part of the benchmark, and what it found. */
export interface Settings {
  /** Fewer and shorter rounds: for a first look, not for publishing. */
  readonly quick: boolean
  readonly progress: (text: string) => void
}

export interface Cell {
  readonly value: number
  /** Quartiles of the rounds, where there were several. */
  readonly low?: number
  readonly high?: number
  /** Against the baseline of the column. */
  readonly ratio?: number
}

export interface Row {
  readonly name: string
  readonly isOurs?: boolean
  readonly cells: ReadonlyArray<Cell | null>
}

export interface Table {
  readonly title: string
  /** What was done, in a sentence or two. */
  readonly note: string
  readonly columns: ReadonlyArray<{ readonly name: string; readonly digits: number }>
  readonly rows: ReadonlyArray<Row>
}

export interface Suite {
  readonly name: string
  readonly run: (settings: Settings) => Promise<ReadonlyArray<Table>>
}
