/** A fault that the client is tested against. The matrix keys it by a sentence, which is the title of its test. */

export type TransportName = "undici" | "node:http" | "fetch"

export interface Fault {
  /** In `docs/reliability.md` and in the title of the test. */
  readonly number: number
  /** Whether the request is sent again; left out where the sentence says it, or where there is nothing to retry. */
  readonly retried?: boolean
  /** What the sentence leaves out. */
  readonly detail?: string
  /** What a transport does instead, where it cannot do what the sentence says. undici has no exceptions. */
  readonly exceptions?: Partial<Record<Exclude<TransportName, "undici">, string>>
  /** How the test makes the fault, where a plain machine cannot make the fault itself. */
  readonly equivalent?: string
}

/** The faults of one area. */
export type Faults = Readonly<Record<string, Fault>>
