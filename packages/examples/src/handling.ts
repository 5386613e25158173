import { RequestPolicy, RoomSessions, type SignalWireError } from "@effect-signalwire/core"
import { Duration, Effect, Option, Stream } from "effect"

const get = (id: string) => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))

/** A session, or null where there is none. */
export const find = (id: string) =>
  get(id).pipe(
    Effect.catchTag("SignalWireNotFound", () => Effect.succeed(null))
  )

/** A session, or null, with what the service says about the request in the log. */
export const getOrExplain = (id: string) =>
  get(id).pipe(
    Effect.catchTag("SignalWireBadRequest", ({ details, message, requestId }) =>
      Effect.logError(message, ...details).pipe(
        Effect.annotateLogs({ requestId }),
        Effect.as(null)
      ))
  )

const isUnauthorized = (error: RoomSessions.ListError): boolean =>
  error._tag === "SignalWireUnauthorized" || (error._tag === "SignalWireUnexpectedStatus" && error.status === 403)

/** Ends the program at its start when the credentials are wrong. Other errors may be gone at the first call. */
export const checkCredentials = Effect.gen(function*() {
  const sessions = yield* RoomSessions.RoomSessions
  yield* sessions.listPage({ page_size: 1 })
}).pipe(
  Effect.catchIf(error => !isUnauthorized(error), error => Effect.logWarning(error.message))
)

/** The ids of all sessions, from a saved page. When the service does not accept its token any more, from the first page. */
export const idsFrom = (resumeFrom: string | null) =>
  Stream.unwrap(Effect.map(RoomSessions.RoomSessions, sessions =>
    sessions.list({ resumeFrom }).pipe(
      Stream.catchTag("SignalWireUnprocessableContent", error =>
        resumeFrom === null ? Stream.fail(error) : sessions.list())
    ))).pipe(
      Stream.map(({ id }) => id)
    )

/** A session for an export. One that the service cannot read is left out, after all retries, and logged. */
export const getForExport = (id: string) =>
  get(id).pipe(
    Effect.asSome,
    Effect.catchTag("SignalWireInternalServerError", ({ message }) =>
      Effect.as(Effect.logWarning(message), Option.none()))
  )

/** The seconds of the `Retry-After` header of an application's own 429 or 503; a minute where SignalWire says nothing. */
export const retryAfterSeconds = (error: SignalWireError.RateLimited | SignalWireError.ServerUnavailable): number =>
  Math.ceil(Duration.toSeconds(error.retryAfter ?? Duration.minutes(1)))

/** The status of a session; the last known one while the service is not available. */
export const statusOr = (id: string, lastKnown: string | null) =>
  get(id).pipe(
    Effect.map(({ status }) => status),
    Effect.catchTag("SignalWireServerUnavailable", () => Effect.succeed(lastKnown))
  )

/** A text for the support of SignalWire. It has no credentials. */
export const report = ({ details, message, requestId }: SignalWireError.UnexpectedStatus): string =>
  [message, `request id: ${requestId ?? "none"}`, ...details.map(detail => JSON.stringify(detail))].join("\n")

/** An alert: the service sends something that this version of the library does not know. */
export const alertOnDrift = (id: string) =>
  get(id).pipe(
    Effect.tapErrorTag("SignalWireInvalidResponse", ({ expected, path, reason, requestId }) =>
      Effect.logFatal("SignalWire has changed").pipe(Effect.annotateLogs({ expected, path, reason, requestId })))
  )

/** What an operator can do about an error of the network. */
export const hint = ({ reason }: SignalWireError.TransportError): string => {
  switch (reason) {
    case "Dns":
      return "check the name of the space"
    case "Tls":
      return "check the clock, the certificate authorities and the proxy of this machine"
    case "Proxy":
      return "check the address and the credentials of the proxy, and that it reaches the space"
    case "Closed":
      return "the application is shutting down"
    default:
      return "the network or the service; the same call may succeed later"
  }
}

/** A session within two seconds, or null. Without this, a call takes up to the deadline of its policy. */
export const getQuickly = (id: string) =>
  get(id).pipe(
    RequestPolicy.with({ deadline: "2 seconds" }),
    Effect.catchTag("SignalWireRequestTimeout", () => Effect.succeed(null))
  )

/** A session, or null where the id is no UUID, which no session has. */
export const getByText = (text: string) =>
  get(text).pipe(
    Effect.catchTag("SignalWireInvalidRequest", () => Effect.succeed(null))
  )

/** Every error of `get`, for code that only needs to know whether to try again later. */
export const getOrLater = (id: string) =>
  get(id).pipe(
    Effect.map(session => ({ session, again: false })),
    Effect.catchAll(error => Effect.succeed({ session: null, again: error.isRetryable }))
  )
