/** From the bytes of a 200 to a value, or to why not. */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import type { InvalidResponse } from "../SignalWireError.ts"

export interface Mismatch {
  readonly reason: InvalidResponse["reason"]
  readonly path?: string
  readonly expected?: string
}

const maxExpected = 128

/** The issue inside of an issue that leads further, if there is one. */
const inner = (issue: ParseResult.ParseIssue): ParseResult.ParseIssue | undefined => {
  switch (issue._tag) {
    case "Pointer":
      return issue.issue
    case "Refinement":
    case "Transformation":
      return issue.kind === "From" || issue.kind === "Encoded" ? issue.issue : undefined
    case "Composite":
      return issue.ast._tag === "Union" ? undefined : [issue.issues].flat()[0]
    default:
      return undefined
  }
}

/** The first place that differs, and what should be there. Never what was there. */
const locate = (issue: ParseResult.ParseIssue, path: ReadonlyArray<PropertyKey> = []): Mismatch => {
  const further = inner(issue)
  return further === undefined
    ? {
      reason: "SchemaMismatch",
      path: path.map(String).join("."),
      expected: issue._tag === "Missing"
        ? "a value"
        : String("ast" in issue ? issue.ast : "nothing").slice(0, maxExpected)
    }
    : locate(further, issue._tag === "Pointer" ? path.concat(issue.path) : path)
}

/** A byte order mark at the beginning is passed over. */
const utf8 = new TextDecoder("utf-8", { fatal: true })

const join = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
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

export const toText = (chunks: ReadonlyArray<Uint8Array>): Either.Either<string, Mismatch> => {
  try {
    return Either.right(utf8.decode(join(chunks)))
  } catch {
    return Either.left({ reason: "InvalidUtf8" })
  }
}

/** Makes what reads text, once for each schema; that throws `SyntaxError` when the text is not JSON. */
export type Decoder = <A, I>(schema: Schema.Schema<A, I>) => (text: string) => Either.Either<A, ParseResult.ParseIssue>

/** Schema's own. */
export const bySchema: Decoder = schema => {
  const decode = ParseResult.decodeUnknownEither(schema)
  return text => decode(JSON.parse(text))
}

/** Decodes bodies by a schema, for which the decoder is made once. */
export const make = <A, I>(
  schema: Schema.Schema<A, I>,
  decoder: Decoder
): (chunks: ReadonlyArray<Uint8Array>) => Either.Either<A, Mismatch> => {
  const decode = decoder(schema)
  return chunks => {
    const text = toText(chunks)
    if (Either.isLeft(text)) return Either.left(text.left)
    try {
      return Either.mapLeft(decode(text.right), issue => locate(issue))
    } catch {
      return Either.left({ reason: "InvalidJson" })
    }
  }
}
