/** The requests that a sandbox received. */

/**
 * A request that the sandbox received. It never holds a token.
 *
 * @since 1.0.0
 * @category models
 */
export interface ReceivedRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Whether it came with the sandbox's credentials. */
  readonly authorized: boolean
  /** The `x-request-id` of its response, also while that waits. */
  readonly requestId: string
  /** The status of its response; undefined while it waits, or when the client went away first. */
  readonly status: number | undefined
}

const capacity = 10_000

/** Keeps the last requests in the order in which they arrived. */
export class Journal {
  readonly #entries: Array<ReceivedRequest> = []

  /** Notes a request, and gives back what notes its response. */
  open(request: Omit<ReceivedRequest, "status">): (status: number) => void {
    const entry: { -readonly [K in keyof ReceivedRequest]: ReceivedRequest[K] } = { ...request, status: undefined }
    this.#entries.push(entry)
    if (this.#entries.length > capacity) this.#entries.shift()
    return status => {
      entry.status = status
    }
  }

  snapshot(): ReadonlyArray<ReceivedRequest> {
    return this.#entries.map(entry => ({ ...entry }))
  }
}
