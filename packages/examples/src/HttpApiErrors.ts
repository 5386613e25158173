import { RoomSessions, SignalWireError } from "@effect-signalwire/core"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiError, HttpApiGroup, HttpApiSchema } from "@effect/platform"
import { Effect, Schema } from "effect"

/** An application's own error. */
class Unavailable extends Schema.TaggedError<Unavailable>()(
  "Unavailable",
  { isRetryable: Schema.Boolean },
  HttpApiSchema.annotations({ status: 503 })
) {}

const toApiError = (error: RoomSessions.GetError) =>
  error._tag === "SignalWireNotFound" || error._tag === "SignalWireInvalidRequest"
    ? new HttpApiError.NotFound()
    : new Unavailable({ isRetryable: error.isRetryable })

const path = Schema.Struct({ id: Schema.String })
const Meeting = Schema.Struct({ name: Schema.NullOr(Schema.String), status: Schema.NullOr(Schema.String) })

export class Api extends HttpApi.make("application").add(
  HttpApiGroup.make("rooms")
    .add(
      HttpApiEndpoint.get("meeting", "/meetings/:id").setPath(path)
        .addSuccess(Meeting)
        .addError(HttpApiError.NotFound)
        .addError(Unavailable)
    )
    .add(
      // two errors of the library, each with a status: the body has their `message`, `status` and `details`
      HttpApiEndpoint.get("session", "/sessions/:id").setPath(path)
        .addSuccess(Meeting)
        .addError(SignalWireError.NotFound.annotations(HttpApiSchema.annotations({ status: 404 })))
        .addError(SignalWireError.RateLimited.annotations(HttpApiSchema.annotations({ status: 429 })))
        .addError(Unavailable)
    )
) {}

const get = (id: string) => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))

export const Rooms = HttpApiBuilder.group(Api, "rooms", handlers =>
  handlers
    .handle("meeting", request => Effect.mapError(get(request.path.id), toApiError))
    .handle("session", request =>
      Effect.mapError(get(request.path.id), error =>
        error._tag === "SignalWireNotFound" || error._tag === "SignalWireRateLimited"
          ? error
          : new Unavailable({ isRetryable: error.isRetryable }))))
