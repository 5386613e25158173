/** One part of the benchmark and its results. */
export interface Options {
  /** Whether to run one short round, which shows that everything runs; its figures mean nothing. */
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
  /** In place of those of the columns. */
  readonly digits?: number
  readonly cells: ReadonlyArray<Cell | null>
}

export interface Table {
  readonly title: string
  /** The major version of Node, where the figures depend on it. */
  readonly node?: string
  /** A description of the measurement, in one or two sentences. */
  readonly note: string
  readonly columns: ReadonlyArray<{ readonly name: string; readonly digits: number }>
  readonly rows: ReadonlyArray<Row>
}

/** The title of a table in a document with tables of several versions of Node. */
export const heading = ({ node, title }: Table): string => (node === undefined ? title : `${title}, Node ${node}`)

export interface Suite {
  readonly name: string
  /** Whether its figures depend on the version of Node. */
  readonly everyNode: boolean
  readonly run: (options: Options) => Promise<ReadonlyArray<Table>>
}
