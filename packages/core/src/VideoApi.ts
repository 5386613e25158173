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
import type * as Page from "./Page.ts"
import { RoomRecording } from "./RoomRecording.ts"
import { RoomSessionSummary } from "./RoomSession.ts"
import { ErrorDetail, Unauthorized, UnprocessableContent } from "./SignalWireError.ts"
import * as roomRecordings from "./endpoints/roomRecordings.ts"
import * as roomSessions from "./endpoints/roomSessions.ts"
import * as descriptions from "./internal/descriptions.ts"
import * as openApi from "./internal/openApi.ts"
import { reasonPhraseOf } from "./internal/reasonPhrases.ts"
import { root } from "./internal/request/parameters.ts"

/** One detail of a 422, as the service sends it. */
const ErrorItem = Schema.Struct({
  type: Schema.String,
  code: Schema.String,
  message: Schema.String,
  attribute: Schema.optional(Schema.NullOr(Schema.String)),
  url: Schema.String
}).annotations({ identifier: openApi.errorItem })

const toItem = (detail: ErrorDetail): typeof ErrorItem.Type => ({
  type: detail.type ?? "validation_error",
  code: detail.code ?? "invalid_parameter",
  message: detail.message ?? "The request has an invalid parameter",
  attribute: detail.attribute ?? null,
  url: detail.url ?? "https://signalwire.com/docs/apis/error-codes"
})

const toDetail = ({ attribute, ...item }: typeof ErrorItem.Type): ErrorDetail =>
  new ErrorDetail({ ...item, ...(typeof attribute === "string" ? { attribute } : {}) })

/** A 422: its details on the wire. What a detail lacks is the usual one. */
const unprocessableContent = Schema.transform(
  Schema.Struct({ errors: Schema.Array(ErrorItem) }),
  Schema.typeSchema(UnprocessableContent),
  {
    strict: true,
    decode: ({ errors }) => new UnprocessableContent({ details: errors.map(toDetail) }),
    encode: ({ details }) => ({ errors: details.map(toItem) })
  }
).annotations({
  ...HttpApiSchema.annotations({ status: 422 }),
  identifier: "Video.VideoStatusCode422",
  description: descriptions.statuses[422] ?? ""
})

/** Any other error: `{"error":"Not Found"}` on the wire, the tagged class in memory. */
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

const errorOf = ([status, Class]: [status: string, Endpoint.ErrorClass]) =>
  status === "422" ? unprocessableContent : untagged(Number(status), Class)

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

/**
 * The links of a page. The client reads `next` only; a server sends `self` and `first` as well.
 *
 * @since 1.0.0
 * @category models
 */
export const PaginationLinks = Schema.Struct({
  self: Schema.String,
  first: Schema.String,
  next: Schema.optional(Schema.String),
  prev: Schema.optional(Schema.String)
}).annotations({ identifier: openApi.links })

/** A page has all of its links. */
type Success<S extends Endpoint.Spec> = S extends { readonly isPage: true }
  ? Endpoint.Success<S> extends { readonly data: infer Data }
    ? { readonly links: typeof PaginationLinks.Type; readonly data: Data }
  : never
  : Endpoint.Success<S>

/** The endpoint of `HttpApi`. `Unauthorized` is the error of the middleware, so the endpoint does not have it. */
type ToHttpApi<Name extends string, E> = E extends Endpoint.Endpoint<infer S, infer M> ?
  HttpApiEndpoint.HttpApiEndpoint<
    Name,
    M,
    [keyof Endpoint.Params<S>] extends [never] ? never : Endpoint.Params<S>,
    [keyof Endpoint.Query<S>] extends [never] ? never : Endpoint.Query<S>,
    Endpoint.Payload<S>,
    never,
    Success<S>,
    Exclude<Endpoint.Declared<S>, Unauthorized>
  >
  : never

const identifierOf = (schema: Schema.Schema.AnyNoContext): string | undefined =>
  Option.getOrUndefined(AST.getJSONIdentifier(AST.typeAST(schema.ast)))

/** In the OpenAPI document, a class has the name of its instances. */
const named = (schema: Schema.Schema.AnyNoContext) => {
  const identifier = identifierOf(schema)
  return identifier === undefined ? schema : schema.annotations({ identifier })
}

