/**
 * The declared endpoints as an `HttpApi`, for mock servers and for the OpenAPI document. The client does not use it, so the
 * main module does not load `HttpApi`.
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
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import type * as Endpoint from "./Endpoint.ts"
import { ErrorDetail, Unauthorized, UnprocessableContent } from "./SignalWireError.ts"
import * as roomRecordings from "./endpoints/roomRecordings.ts"
import * as roomSessions from "./endpoints/roomSessions.ts"
import * as descriptions from "./internal/descriptions.ts"
import * as openApi from "./internal/openApi.ts"
import { reasonPhraseOf } from "./internal/reasonPhrases.ts"
import { root } from "./internal/request/parameters.ts"

/** An error: `{"error":"Not Found"}` on the wire, the tagged class in memory. */
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

const ErrorItem = Schema.Struct({
  type: Schema.String,
  code: Schema.String,
  message: Schema.String,
  attribute: Schema.optional(Schema.NullOr(Schema.String)),
  url: Schema.String
}).annotations({ identifier: "Types.StatusCodes.RestApiErrorItem" })

const errorCodes = "https://signalwire.com/docs/apis/error-codes"

/** A 422 lists its details: `{"errors":[{"type":"validation_error","code":"invalid_parameter",...}]}` on the wire. */
const unprocessable = Schema.transform(
  Schema.Struct({ errors: Schema.Array(ErrorItem) }).annotations({ description: descriptions.statuses[422] ?? "" }),
  Schema.typeSchema(UnprocessableContent),
  {
    strict: true,
    decode: ({ errors }) =>
      new UnprocessableContent({
        details: errors.map(({ attribute, ...item }) =>
          new ErrorDetail(typeof attribute === "string" ? { ...item, attribute } : item)
        )
      }),
    encode: ({ details }) => ({
      errors: details.map(({ attribute, code, message, type, url }) => ({
        type: type ?? "validation_error",
        code: code ?? "invalid_parameter",
        message: message ?? "The request has an invalid parameter",
        attribute: attribute ?? null,
        url: url ?? errorCodes
      }))
    })
  }
).annotations({
  ...HttpApiSchema.annotations({ status: 422 }),
  identifier: "Video.VideoStatusCode422",
  description: descriptions.statuses[422] ?? ""
})

/**
 * Basic authentication: the project id is the user, an API token is the password. A server implements it.
 *
 * The credentials that `HttpApiBuilder` passes are empty when the token contains a colon; the `authorization` header has them.
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

/**
 * The annotation of each endpoint of `VideoApi`: the declaration that it derives from.
 *
 * @since 1.0.0
 * @category annotations
 */
export class Declaration extends Context.Tag("@effect-signalwire/core/VideoApi/Declaration")<
  Declaration,
  Endpoint.Endpoint
>() {}

/** The endpoint of `HttpApi`. `Unauthorized` is the error of the middleware, so the endpoint does not have it. */
type ToHttpApi<Name extends string, E> = E extends Endpoint.Endpoint<infer S, infer M> ?
  HttpApiEndpoint.HttpApiEndpoint<
    Name,
    M,
    [keyof Endpoint.Params<S>] extends [never] ? never : Endpoint.Params<S>,
    [keyof Endpoint.Query<S>] extends [never] ? never : Endpoint.Query<S>,
    Endpoint.Payload<S>,
    never,
    Endpoint.Success<S>,
    Exclude<Endpoint.Declared<S>, Unauthorized>
  >
  : never

const identifierOf = (schema: Schema.Schema.AnyNoContext): string | undefined =>
  Option.getOrUndefined(AST.getJSONIdentifier(AST.typeAST(schema.ast)))

const success = ({ result, success, successStatus = 200 }: Endpoint.Spec) => {
  const identifier = identifierOf(success)
  return success.annotations({
    ...HttpApiSchema.annotations({ status: successStatus }),
    ...(identifier === undefined ? {} : { identifier }),
    description: result
  })
}

/** A parameter has the description of the field of the same name in the success. */
const pathParams = (params: Endpoint.Fields, { success }: Endpoint.Spec) => {
  const texts = descriptions.fields[identifierOf(success) ?? ""] ?? {}
  return Schema.Struct(Object.fromEntries(
    Object.entries(params).map(([name, schema]) => [
      name,
      texts[name] === undefined ? schema : schema.annotations({ description: texts[name] })
    ])
  ))
}

const optional = (fields: Endpoint.Fields) =>
  Schema.Struct(Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, Schema.optional(schema)])))

const toHttpApi = (name: string, endpoint: Endpoint.Endpoint): HttpApiEndpoint.HttpApiEndpoint.Any => {
  const { method, path, spec } = endpoint
  const errors = Object.entries(spec.errors).filter(([status]) => status !== "401")
  const bare = HttpApiEndpoint.make(method)(name, `${root}${path}`)
    .addSuccess(success(spec))
    .addError(
      Schema.Union(
        ...errors.map(([status, Class]) => status === "422" ? unprocessable : untagged(Number(status), Class))
      )
    )
    .annotate(Declaration, endpoint)
    .annotate(OpenApi.Identifier, spec.operationId)
    .annotate(OpenApi.Summary, spec.summary)
    .annotate(OpenApi.Description, spec.description)
  const withPath = spec.params === undefined ? bare : bare.setPath(pathParams(spec.params, spec))
  const withQuery = spec.query === undefined ? withPath : withPath.setUrlParams(optional(spec.query))
  return spec.payload === undefined ? withQuery : withQuery.setPayload(spec.payload)
}

/** All endpoints of a resource, by the names of their declarations. */
function toGroup<const Name extends string, Endpoints extends { readonly [name: string]: Endpoint.Endpoint }>(
  name: Name,
  endpoints: Endpoints
): HttpApiGroup.HttpApiGroup<
  Name,
  { [K in keyof Endpoints & string]: ToHttpApi<K, Endpoints[K]> }[keyof Endpoints & string],
  never
>
function toGroup(name: string, endpoints: { readonly [name: string]: Endpoint.Endpoint }) {
  return Object.entries(endpoints).reduce<
    HttpApiGroup.HttpApiGroup<string, HttpApiEndpoint.HttpApiEndpoint.Any, never>
  >(
    (group, [name, endpoint]) => group.add(toHttpApi(name, endpoint)),
    HttpApiGroup.make(name)
  )
}

/**
 * The group of the endpoints of room sessions.
 *
 * @since 1.0.0
 * @category groups
 */
export class RoomSessionsGroup extends toGroup("roomSessions", roomSessions).middleware(BasicAuth) {}

/**
 * The recordings of a project.
 *
 * @since 1.0.0
 * @category groups
 */
export class RoomRecordingsGroup extends toGroup("roomRecordings", roomRecordings).middleware(BasicAuth) {}

/**
 * All endpoints of the Video API that this library declares.
 *
 * The handlers of a server fail with the classes of `SignalWireError`. For an invalid request the platform fails with its
 * own `HttpApiDecodeError`, which the server can map to `BadRequest`.
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
  .add(RoomRecordingsGroup)
  .annotate(OpenApi.Title, "SignalWire Video")
  .annotate(OpenApi.Version, "1.0.0")
  .annotate(OpenApi.Transform, openApi.transform)
{}
