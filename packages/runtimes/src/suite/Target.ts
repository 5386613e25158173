/** The servers of the checks, for the programs. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/** The behaviors of the server. Each applies to the requests below `/<behavior>/`. */
export type Behavior =
  | "session"
  | "notFound"
  | "recovering"
  | "reset"
  | "closed"
  | "truncated"
  | "unfinishedChunks"
  | "malformed"
  | "noResponse"
  | "stalledBody"
  | "interrupted"
  | "proxyAuthentication"
  | "misdirected"
  | "redirect"
  | "redirectTarget"
  | "asyncContext"

/** The requests to a behavior, without the preflight requests of a browser. */
export interface Seen {
  readonly requests: number
  /** The requests in progress: those without a whole response whose connection is open. */
  readonly open: number
}

/** The addresses of the servers, which the harness serves at `/addresses`. */
export interface Addresses {
  /** A server with a self-signed certificate. */
  readonly untrusted: string
  /** An address without a server. */
  readonly refused: string
  readonly projectId: string
  readonly apiToken: string
  /** A session that exists. */
  readonly sessionId: string
}

class HarnessError extends Data.TaggedError("HarnessError")<{ readonly message: string }> {}

export class Target {
  readonly harness: string
  readonly addresses: Addresses

  constructor(harness: string, addresses: Addresses) {
    this.harness = harness
    this.addresses = addresses
  }

  baseUrl(behavior: Behavior): string {
    return `${this.harness}/${behavior}`
  }

  /** Scripts the statuses of the next responses of the sandbox. */
  respondNext(...statuses: ReadonlyArray<number>): Effect.Effect<void> {
    return Effect.orDie(json(`${this.harness}/respond-next?${statuses.join(",")}`))
  }

  seen(behavior: Behavior): Effect.Effect<Seen> {
    return Effect.orDie(json<Seen>(`${this.harness}/seen?${behavior}`))
  }

  /** Polls the requests to a behavior until `isReached`, for at most ten seconds. */
  seenOnce(behavior: Behavior, isReached: (seen: Seen) => boolean): Effect.Effect<Seen> {
    return this.seen(behavior).pipe(
      Effect.repeat({
        until: isReached,
        schedule: Schedule.intersect(Schedule.spaced("25 millis"), Schedule.recurs(400))
      }),
      Effect.zipRight(this.seen(behavior))
    )
  }
}

/** Fetches JSON. Its type is not validated, since the harness and the programs are compiled together. */
const json = <A>(url: string): Effect.Effect<A, HarnessError> =>
  Effect.tryPromise({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    try: () => fetch(url).then(response => response.json() as Promise<A>),
    catch: cause => new HarnessError({ message: `${url}: ${String(cause)}` })
  })

export const connect = (harness: string): Effect.Effect<Target> =>
  Effect.map(Effect.orDie(json<Addresses>(`${harness}/addresses`)), addresses => new Target(harness, addresses))
