/** The control endpoint: what tests do by the service `SandboxSpace`, for programs in other languages and for the console. */
import { RoomRecording, RoomSession, RoomSessionMember } from "@effect-signalwire/core"
import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpApiMiddleware from "@effect/platform/HttpApiMiddleware"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as HttpApiSecurity from "@effect/platform/HttpApiSecurity"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { FaultField } from "../faults/fault.ts"
import { ResponseField } from "../faults/script.ts"
import { strict, whole } from "../fields.ts"
import { ScenarioField } from "../scenario/scenario.ts"
import type { ReceivedRequest } from "../server/journal.ts"
import { SessionFields } from "../space/wireSession.ts"
import { version } from "../version.ts"

/** The request is not what the endpoint expects. */
export class Invalid extends Schema.TaggedError<Invalid>()(
  "Invalid",
  { error: Schema.String },
  HttpApiSchema.annotations({ status: 400, description: "The request is invalid; the error says what was expected." })
) {}

/** The token is missing or wrong. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()(
  "Unauthorized",
  { error: Schema.String },
  HttpApiSchema.annotations({ status: 401, description: "The bearer token is missing or wrong." })
) {}

/** There is no session, member or recording with the id. */
export class Unknown extends Schema.TaggedError<Unknown>()(
  "Unknown",
  { error: Schema.String },
  HttpApiSchema.annotations({ status: 404, description: "There is no session, member or recording with this id." })
) {}

/** The session, the member or the recording is not in progress. */
export class NotInProgress extends Schema.TaggedError<NotInProgress>()(
  "NotInProgress",
  { error: Schema.String },
  HttpApiSchema.annotations({
    status: 409,
    description: "The session, the member or the recording is not in progress."
  })
) {}

export class ControlToken extends HttpApiMiddleware.Tag<ControlToken>()("@effect-signalwire/sandbox/ControlToken", {
  failure: Unauthorized,
  security: {
    token: HttpApiSecurity.annotate(
      HttpApiSecurity.bearer,
      OpenApi.Description,
      "The token that the sandbox prints when it starts, or `control.token` of its service. Changes need it; reading does too, when the sandbox listens beyond loopback."
    )
  }
}) {}

/** A request that the sandbox has received. */
export const RequestEntry = Schema.Struct({
  number: Schema.Int.annotations({ description: "The number in the order of arrival, from 1." }),
  method: Schema.String,
  path: Schema.String,
  query: Schema.String.annotations({ description: "With its question mark; empty without a query." }),
  operation: Schema.NullOr(Schema.String).annotations({
    description: "Such as `RoomSessions.get`; null for any other path."
  }),
  attempt: Schema.Int.annotations({ description: "Counts the requests for one target that a client would retry." }),
  authorized: Schema.Boolean,
  request_id: Schema.String,
  received_at: Schema.DateTimeUtc,
  status: Schema.NullOr(Schema.Int).annotations({ description: "Null until the response is sent." }),
  transmission: Schema.NullOr(Schema.String).annotations({
    description: "Such as `reset`; null for a usual response."
  }),
  elapsed_ms: Schema.NullOr(Schema.Number).annotations({ description: "Null until the response was sent." })
}).annotations({ identifier: "Request" })

export const toEntry = (request: ReceivedRequest): typeof RequestEntry.Type => ({
  number: request.number,
  method: request.method,
  path: request.path,
  query: request.query,
  operation: request.operation ?? null,
  attempt: request.attempt,
  authorized: request.authorized,
  request_id: request.requestId,
  received_at: request.receivedAt,
  status: request.status ?? null,
  transmission: request.transmission ?? null,
  elapsed_ms: request.elapsed === undefined ? null : Duration.toMillis(request.elapsed)
})

/** A session with what belongs to it. */
const SessionView = Schema.Struct({
  session: RoomSession.RoomSession,
  members: Schema.Array(RoomSessionMember.RoomSessionMember),
  recordings: Schema.Array(RoomRecording.RoomRecording)
}).annotations({ identifier: "SessionView" })

/** Unknown fields are errors. */
const payload = <A, I>(schema: Schema.Schema<A, I>) => schema.annotations({ parseOptions: strict })

const id = HttpApiSchema.param("id", Schema.UUID)

const limit = Schema.Struct({
  limit: Schema.optional(
    Schema.NumberFromString.pipe(Schema.compose(whole(1, 1000))).annotations({
      description: "At most so many; from 1 to 1,000, default 100."
    })
  )
})

const described = (summary: string) => OpenApi.annotations({ summary })

