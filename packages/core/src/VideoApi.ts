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
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import type * as Endpoint from "./Endpoint.ts"
import { Unauthorized } from "./SignalWireError.ts"
import * as roomSessions from "./endpoints/roomSessions.ts"
import * as descriptions from "./internal/descriptions.ts"
import * as openApi from "./internal/openApi.ts"
import { reasonPhraseOf } from "./internal/reasonPhrases.ts"
import { root } from "./internal/request/parameters.ts"

/** An error as the service writes it, `{"error":"Not Found"}`, and as the tagged class in memory. */
const untagged = (status: number, Class: Endpoint.ErrorClass) => {
  const error = reasonPhraseOf(status) ?? "Error"
  const title = `Types.StatusCodes.StatusCode${status}`
  const errorTitle = `TypesStatusCodesStatusCode${status}Error`
  const description = descriptions.statuses[status] ?? ""
  const Wire = Schema.Struct({
    error: Schema.Literal(error).annotations({ identifier: errorTitle, title: errorTitle })
  }).annotations({ title, description })
  return Schema.transform(Wire, Schema.typeSchema(Class), {
    strict: true,
    decode: () => new Class(),
    encode: () => ({ error })
  }).annotations({ ...HttpApiSchema.annotations({ status }), identifier: title, description })
}

/**
 * Basic authentication with the project id as the user and an API token as the password. A server implements it. The
 * credentials that `HttpApiBuilder` hands over are empty when the token contains a colon: read the header for those.
 *
 * @since 1.0.0
 * @category security
 */
export class BasicAuth extends HttpApiMiddleware.Tag<BasicAuth>()("@effect-signalwire/core/VideoApi/BasicAuth", {
  failure: untagged(401, Unauthorized),
  security: {
    SignalWireBasicAuth: HttpApiSecurity.annotate(
      HttpApiSecurity.basic,
      OpenApi.Description,
      openApi.authorization
    )
  }
}) {}

type ParamsOf<S extends Endpoint.Spec> = { readonly [K in keyof S["params"]]: Schema.Schema.Type<S["params"][K]> }

/** An endpoint of `HttpApi`; the error of the middleware is not its own. */
function toHttpApi<const Name extends string, S extends Endpoint.Spec>(
  name: Name,
  endpoint: Endpoint.Endpoint<S>
): HttpApiEndpoint.HttpApiEndpoint<
  Name,
  "GET",
  ParamsOf<S>,
  never,
  never,
  never,
  Endpoint.Success<S>,
  Exclude<Endpoint.Declared<S>, Unauthorized>
>
function toHttpApi(name: string, { path, spec }: Endpoint.Endpoint) {
  const identifier = AST.getJSONIdentifier(AST.typeAST(spec.success.ast))
  const fields = descriptions.fields[Option.getOrElse(identifier, () => "")] ?? {}
  const params = Object.entries(spec.params).map(([name, schema]) =>
    [name, schema.annotations({ description: fields[name] ?? "" })] as const
  )
  const errors = Object.entries(spec.errors).filter(([status]) => status !== "401")
  return HttpApiEndpoint.get(name, `${root}${path}`)
    .setPath(Schema.Struct(Object.fromEntries(params)))
    .addSuccess(spec.success.annotations({
      ...(Option.isSome(identifier) ? { identifier: identifier.value } : {}),
      description: spec.result
    }))
    .addError(Schema.Union(...errors.map(([status, Class]) => untagged(Number(status), Class))))
    .annotate(OpenApi.Identifier, spec.operationId)
    .annotate(OpenApi.Summary, spec.summary)
    .annotate(OpenApi.Description, spec.description)
}

/**
 * The room sessions of a project.
 *
 * @since 1.0.0
 * @category groups
 */
export class RoomSessionsGroup extends HttpApiGroup.make("roomSessions")
  .add(toHttpApi("get", roomSessions.get))
  .middleware(BasicAuth)
{}

/**
 * Everything that this library knows of the Video API.
 *
 * A server made with `HttpApiBuilder` fails its handlers with the classes of `SignalWireError`. The platform adds its own
 * `HttpApiDecodeError` for a malformed request; respond to it as to `BadRequest`.
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
