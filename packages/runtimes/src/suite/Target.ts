/** The servers that the checks run against, as a runtime sees them. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/** What the server does with the requests below `/<behavior>/`. */
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

/** What the server saw of a behavior; preflight requests of a browser do not count. */
export interface Seen {
  readonly requests: number
  /** How many of them have neither a whole response nor a closed connection. */
  readonly open: number
}

/** How a program finds the servers: served by the harness at `/addresses`. */
export interface Addresses {
  /** Serves a certificate that no authority has signed. */
  readonly untrusted: string
  /** Nothing listens here. */
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

  /** The sandbox responds to the next requests with these statuses. */
  respondNext(...statuses: ReadonlyArray<number>): Effect.Effect<void> {
    return Effect.orDie(json(`${this.harness}/respond-next?${statuses.join(",")}`))
  }

  seen(behavior: Behavior): Effect.Effect<Seen> {
    return Effect.orDie(json<Seen>(`${this.harness}/seen?${behavior}`))
  }

  /** What the server saw once `isReached`; after ten seconds, whatever it saw until then. */
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

/** The harness and the programs are compiled together. */
const json = <A>(url: string): Effect.Effect<A, HarnessError> =>
  Effect.tryPromise({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    try: () => fetch(url).then(response => response.json() as Promise<A>),
    catch: cause => new HarnessError({ message: `${url}: ${String(cause)}` })
  })

export const connect = (harness: string): Effect.Effect<Target> =>
  Effect.map(Effect.orDie(json<Addresses>(`${harness}/addresses`)), addresses => new Target(harness, addresses))
