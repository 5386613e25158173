/**
 * The declared endpoints as an `HttpApi`: for servers that stand in for the service, and for its OpenAPI document. The
 * client does not need it, so that only who imports this module loads `HttpApi`.
 *
 * @since 1.0.0
 */
import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpApiMiddleware from "@effect/platform/HttpApiMiddleware"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as HttpApiSecurity from "@effect/platform/HttpApiSecurity"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import { contractBodies } from "./internal/contractBodies.ts"
import * as descriptions from "./internal/descriptions.ts"
import * as openApi from "./internal/openApi.ts"
import { getRoomSession } from "./internal/operations.ts"

/** A failure as the service writes it, `{"error":"Not Found"}`, and as the tagged class in memory. */
const untagged = <const E extends string, A, I>(
  status: keyof typeof getRoomSession.failures,
  { description, error }: { readonly error: E; readonly description: string },
  Failure: Schema.Schema<A, I> & (new() => A)
) => {
  const title = `Types.StatusCodes.StatusCode${status}`
  const errorTitle = `TypesStatusCodesStatusCode${status}Error`
  const Wire = Schema.Struct({
    error: Schema.Literal(error).annotations({ identifier: errorTitle, title: errorTitle })
  }).annotations({ title, description })
  return Schema.transform(Wire, Schema.typeSchema(Failure), {
    strict: true,
    decode: () => new Failure(),
    encode: () => ({ error })
  }).annotations({ ...HttpApiSchema.annotations({ status }), identifier: title, description })
}

/**
 * `SignalWireError.BadRequest`, untagged on the wire.
 *
 * @since 1.0.0
 * @category failures
 */
export const StatusCode400 = untagged(400, contractBodies[400], getRoomSession.failures[400])

/**
 * `SignalWireError.Unauthorized`, untagged on the wire.
 *
 * @since 1.0.0
 * @category failures
 */
export const StatusCode401 = untagged(401, contractBodies[401], getRoomSession.failures[401])

/**
 * `SignalWireError.NotFound`, untagged on the wire.
 *
 * @since 1.0.0
 * @category failures
 */
export const StatusCode404 = untagged(404, contractBodies[404], getRoomSession.failures[404])

/**
 * `SignalWireError.InternalServerError`, untagged on the wire.
 *
 * @since 1.0.0
 * @category failures
 */
export const StatusCode500 = untagged(500, contractBodies[500], getRoomSession.failures[500])

/**
 * Basic authentication with the project id as the user and an API token as the password. A server implements it. The
 * credentials that `HttpApiBuilder` hands over are empty when the token contains a colon: read the header for those.
 *
 * @since 1.0.0
 * @category security
 */
export class BasicAuth extends HttpApiMiddleware.Tag<BasicAuth>()("@effect-signalwire/core/VideoApi/BasicAuth", {
  failure: StatusCode401,
  security: {
    SignalWireBasicAuth: HttpApiSecurity.annotate(
      HttpApiSecurity.basic,
      OpenApi.Description,
      descriptions.authorization
    )
  }
}) {}

const [before, after] = getRoomSession.path

const Success = getRoomSession.success.annotations({
  identifier: getRoomSession.success.identifier,
  description: "The room session."
})

/**
 * The room sessions of a project.
 *
 * @since 1.0.0
 * @category groups
 */
export class RoomSessionsGroup extends HttpApiGroup.make("roomSessions")
  .add(
    HttpApiEndpoint.get("getRoomSession", `${before}:id${after}`)
      .setPath(Schema.Struct({ id: getRoomSession.id }))
      .addSuccess(Success)
      .addError(StatusCode400)
      .addError(StatusCode404)
      .addError(StatusCode500)
      .annotate(OpenApi.Identifier, getRoomSession.operationId)
      .annotate(OpenApi.Summary, "Get room session")
      .annotate(OpenApi.Description, "Finds a room session by its id. The API token needs the Video scope.")
  )
  .middleware(BasicAuth)
{}

/**
 * Everything that this library knows of the Video API.
 *
 * A server made with `HttpApiBuilder` fails its handlers with the classes of `SignalWireError`. The platform adds its own
 * `HttpApiDecodeError` for a malformed request; answer it as `BadRequest`.
 *
 * @since 1.0.0
 * @category apis
 * @example
 * import { VideoApi } from "@effect-signalwire/core/VideoApi"
 * import { OpenApi } from "@effect/platform"
 *
 * const document = OpenApi.fromApi(VideoApi)
 */
export class VideoApi extends HttpApi.make("signalwire-video")
  .add(RoomSessionsGroup)
  .annotate(OpenApi.Title, "SignalWire Video")
  .annotate(OpenApi.Version, "1.0.0")
  .annotate(OpenApi.Transform, openApi.transform)
{}
