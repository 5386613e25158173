import { RoomSessions } from "@effect-signalwire/core"
import { Duration, Effect } from "effect"

/** A response for any HTTP framework. */
export interface SessionResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, string | null>>
}

/** The status of each error. A new error of the library does not compile until it has one. */
const statuses: Readonly<Record<RoomSessions.GetError["_tag"], number>> = {
  SignalWireNotFound: 404,
  SignalWireInvalidRequest: 404, // the id is no UUID, so no session has it
  SignalWireRateLimited: 503,
  SignalWireServerUnavailable: 503,
  SignalWireInternalServerError: 502,
  SignalWireInvalidResponse: 502,
  SignalWireTransportError: 502,
  SignalWireUnexpectedStatus: 502,
  SignalWireRequestTimeout: 504,
  SignalWireBadRequest: 500,
  SignalWireUnauthorized: 500 // the token of the application is wrong, not that of its user
}

/** When the caller should retry a 503: after a minute, where the service does not say it. */
const retryAfter = (error: RoomSessions.GetError): Duration.Duration | undefined =>
  "retryAfter" in error && error.retryAfter !== undefined
    ? error.retryAfter
    : statuses[error._tag] === 503
    ? Duration.minutes(1)
    : undefined

const errorResponse = (error: RoomSessions.GetError): SessionResponse => {
  const delay = retryAfter(error)
  return {
    status: statuses[error._tag],
    headers: delay === undefined ? {} : { "retry-after": String(Math.ceil(Duration.toSeconds(delay))) },
    body: { error: error._tag }
  }
}

/** The response of the application to a request for a session. It has no error left. */
export const sessionResponse = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
    Effect.map(({ display_name, name, status }): SessionResponse => ({
      status: 200,
      headers: {},
      body: { name: display_name ?? name, status }
    })),
    Effect.catchAll(error => {
      const response = errorResponse(error)
      // the message has no secrets; the users of the application need only the tag
      return Effect.as(response.status === 404 ? Effect.void : Effect.logError(error.message), response)
    })
  )
