/** Matches calls and requests to declared endpoints. Parameters are compared in their encoded form. */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type { Endpoint } from "../../Endpoint.ts"
import { type Parameters, root } from "../../internal/request/parameters.ts"
import { TestSetupError } from "./testSetupError.ts"

export type TextParameters = Readonly<Record<string, string>>

/** A call, or a request that is one attempt of it. */
export interface Operation {
  /** The name of the endpoint; undefined for a request that no endpoint declares. */
  readonly name: string | undefined
  readonly parameters: TextParameters
  /** For messages. */
  readonly label: string
}

const isUuid = Schema.is(Schema.UUID)

/** UUIDs are equal in upper and lower case. */
const normalize = (text: string): string => isUuid(text) ? text.toLowerCase() : text

export const labelOf = (name: string, parameters: TextParameters): string => `${name} ${JSON.stringify(parameters)}`

/** Encodes parameters to texts. A value that the endpoint does not accept is a `TestSetupError`. */
export const encodeParameters = (
  owner: string,
  { name, spec }: Endpoint,
  parameters: Parameters
): Either.Either<TextParameters, TestSetupError> => {
  const texts: Record<string, string> = {}
  for (const [key, schema] of Object.entries({ ...spec.params, ...spec.query })) {
    const value = parameters[key]
    if (value === undefined) continue
    const encoded = ParseResult.encodeUnknownEither(schema)(value)
    if (Either.isLeft(encoded)) {
      return Either.left(
        new TestSetupError(
          `${owner}: ${name} does not accept this ${key}: ${ParseResult.TreeFormatter.formatIssueSync(encoded.left)}`
        )
      )
    }
    texts[key] = normalize(String(encoded.right))
  }
  return Either.right(texts)
}

/** The pattern has no beginning, since a gateway adds a prefix to the path. */
const patternOf = ({ path }: Endpoint): RegExp => new RegExp(`${root}${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`)

/** Finds the endpoint of a request by method and path. */
export const ofRequest = (
  endpoints: Readonly<Record<string, Endpoint>>,
  method: string,
  { pathname, searchParams }: URL
): Operation => {
  for (const endpoint of Object.values(endpoints)) {
    const found = method === endpoint.method ? patternOf(endpoint).exec(pathname) : null
    if (found === null) continue
    const inPath = Object.entries(found.groups ?? {}).map(([key, text]) => [key, decodeURIComponent(text)] as const)
    const parameters = Object.fromEntries([...searchParams, ...inPath].map(([key, text]) => [key, normalize(text)]))
    return { name: endpoint.name, parameters, label: labelOf(endpoint.name, parameters) }
  }
  return { name: undefined, parameters: {}, label: `${method} ${pathname}` }
}