/** The vendor's name of a page: `Video.ListRoomSessionsResponse` of `list_room_sessions`. */
const pageIdentifier = (operationId: string): string =>
  `Video.${operationId.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Response`

/** The body of a success, and its name. */
const bodyOf = ({ isPage, operationId, success }: Endpoint.Spec) => {
  if (isPage !== true) return { body: success, identifier: identifierOf(success) }
  // `isPage` says it, and the type of a declaration does not
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { data } = (success as ReturnType<typeof Page.of>).fields
  return {
    body: Schema.Struct({ links: PaginationLinks, data: Schema.Array(named(data.value)) }),
    identifier: pageIdentifier(operationId)
  }
}

const success = (spec: Endpoint.Spec) => {
  const { body, identifier } = bodyOf(spec)
  return body.annotations({
    ...HttpApiSchema.annotations({ status: spec.successStatus ?? 200 }),
    ...(identifier === undefined ? {} : { identifier }),
    description: spec.result
  })
}

type Texts = Readonly<Record<string, string>>

/** A parameter has the description of the field of the same name in the model of the resource. */
const pathParams = (params: Endpoint.Fields, texts: Texts) =>
  Schema.Struct(Object.fromEntries(
    Object.entries(params).map(([name, schema]) => [
      name,
      texts[name] === undefined ? schema : schema.annotations({ description: texts[name] })
    ])
  ))

const optional = (fields: Endpoint.Fields) =>
  Schema.Struct(Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, Schema.optional(schema)])))

const toHttpApi = (name: string, endpoint: Endpoint.Endpoint, texts: Texts): HttpApiEndpoint.HttpApiEndpoint.Any => {
  const { method, path, spec } = endpoint
  const errors = Object.entries(spec.errors).filter(([status]) => status !== "401")
  const bare = HttpApiEndpoint.make(method)(name, `${root}${path}`)
    .addSuccess(success(spec))
    .addError(Schema.Union(...errors.map(errorOf)))
    .annotate(Declaration, endpoint)
    .annotate(OpenApi.Identifier, spec.operationId)
    .annotate(OpenApi.Summary, spec.summary)
    .annotate(OpenApi.Description, spec.description)
  const withPath = spec.params === undefined ? bare : bare.setPath(pathParams(spec.params, texts))
  const withQuery = spec.query === undefined ? withPath : withPath.setUrlParams(optional(spec.query))
  return spec.payload === undefined ? withQuery : withQuery.setPayload(spec.payload)
}

/** All endpoints of a resource, by the names of their declarations. */
function toGroup<const Name extends string, Endpoints extends { readonly [name: string]: Endpoint.Endpoint }>(
  name: Name,
  model: Schema.Schema.AnyNoContext,
  endpoints: Endpoints
): HttpApiGroup.HttpApiGroup<
  Name,
  { [K in keyof Endpoints & string]: ToHttpApi<K, Endpoints[K]> }[keyof Endpoints & string],
  never
>
function toGroup(
  name: string,
  model: Schema.Schema.AnyNoContext,
  endpoints: { readonly [name: string]: Endpoint.Endpoint }
) {
  const texts = descriptions.fields[identifierOf(model) ?? ""] ?? {}
  return Object.entries(endpoints).reduce<
    HttpApiGroup.HttpApiGroup<string, HttpApiEndpoint.HttpApiEndpoint.Any, never>
  >(
    (group, [name, endpoint]) => group.add(toHttpApi(name, endpoint, texts)),
    HttpApiGroup.make(name)
  )
}

/**
 * The group of the endpoints of room sessions.
 *
 * @since 1.0.0
 * @category groups
 */
export class RoomSessionsGroup
  extends toGroup("roomSessions", RoomSessionSummary, roomSessions).middleware(BasicAuth)
{}

/**
 * The group of the endpoints of recordings.
 *
 * @since 1.0.0
 * @category groups
 */
export class RoomRecordingsGroup
  extends toGroup("roomRecordings", RoomRecording, roomRecordings).middleware(BasicAuth)
{}

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
