/** From the parameters of a call to the path of its request. */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import type { Endpoint } from "../Endpoint.ts"
import { differences } from "./difference.ts"

/** A parameter that is not what the endpoint declares. */
export interface InvalidParameter {
  readonly parameter: string
  readonly expected: string
}

/** The prefix of every path of the Video API. */
export const root = "/api/video"

type Encode = (value: unknown) => Either.Either<string, InvalidParameter>

const encoderOf = (parameter: string, schema: Schema.Schema.AnyNoContext): Encode => {
  const encode = ParseResult.encodeUnknownEither(schema)
  return value => {
    const encoded = encode(value)
    return Either.isRight(encoded)
      ? Either.right(encodeURIComponent(String(encoded.right)))
      : Either.left({ parameter, expected: differences(encoded.left)[0].expected })
  }
}
