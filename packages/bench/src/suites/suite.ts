/** One part of the benchmark and its results. */
export interface Options {
  /** Whether to run fewer and shorter rounds, for an estimate and not for the documents. */
  readonly quick: boolean
  readonly progress: (text: string) => void
}

export interface Cell {
  readonly value: number
  /** The quartiles of the rounds, where there were several. */
  readonly low?: number
  readonly high?: number
  /** The ratio to the baseline of the column. */
  readonly ratio?: number
}

export interface Row {
  readonly name: string
  readonly isOurs?: boolean
  readonly cells: ReadonlyArray<Cell | null>
}

export interface Table {
  readonly title: string
  /** A description of the measurement, in one or two sentences. */
  readonly note: string
  readonly columns: ReadonlyArray<{ readonly name: string; readonly digits: number }>
  readonly rows: ReadonlyArray<Row>
}

export interface Suite {
  readonly name: string
  readonly run: (options: Options) => Promise<ReadonlyArray<Table>>
}
