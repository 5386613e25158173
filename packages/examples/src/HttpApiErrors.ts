import { RoomSessions, SignalWireError } from "@effect-signalwire/core"
import {
  HttpApi,
  HttpApiBuilder,
  HttpApiEndpoint,
  HttpApiError,
  HttpApiGroup,
  HttpApiSchema,
  HttpApp,
  HttpServerResponse
} from "@effect/platform"
import { Duration, Effect, Schema } from "effect"

/** An application's own error: the same request may succeed later. */
class Unavailable extends Schema.TaggedError<Unavailable>()(
  "Unavailable",
  { retryAfterSeconds: Schema.NullOr(Schema.Int) },
  HttpApiSchema.annotations({ status: 503 })
) {}

const retryAfterSeconds = (error: RoomSessions.GetError) =>
  "retryAfter" in error && error.retryAfter !== undefined ? Math.ceil(Duration.toSeconds(error.retryAfter)) : null

const toApiError = (error: RoomSessions.GetError) =>
  error.isRetryable
    ? new Unavailable({ retryAfterSeconds: retryAfterSeconds(error) })
    : new HttpApiError.InternalServerError()

const path = Schema.Struct({ id: Schema.String })
const Meeting = Schema.Struct({ name: Schema.NullOr(Schema.String), status: Schema.NullOr(Schema.String) })

export class Api extends HttpApi.make("application").add(
  HttpApiGroup.make("rooms")
    .add(
      HttpApiEndpoint.get("meeting", "/meetings/:id").setPath(path)
        .addSuccess(Meeting)
        .addError(HttpApiError.NotFound)
        .addError(HttpApiError.InternalServerError)
        .addError(Unavailable)
    )
    .add(
      // two errors of the library, each with a status: the body has their `message`, `status` and `details`
      HttpApiEndpoint.get("session", "/sessions/:id").setPath(path)
        .addSuccess(Meeting)
        .addError(SignalWireError.NotFound.annotations(HttpApiSchema.annotations({ status: 404 })))
        .addError(SignalWireError.RateLimited.annotations(HttpApiSchema.annotations({ status: 429 })))
        .addError(HttpApiError.BadRequest)
        .addError(HttpApiError.InternalServerError)
        .addError(Unavailable)
    )
) {}

/** Adds `Retry-After` to the response of the application, which an `HttpApi` cannot declare for an error. */
const setRetryAfter = (seconds: number) =>
  HttpApp.appendPreResponseHandler((_, response) =>
    Effect.succeed(HttpServerResponse.setHeader(response, "retry-after", String(seconds)))
  )

const get = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
    Effect.tapError(error => {
      if (error._tag === "SignalWireNotFound" || error._tag === "SignalWireInvalidRequest") return Effect.void
      if (error.isRetryable) {
        const seconds = retryAfterSeconds(error)
        return seconds === null ? Effect.void : setRetryAfter(seconds)
      }
      // what a caller cannot mend, such as a token that was rotated; the message has no secrets
      return Effect.logError(error.message)
    })
  )

export const Rooms = HttpApiBuilder.group(Api, "rooms", handlers =>
  handlers
    .handle("meeting", request =>
      Effect.mapError(get(request.path.id), error =>
        error._tag === "SignalWireNotFound" || error._tag === "SignalWireInvalidRequest"
          ? new HttpApiError.NotFound()
          : toApiError(error)))
    .handle("session", request =>
      Effect.mapError(get(request.path.id), error => {
        if (error._tag === "SignalWireInvalidRequest") {
          return new HttpApiError.BadRequest()
        }
        return error._tag === "SignalWireNotFound" || error._tag === "SignalWireRateLimited" ? error : toApiError(error)
      })))
