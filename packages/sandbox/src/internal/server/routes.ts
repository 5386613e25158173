/** The endpoints of `VideoApi` by path and method. Paths match exactly, as in the service; the platform's router is lenient. */
import type { Endpoint } from "@effect-signalwire/core/Endpoint"
import { Declaration, VideoApi } from "@effect-signalwire/core/VideoApi"
import type { Script } from "@effect-signalwire/core/testing"
import * as HttpApi from "@effect/platform/HttpApi"
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"
import { invalidParameter } from "./unprocessable.ts"

/**
 * The name of an operation, such as `RoomSessions.get`.
 *
 * @since 1.0.0
 * @category models
 */
export type Operation = Script.Operation

export interface Route {
  /** The name of the endpoint, such as `RoomSessions.get`. */
  readonly name: string
  /** The methods of the endpoint; `HEAD` is one of them if `GET` is. */
  readonly methods: ReadonlyArray<string>
  /** The path, with `:name` for each parameter. */
  readonly template: string
  /** The parameters of the query. */
  readonly query: ReadonlyArray<string>
  /** The body of each error that the endpoint declares, by status. */
  readonly errorBodies: ReadonlyMap<number, string>
}

type ErrorSchemas = ReadonlyMap<number, { readonly ast: Option.Option<AST.AST> }>

const errorBodiesOf = ({ spec }: Endpoint, schemas: ErrorSchemas): Route["errorBodies"] =>
  new Map(
    Object.entries(spec.errors).flatMap(([key, Class]) => {
      const status = Number(key)
      const ast = Option.flatMap(Option.fromNullable(schemas.get(status)), schema => schema.ast)
      return Option.toArray(
        Option.map(
          ast,
          ast =>
            [
              status,
              JSON.stringify(
                Schema.encodeUnknownSync(Schema.make(ast))(status === 422 ? invalidParameter : new Class())
              )
            ] as const
        )
      )
    })
  )

const routes: Array<Route> = []
HttpApi.reflect(VideoApi, {
  onGroup: () => {},
  onEndpoint: ({ endpoint: { annotations, method, path }, errors }) => {
    const declaration = Context.unsafeGet(annotations, Declaration)
    routes.push({
      name: declaration.name,
      methods: method === "GET" ? ["GET", "HEAD"] : [method],
      template: path,
      query: Object.keys(declaration.spec.query ?? {}),
      errorBodies: errorBodiesOf(declaration, errors)
    })
  }
})

// a declaration has the name of its operation, which its type does not say
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const operations = routes.map(({ name }) => name as Operation)

const parameter = /:(\w+)/g

/** Finds the endpoints of a path. */
export const at = (path: string): ReadonlyArray<Route> =>
  routes.filter(({ template }) => new RegExp(`^${template.replace(parameter, "[^/]+")}$`).test(path))

/** Makes the path of a request to an endpoint. */
export const pathOf = (name: string, parameters: Readonly<Record<string, string>>): string =>
  (routes.find(route => route.name === name)?.template ?? "/")
    .replace(parameter, (_, key: string) => encodeURIComponent(parameters[key] ?? ""))

/** Splits a request target into path and query. A target that a proxy has sent begins with an origin. */
export const split = (target: string): { readonly path: string; readonly query: string } => {
  const local = target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, "")
  const mark = local.indexOf("?")
  const [path, query] = mark === -1 ? [local, ""] : [local.slice(0, mark), local.slice(mark)]
  return { path: path === "" ? "/" : path, query }
}

/** The query without the values of parameters that the endpoint does not have, since they may be secrets. */
export const redactQuery = (query: string, route: Route | undefined): string => {
  const parameters = [...new URLSearchParams(query)].map(([name, value]) =>
    `${encodeURIComponent(name)}=${route?.query.includes(name) === true ? encodeURIComponent(value) : "<redacted>"}`
  )
  return parameters.length === 0 ? "" : `?${parameters.join("&")}`
}

/** The form of the tokens of the service. */
const token = /PT[\da-z]{16,}/gi

/** A text of a request without what can be a token. */
export const redactTokens = (text: string): string => text.replaceAll(token, "<redacted>")

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Encodes a path for the platform's router, in which `;` and `#` end a path. */
export const normalize = (path: string): string =>
  path.split("/").map(segment => encodeURIComponent(decode(segment))).join("/")
