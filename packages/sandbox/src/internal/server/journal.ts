/** The journal of the requests that a sandbox has received. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"
import type { Transmission } from "../faults/transmission.ts"

/**
 * A request that the sandbox has received. It never contains a token.
 *
 * @since 1.0.0
 * @category models
 */
export interface ReceivedRequest {
  /** The number of the request in the order of arrival; the first one is 1. */
  readonly number: number
  /** The method in upper case, such as `GET`. */
  readonly method: string
  /** The path without the query; the first 1,000 characters of a longer one. */
  readonly path: string
  /** The query with its question mark, without the values of parameters that the operation does not have; empty without a query. */
  readonly query: string
  /** The operation, such as `RoomSessions.get`; undefined for a path or a method that no operation has. */
  readonly operation: string | undefined
  /**
   * The number of the attempt, as far as it shows in the requests: one more than that of the last request for the same target, when
   * that one ended with a status that is retried or with its connection.
   */
  readonly attempt: number
  /** Whether the request has the credentials of the sandbox. */
  readonly authorized: boolean
  /** The `x-request-id` of the response, which is known before the response is sent. */
  readonly requestId: string
  /** When the request arrived. */
  readonly receivedAt: DateTime.Utc
  /** The status of the response; undefined until it is sent, and always when the client closes the connection before. */
  readonly status: number | undefined
  /** How the response is sent, when it is not sent as usual. */
  readonly transmission: Transmission["type"] | undefined
  /** The time from the arrival until the response was sent or the connection was closed; undefined until then. */
  readonly elapsed: Duration.Duration | undefined
}

/** What is known of a request when it arrives. */
type Arrived = Omit<ReceivedRequest, "number" | "attempt" | "receivedAt" | "status" | "elapsed">

/** Records what happens to a request. */
export interface Recorder {
  /** The response is sent. */
  readonly onHeaders: (status: number) => void
  /** The response was sent, or the connection was closed; the second time it does nothing. */
  readonly onEnd: () => void
}

const capacity = 10_000

/** Characters of a path or a query that are recorded, so that the journal is bounded in bytes too. */
const maxLength = 1000

const shortened = (text: string): string => text.length > maxLength ? `${text.slice(0, maxLength)}...` : text

const retriedStatuses = [408, 429, 500, 502, 503, 504]

/** Whether a client would send the request again. */
const isRetried = ({ elapsed, status, transmission }: ReceivedRequest): boolean =>
  elapsed !== undefined && (status === undefined || transmission !== undefined || retriedStatuses.includes(status))

type Entry = { -readonly [K in keyof ReceivedRequest]: ReceivedRequest[K] }

/** The last requests in the order of arrival. */
export class Journal {
  readonly #now: () => number
  readonly #entries: Array<Entry> = []
  readonly #lastOfTarget = new Map<string, Entry>()
  readonly #changes = Effect.runSync(PubSub.sliding<ReceivedRequest>(1024))
  #count = 0

  constructor(now: () => number) {
    this.#now = now
  }

  #attemptOf(target: string): number {
    const previous = this.#lastOfTarget.get(target)
    return previous !== undefined && isRetried(previous) ? previous.attempt + 1 : 1
  }

  open(request: Arrived): Recorder {
    const path = shortened(request.path)
    const query = shortened(request.query)
    const target = `${request.method} ${path}${query}`
    const start = this.#now()
    const entry: Entry = {
      number: ++this.#count,
      method: request.method,
      path,
      query,
      operation: request.operation,
      attempt: this.#attemptOf(target),
      authorized: request.authorized,
      requestId: request.requestId,
      receivedAt: DateTime.unsafeMake(start),
      status: undefined,
      transmission: request.transmission,
      elapsed: undefined
    }
    this.#entries.push(entry)
    if (this.#entries.length > capacity) this.#entries.shift()
    this.#lastOfTarget.delete(target)
    this.#lastOfTarget.set(target, entry)
    for (const [oldest] of this.#lastOfTarget) {
      if (this.#lastOfTarget.size <= capacity) break
      this.#lastOfTarget.delete(oldest)
    }
    this.#publish(entry)
    return {
      onHeaders: status => {
        entry.status = status
      },
      onEnd: () => {
        if (entry.elapsed !== undefined) return
        entry.elapsed = Duration.millis(this.#now() - start)
        this.#publish(entry)
      }
    }
  }

  #publish(entry: Entry): void {
    this.#changes.unsafeOffer({ ...entry })
  }

  snapshot(): ReadonlyArray<ReceivedRequest> {
    return this.#entries.map(entry => ({ ...entry }))
  }

  clear(): void {
    this.#entries.length = 0
    this.#lastOfTarget.clear()
  }

  /** Each request when it arrives, and again when it ends; at most the last 1,024 that were not yet taken. */
  readonly changes: Stream.Stream<ReceivedRequest> = Stream.fromPubSub(this.#changes)
}
