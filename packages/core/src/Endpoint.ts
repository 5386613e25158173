/**
 * A declared endpoint: a plain value that holds everything about it once. The client, `VideoApi` with its OpenAPI document, the
 * sandbox, the test layers and the names of spans are derived from it.
 *
 * @since 1.0.0
 */
import type * as Brand from "effect/Brand"
import type * as Schema from "effect/Schema"
import type { CommonError, ErrorContext, InvalidRequest, SignalWireError } from "./SignalWireError.ts"

/**
 * A class of `SignalWireError` that stands for a status of a contract.
 *
 * @since 1.0.0
 * @category models
 */
export interface ErrorClass extends Schema.Schema.AnyNoContext {
  new(context: ErrorContext | void): SignalWireError
}

/**
 * Parameters by their names, each encoded by its schema.
 *
 * @since 1.0.0
 * @category models
 */
export type Fields = { readonly [name: string]: Schema.Schema.AnyNoContext }

/**
 * The declaration of an endpoint.
 *
 * @since 1.0.0
 * @category models
 */
export interface Spec {
  /** The vendor's name of the operation, in its OpenAPI document. */
  readonly operationId: string
  /** What it does, as a title. */
  readonly summary: string
  /** What it does, as a sentence. */
  readonly description: string
  /** The parameters of the path. A value that its schema does not encode is `InvalidRequest`, and nothing is sent. */
  readonly params?: Fields
  /** The parameters of the query, checked like those of the path. Each may be left out. */
  readonly query?: Fields
  /** The JSON of a request with a body, checked like the parameters. */
  readonly payload?: Schema.Schema.AnyNoContext
  /** What the success is, as a sentence. */
  readonly result: string
  /** The body of a success. */
  readonly success: Schema.Schema.AnyNoContext
  /** The one status of a success; default 200. */
  readonly successStatus?: number
  /** The statuses that the contract declares. Any other one is a `SignalWireError.CommonError`. */
  readonly errors: { readonly [status: number]: ErrorClass }
  /** The parameter of the path that a field of the same name in the success repeats. */
  readonly echoes?: string
  /** Whether the success is a page of a list, of which the link to the next page must lead to the same endpoint. */
  readonly isPage?: boolean
  /** Bytes of the largest success that is read unless the policy has a `maxBodyBytes`; default that of `RequestPolicy.defaults`. */
  readonly maxBodyBytes?: number
}

/**
 * @since 1.0.0
 * @category models
 */
export type Method = "GET" | "POST"

/**
 * @since 1.0.0
 * @category models
 */
export interface Endpoint<S extends Spec = Spec, M extends Method = Method> {
  /** The name in spans and errors, such as `RoomSessions.get`. */
  readonly name: string
  readonly method: M
  /** Below `/api/video`, with `:name` in the place of each parameter. */
  readonly path: `/${string}`
  readonly spec: S
}

type FieldsOf<S extends Spec, K extends "params" | "query"> = S extends { readonly [_ in K]: infer F extends Fields } ?
  F
  : {}

/**
 * The parameters of the path.
 *
 * @since 1.0.0
 * @category types
 */
export type Params<S extends Spec> = {
  readonly [K in keyof FieldsOf<S, "params">]: Schema.Schema.Type<FieldsOf<S, "params">[K]>
}

/**
 * The parameters of the query.
 *
 * @since 1.0.0
 * @category types
 */
export type Query<S extends Spec> = {
  readonly [K in keyof FieldsOf<S, "query">]?: Schema.Schema.Type<FieldsOf<S, "query">[K]> | undefined
}

/**
 * What a request has as its body; `never` where it has none.
 *
 * @since 1.0.0
 * @category types
 */
export type Payload<S extends Spec> = S extends { readonly payload: infer P extends Schema.Schema.AnyNoContext }
  ? Schema.Schema.Type<P>
  : never

/** A branded string may be given as any string: it is checked before a request is sent. */
type Given<A> = A extends string & Brand.Brand<string | symbol> ? A | (string & {}) : A

type AllGiven<P> = { readonly [K in keyof P]: Given<P[K]> }

/**
 * What a call of an endpoint takes: the parameters of its path and its query by their names, and its `payload`.
 *
 * @since 1.0.0
 * @category types
 */
export type Input<S extends Spec> =
  & AllGiven<Params<S>>
  & AllGiven<Query<S>>
  & ([Payload<S>] extends [never] ? {} : { readonly payload: Payload<S> })

/**
 * What a call of an endpoint succeeds with.
 *
 * @since 1.0.0
 * @category types
 */
export type Success<S extends Spec> = Schema.Schema.Type<S["success"]>

/**
 * The errors that an endpoint declares.
 *
 * @since 1.0.0
 * @category types
 */
export type Declared<S extends Spec> = S["errors"][keyof S["errors"] & number] extends infer Class
  ? Class extends new(context: ErrorContext | void) => infer E ? E : never
  : never

/**
 * What a call of an endpoint fails with: the errors that it declares, and those that any call has.
 *
 * @since 1.0.0
 * @category types
 */
export type Error<S extends Spec> = Declared<S> | CommonError | InvalidRequest

const make =
  <M extends Method>(method: M) => <const S extends Spec>(name: string, path: Endpoint["path"], spec: S) => ({
    name,
    method,
    path,
    spec
  })

/**
 * Declares an endpoint that reads: idempotent, so that it is retried. `SignalWireClient.prepare` calls it.
 *
 * @param name such as `RoomSessions.get`, for spans and errors
 * @param path below `/api/video`, with `:name` in the place of each parameter
 * @since 1.0.0
 * @category constructors
 * @example
 * import { Endpoint, SignalWireClient, SignalWireError } from "@effect-signalwire/core"
 * import { Effect, Schema } from "effect"
 *
 * const getRoom = Endpoint.get("Rooms.get", "/rooms/:id", {
 *   operationId: "get_room",
 *   summary: "Get a room",
 *   description: "Finds a room by its id.",
 *   result: "The room.",
 *   params: { id: Schema.UUID },
 *   success: Schema.Struct({ id: Schema.UUID, name: Schema.String }),
 *   errors: { 401: SignalWireError.Unauthorized, 404: SignalWireError.NotFound },
 *   echoes: "id"
 * })
 *
 * const room = Effect.flatMap(
 *   SignalWireClient.SignalWireClient,
 *   client => client.prepare(getRoom)({ id: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d" })
 * )
 */
export const get: <const S extends Spec>(name: string, path: Endpoint["path"], spec: S) => Endpoint<S, "GET"> = make(
  "GET"
)

/**
 * Declares an endpoint that creates. Its requests are retried only while none was sent.
 *
 * @since 1.0.0
 * @category constructors
 */
export const post: <const S extends Spec>(name: string, path: Endpoint["path"], spec: S) => Endpoint<S, "POST"> = make(
  "POST"
)
