/** Decodes the body of a success: from bytes to text, from text to JSON, from JSON to a value of the schema. */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import type { InvalidResponse } from "../../SignalWireError.ts"
import { type Difference, differences } from "./difference.ts"
import { noException } from "./expectations.ts"
import * as lenientDecode from "./lenientDecode.ts"

/** The error of a body that cannot be decoded: the fields of `InvalidResponse` with the same names. */
export interface DecodeError {
  readonly reason: InvalidResponse["reason"]
  readonly path?: string
  readonly expected?: string
}

/** Ignores a byte order mark at the beginning. */
const utf8 = new TextDecoder("utf-8", { fatal: true })

export const join = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const [first] = chunks
  if (first !== undefined && chunks.length === 1) return first
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0))
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.byteLength
  }
  return whole
}

/** Undefined for bytes that are not UTF-8. */
const toText = (chunks: ReadonlyArray<Uint8Array>): string | undefined => {
  try {
    return utf8.decode(join(chunks))
  } catch {
    return undefined
  }
}

/**
 * Makes the function that decodes JSON text, once for each schema. The function throws `SyntaxError` when the text is not
 * JSON.
 */
export type Decoder = <A, I>(schema: Schema.Schema<A, I>) => (text: string) => Either.Either<A, ParseResult.ParseIssue>

/** Decodes with `Schema`, which compiles a schema when it is first used, and keeps the result. */
export const bySchema: Decoder = schema => text => ParseResult.decodeUnknownEither(schema)(JSON.parse(text))

const ofDifference = ({ expected, path }: Difference): DecodeError => ({
  reason: "SchemaMismatch",
  path,
  expected
})

const exception: DecodeError = { reason: "SchemaMismatch", path: "", expected: noException }

/** A transformation of an application's schema may throw a `SyntaxError` too, for example that of `JSON.parse`. */
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Makes the function that decodes bodies, once for each schema. */
export const make = <A, I>(
  schema: Schema.Schema<A, I>,
  decoder: Decoder,
  isLenient: boolean
): (chunks: ReadonlyArray<Uint8Array>, onDrift: lenientDecode.OnDrift) => Either.Either<A, DecodeError> => {
  const decode = decoder(schema)
  const decodeLeniently = isLenient ? lenientDecode.make(schema) : undefined
  return (chunks, onDrift) => {
    const text = toText(chunks)
    if (text === undefined) return Either.left({ reason: "InvalidUtf8" })
    try {
      const decoded = decode(text)
      if (Either.isRight(decoded)) return Either.right(decoded.right)
      return decodeLeniently === undefined
        ? Either.left(ofDifference(differences(decoded.left)[0]))
        : Either.mapLeft(decodeLeniently(text, onDrift), ofDifference)
    } catch {
      return Either.left(isJson(text) ? exception : { reason: "InvalidJson" })
    }
  }
}