const reads = HttpApiGroup.make("reads")
  .add(
    HttpApiEndpoint.get("sessions", "/sessions").setUrlParams(limit).addSuccess(Schema.Array(SessionView))
      .annotateContext(described("The sessions in progress, then the others, the newest one first of each"))
  )
  .add(
    HttpApiEndpoint.get("faults", "/faults").addSuccess(Schema.Array(FaultField))
      .annotateContext(described("The faults that are set, with the number of requests that will still have them"))
  )
  .add(
    HttpApiEndpoint.get("scenarioFaults", "/scenario/faults").addSuccess(Schema.Array(FaultField))
      .annotateContext(described("The faults of the scenario, which come after those that are set"))
  )
  .add(
    HttpApiEndpoint.get("requests", "/requests").setUrlParams(limit).addSuccess(Schema.Array(RequestEntry))
      .annotateContext(described("The last received requests, in the order of arrival"))
  )
  .add(
    HttpApiEndpoint.get("requestStream", "/requests/stream")
      .addSuccess(HttpApiSchema.Text({ contentType: "text/event-stream" }))
      .annotateContext(
        described(
          "Each request as a server-sent event `request` when it has ended, and before as `pending` when it arrives"
        )
      )
  )
  .add(
    HttpApiEndpoint.get("document", "/openapi.json").addSuccess(Schema.Unknown)
      .annotateContext(described("This document"))
  )
  .annotate(OpenApi.Title, "Reading")

const changes = HttpApiGroup.make("changes")
  .add(
    HttpApiEndpoint.post("create", "/sessions").setPayload(payload(SessionFields)).addSuccess(RoomSession.RoomSession, {
      status: 201
    })
      .annotateContext(described("Adds a session, in progress from now unless its fields say otherwise"))
  )
  .add(
    HttpApiEndpoint.patch("change")`/sessions/${id}`.setPayload(payload(SessionFields)).addSuccess(
      RoomSession.RoomSession
    )
      .addError(Unknown)
      .annotateContext(described("Changes fields of a session"))
  )
  .add(
    HttpApiEndpoint.post("end")`/sessions/${id}/end`.addSuccess(RoomSession.RoomSession)
      .addError(Unknown).addError(NotInProgress)
      .annotateContext(described("Completes a session"))
  )
  .add(
    HttpApiEndpoint.post("addMember")`/sessions/${id}/members`
      .setPayload(payload(Schema.Struct({ name: Schema.optional(Schema.NullOr(Schema.String)) })))
      .addSuccess(RoomSessionMember.RoomSessionMember, { status: 201 })
      .addError(Unknown).addError(NotInProgress)
      .annotateContext(described("Adds a member to a session"))
  )
  .add(
    HttpApiEndpoint.del("removeMember")`/members/${id}`.addSuccess(RoomSessionMember.RoomSessionMember)
      .addError(Unknown).addError(NotInProgress)
      .annotateContext(described("Ends the stay of a member"))
  )
  .add(
    HttpApiEndpoint.post("record")`/sessions/${id}/recordings`.addSuccess(RoomRecording.RoomRecording, { status: 201 })
      .addError(Unknown).addError(NotInProgress)
      .annotateContext(described("Starts a recording of a session"))
  )
  .add(
    HttpApiEndpoint.post("endRecording")`/recordings/${id}/end`.addSuccess(RoomRecording.RoomRecording)
      .addError(Unknown).addError(NotInProgress)
      .annotateContext(described("Completes a recording"))
  )
  .add(
    HttpApiEndpoint.put("setFaults", "/faults").setPayload(payload(Schema.Array(FaultField)))
      .addSuccess(Schema.Array(FaultField))
      .annotateContext(described("Replaces the faults that are set; those of a scenario stay"))
  )
  .add(
    HttpApiEndpoint.del("clearFaults", "/faults").annotateContext(
      described("Clears all faults, also those of the scenario")
    )
  )
  .add(
    HttpApiEndpoint.post("respondNext", "/responses").setPayload(payload(Schema.Array(ResponseField)))
      .annotateContext(described("Scripts the responses to the next requests, after those that are scripted already"))
  )
  .add(
    HttpApiEndpoint.del("clearResponses", "/responses").annotateContext(described("Clears the scripted responses"))
  )
  .add(
    HttpApiEndpoint.put("play", "/scenario").setPayload(payload(ScenarioField))
      .annotateContext(described("Plays a scenario instead of the current one"))
  )
  .add(
    HttpApiEndpoint.del("stop", "/scenario").annotateContext(described("Stops the scenario, and clears its faults"))
  )
  .add(
    HttpApiEndpoint.del("clearRequests", "/requests").annotateContext(described("Clears the received requests"))
  )
  .middleware(ControlToken)
  .annotate(OpenApi.Title, "Changes")

export const path = "/_sandbox"

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** The platform documents its own error for invalid requests too, which `Invalid` replaces. */
const withoutDecodeError = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutDecodeError)
  if (!isObject(value)) return value
  const { anyOf } = value
  if (Array.isArray(anyOf) && JSON.stringify(anyOf[0]) === "{\"$ref\":\"#/components/schemas/HttpApiDecodeError\"}") {
    const invalid: unknown = anyOf[1]
    return invalid
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !["HttpApiDecodeError", "Issue", "PropertyKey"].includes(name))
      .map(([name, part]) => [name, withoutDecodeError(part)])
  )
}

export class ControlApi extends HttpApi.make("signalwire-sandbox")
  .add(reads)
  .add(changes)
  .addError(Invalid)
  .prefix(path)
  .annotate(OpenApi.Title, "SignalWire sandbox: control endpoint")
  .annotate(OpenApi.Version, version)
  .annotate(OpenApi.Transform, document => Object.assign({}, withoutDecodeError(document)))
{}
