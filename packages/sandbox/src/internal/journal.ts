/** The journal of the requests that a sandbox has received. */

/**
 * A request that the sandbox has received. It never contains a token.
 *
 * @since 1.0.0
 * @category models
 */
export interface ReceivedRequest {
  /** The method in upper case, such as `GET`. */
  readonly method: string
  /** The path without the query. */
  readonly path: string
  /** Whether the request has the credentials of the sandbox. */
  readonly authorized: boolean
  /** The `x-request-id` of the response, which is known before the response is sent. */
  readonly requestId: string
  /** The status of the response; undefined until it is sent, and always when the client closes the connection before. */
  readonly status: number | undefined
}

const capacity = 10_000

/** The last requests in the order of arrival. */
export class Journal {
  readonly #entries: Array<ReceivedRequest> = []

  /** Records a request, and returns the function that records the status of its response. */
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
