/** From the parameters of a call to the path of its request. */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import type { Endpoint } from "../../Endpoint.ts"
import { differences } from "../response/difference.ts"

/** A parameter that is not what the endpoint declares. */
export interface InvalidParameter {
  readonly parameter: string
  readonly expected: string
}

export type Parameters = Readonly<Record<string, unknown>>

type Encode = (parameters: Parameters) => Either.Either<string, InvalidParameter>

/** What every path of the Video API begins with. */
export const root = "/api/video"

/** A path with the names of its parameters in braces, as OpenTelemetry has it. */
export const templateOf = ({ path }: Endpoint): string => root + path.replace(/:(\w+)/g, "{$1}")

const encodeAs = (name: string, schema: Schema.Schema.AnyNoContext): Encode => {
  const encode = ParseResult.encodeUnknownEither(schema)
  return parameters => {
    const encoded = encode(parameters[name])
    return Either.isRight(encoded)
      ? Either.right(encodeURIComponent(String(encoded.right)))
      : Either.left({ parameter: name, expected: differences(encoded.left)[0].expected })
  }
}

/** The path of a request, for which the encoders are made once. */
export const makePath = ({ path, spec }: Endpoint): Encode => {
  // every other part is the name of a parameter
  const [start = "", ...parts] = path.split(/:(\w+)/)
  const steps = parts.flatMap((part, i) => {
    const schema = spec.params[part]
    return i % 2 === 0 && schema !== undefined ? [{ encode: encodeAs(part, schema), after: parts[i + 1] ?? "" }] : []
  })
  return parameters => {
    let whole = root + start
    for (const { after, encode } of steps) {
      const encoded = encode(parameters)
      if (Either.isLeft(encoded)) return encoded
      whole += encoded.right + after
    }
    return Either.right(whole)
  }
}
