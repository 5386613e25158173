/** The requests that a sandbox has received. */

/**
 * A request that the sandbox has received. It never holds a token.
 *
 * @since 1.0.0
 * @category models
 */
export interface ReceivedRequest {
  /** In upper case, such as `GET`. */
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Whether it has the credentials of the sandbox. */
  readonly authorized: boolean
  /** The `x-request-id` of its response, known before that is sent. */
  readonly requestId: string
  /** The status of its response; undefined while there is none, which is for good when the client closed the connection first. */
  readonly status: number | undefined
}

const capacity = 10_000

/** The last requests, in the order in which they arrived. */
export class Journal {
  readonly #entries: Array<ReceivedRequest> = []

  /** Records a request. Returns what records the status of its response. */
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
