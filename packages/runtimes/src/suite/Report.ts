/** What a runtime reports: plain data, which the host compares with what is expected of that runtime. */

/** What a check observed, such as `{ tag: "SignalWireTransportError", reason: "Reset", attempts: 3, requests: 3 }`. */
export type Observation = Readonly<Record<string, string | number | boolean | ReadonlyArray<string> | undefined>>

export interface Result {
  readonly name: string
  readonly observed: Observation
}

export interface Report {
  /** What the runtime calls itself. */
  readonly runtime: string
  readonly results: ReadonlyArray<Result>
}
