import { RoomSessions, type SignalWireError } from "@effect-signalwire/core"
import { HttpRouter, HttpServerResponse } from "@effect/platform"
import { Duration, Effect } from "effect"

const empty = (status: number) => HttpServerResponse.empty({ status })

/** A minute where SignalWire names no time: the call was retried already, and callers that return at once prolong an outage. */
const unavailable = ({ retryAfter }: SignalWireError.RateLimited | SignalWireError.ServerUnavailable) => {
  const seconds = Math.ceil(Duration.toSeconds(retryAfter ?? Duration.minutes(1)))
  return HttpServerResponse.setHeader(empty(503), "retry-after", String(seconds))
}

const meeting = Effect.gen(function*() {
  const { id = "" } = yield* HttpRouter.params
  const sessions = yield* RoomSessions.RoomSessions
  const { name, status } = yield* sessions.get(id)
  return HttpServerResponse.unsafeJson({ name, status })
}).pipe(
  Effect.catchTags({
    SignalWireNotFound: () => Effect.succeed(empty(404)),
    SignalWireInvalidRequest: () => Effect.succeed(empty(404)),
    SignalWireRateLimited: error => Effect.succeed(unavailable(error)),
    SignalWireServerUnavailable: error => Effect.succeed(unavailable(error)),
    SignalWireRequestTimeout: () => Effect.succeed(empty(504))
  }),
  // the message has no secrets
  Effect.catchAll(({ _tag, message }) =>
    // the token of the application is wrong, not that of its user
    Effect.as(Effect.logError(message), empty(_tag === "SignalWireUnauthorized" ? 500 : 502))
  )
)

export const router = HttpRouter.empty.pipe(HttpRouter.get("/meetings/:id", meeting))
