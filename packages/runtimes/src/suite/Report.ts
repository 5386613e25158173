/** The report of a runtime: plain data, which the tests compare with the expected observations. */

/** The observation of a check, such as `{ tag: "SignalWireTransportError", reason: "Reset", attempts: 3, requests: 3 }`. */
export type Observation = Readonly<Record<string, string | number | boolean | ReadonlyArray<string> | undefined>>

export interface Result {
  readonly name: string
  readonly observed: Observation
}

export interface Report {
  /** The versions or the user agent of the runtime. */
  readonly runtime: string
  readonly results: ReadonlyArray<Result>
}

/** The observation, reduced to the keys that are expected. */
export const comparable = (observed: Observation, expected: Observation): Observation =>
  "defect" in observed
    ? observed
    : Object.fromEntries(Object.keys(expected).map(key => [key, observed[key]]))
