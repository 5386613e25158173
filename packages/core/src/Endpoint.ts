/**
 * The declaration of an endpoint as a plain value. The client, `VideoApi` with its OpenAPI document, the sandbox, the test
 * layers and the names of spans derive from it.
 *
 * @since 1.0.0
 */
import type * as Brand from "effect/Brand"
import type * as Schema from "effect/Schema"
import type * as SignalWireErrors from "./SignalWireError.ts"
import type { CommonError, ErrorContext, InvalidRequest, SignalWireError } from "./SignalWireError.ts"

/**
 * A class of `SignalWireError` for one status of the contract.
 *
 * @since 1.0.0
 * @category models
 */
export interface ErrorClass extends Schema.Schema.AnyNoContext {
  new(context: ErrorContext | void): SignalWireError
}

/**
 * The error classes that an endpoint can declare, by status.
 *
 * @since 1.0.0
 * @category models
 */
export interface ErrorClasses {
  /** The request is not valid. */
  readonly 400?: typeof SignalWireErrors.BadRequest
  /** The credentials are missing or wrong. */
  readonly 401?: typeof SignalWireErrors.Unauthorized
  /** There is no such resource in this project. */
  readonly 404?: typeof SignalWireErrors.NotFound
  /** A parameter has a value that the service does not accept. */
  readonly 422?: typeof SignalWireErrors.UnprocessableContent
  /** The service failed. It is retried. */
  readonly 500?: typeof SignalWireErrors.InternalServerError
}

/**
 * The schema of a parameter. It encodes to a value that a URL can contain: a string, a number or a boolean.
 *
 * @since 1.0.0
 * @category models
 */
export interface Parameter extends Schema.Schema.AnyNoContext {
  /** What is written into the URL. */
  readonly Encoded: string | number | boolean
}

/**
 * The schemas of parameters, by name.
 *
 * @since 1.0.0
 * @category models
 */
export type Fields = { readonly [name: string]: Parameter }

/**
 * The declaration of an endpoint.
 *
 * @since 1.0.0
 * @category models
 */
export interface Spec {
  /** The vendor's name of the operation, in its OpenAPI document. */
  readonly operationId: string
  /** The title in the OpenAPI document. */
  readonly summary: string
  /** The description in the OpenAPI document: one sentence. */
  readonly description: string
  /**
   * The parameters of the path. A value that its schema does not encode is `InvalidRequest`, and nothing is sent. The same applies to
   * a value that encodes to an empty string, `.` or `..`, which would change the path.
   */
  readonly params?: Fields
  /** The parameters of the query, validated like those of the path. All are optional. */
  readonly query?: Fields
  /** The JSON body of the request, validated like the parameters. */
  readonly payload?: Schema.Schema.AnyNoContext
  /** The description of the success in the OpenAPI document: one sentence. */
  readonly result: string
  /** The body of a success, which is JSON. It is decoded outside of the fiber of the call: `Fiber.getCurrentFiber` is not that fiber. */
  readonly success: Schema.Schema.AnyNoContext
  /** The status of a success; default 200. */
  readonly successStatus?: 200 | 201 | 202 | undefined
  /** The statuses that the contract declares. Any other one is a `SignalWireError.CommonError`. */
  readonly errors: ErrorClasses
  /** The parameter of the path that the success repeats in a field of the same name. Another value is `InvalidResponse`. */
  readonly echoes?: string | undefined
  /** Whether the success is a page of a list. Its link to the next page must lead to the same list; another one is `InvalidResponse`. */
  readonly isPage?: boolean | undefined
  /** The largest body of a success, in bytes, for a policy without `maxBodyBytes`; default that of `RequestPolicy.defaults`. */
  readonly maxBodyBytes?: number | undefined
}

/**
 * The HTTP method of an endpoint.
 *
 * @since 1.0.0
 * @category models
 */
export type Method = "GET" | "POST"

/**
 * An endpoint, as `get` and `post` return it.
 *
 * @since 1.0.0
 * @category models
 */
export interface Endpoint<S extends Spec = Spec, M extends Method = Method> {
  /** The name of the operation in spans and errors, such as `RoomSessions.get`. */
  readonly name: string
  /** The method of the request. */
  readonly method: M
  /** The path below `/api/video`, with `:name` for each parameter. */
  readonly path: `/${string}`
  /** The declaration: its parameters, its success and its errors. */
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
 * The body of a request; `never` where it has none.
 *
 * @since 1.0.0
 * @category types
 */
export type Payload<S extends Spec> = S extends { readonly payload: infer P extends Schema.Schema.AnyNoContext }
  ? Schema.Schema.Type<P>
  : never

/** A branded string may be given as any string: the client validates it before it sends a request. */
type Given<A> = A extends string & Brand.Brand<string | symbol> ? A | (string & {}) : A

type AllGiven<P> = { readonly [K in keyof P]: Given<P[K]> }

/**
 * The argument of a call: the parameters of the path and the query by name, and the `payload`.
 *
 * @since 1.0.0
 * @category types
 */
export type Input<S extends Spec> =
  & AllGiven<Params<S>>
  & AllGiven<Query<S>>
  & ([Payload<S>] extends [never] ? {} : { readonly payload: Payload<S> })

/**
 * The success of a call.
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
export type Declared<S extends Spec> = S["errors"][keyof S["errors"]] extends infer Class
  ? Class extends new(context: ErrorContext | void) => infer E ? E : never
  : never

/**
 * The errors of a call: those that the endpoint declares, and those that every call can have.
 *
 * @since 1.0.0
 * @category types
 */
export type Error<S extends Spec> = Declared<S> | CommonError | InvalidRequest

/**
 * The names of the parameters in a path, such as `"id"` for `"/rooms/:id"`.
 *
 * @since 1.0.0
 * @category types
 */
export type ParamNames<P extends string> = P extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}` ? Name | ParamNames<`/${Tail}`> : Rest
  : never

/**
 * A declaration for a path: its `params` are those of the path, and `echoes` is one of them.
 *
 * @since 1.0.0
 * @category types
 */
export type ForPath<P extends string> =
  & ([ParamNames<P>] extends [never] ? { readonly params?: never }
    : { readonly params: { readonly [K in ParamNames<P>]: Parameter } })
  & { readonly echoes?: ParamNames<P> | undefined }

const make = <M extends Method>(method: M) =>
<const P extends Endpoint["path"], const S extends Spec & ForPath<P>>(
  name: string,
  path: P,
  spec: S
): Endpoint<S, M> => ({
  name,
  method,
  path,
  spec
})

/**
 * Declares a `GET` endpoint. Its requests are idempotent, so they may be retried. The `prepare` method of `SignalWireClient`
 * makes the function that calls it.
 *
 * @param name the name of the operation in spans and errors, such as `RoomSessions.get`
 * @param path the path below `/api/video`, with `:name` for each parameter
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
export const get: <const P extends Endpoint["path"], const S extends Spec & ForPath<P> & { readonly payload?: never }>(
  name: string,
  path: P,
  spec: S
) => Endpoint<S, "GET"> = make("GET")

/**
 * Declares a `POST` endpoint. Its requests are not idempotent, so a call is retried only while none of them was sent. An
 * `HttpClient` does not report that, so over one the call is never retried.
 *
 * @param name the name of the operation in spans and errors, such as `Rooms.create`
 * @param path the path below `/api/video`, with `:name` for each parameter
 * @since 1.0.0
 * @category constructors
 */
export const post: <const P extends Endpoint["path"], const S extends Spec & ForPath<P>>(
  name: string,
  path: P,
  spec: S
) => Endpoint<S, "POST"> = make("POST")
