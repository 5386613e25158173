/** The JSON of a recording. */
import * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type { Response } from "./scriptedResponse.ts"

/** The code for a request that timed out or was interrupted. */
export const timeout = "TIMEOUT"

/** One request with its response, its connection error, or both where the connection was closed inside the body. */
const Interaction = Schema.Struct({
  method: Schema.String,
  /** Path and query. */
  path: Schema.String,
  status: Schema.optional(Schema.Int.pipe(Schema.between(200, 599))),
  /** Names in lower case. */
  headers: Schema.optional(Schema.Record({ key: Schema.String, value: Schema.String })),
  body: Schema.optional(Schema.String),
  /** The body where it is not UTF-8. */
  bodyBase64: Schema.optional(Schema.Uint8ArrayFromBase64),
  /** The code of the connection error, or `TIMEOUT`. */
  error: Schema.optional(Schema.String)
}).pipe(Schema.filter(({ body, bodyBase64, error, status }) => {
  if (status === undefined && error === undefined) return "an interaction has a status, an error or both"
  if (body !== undefined && bodyBase64 !== undefined) return "a body is text or base64, not both"
  if (status === undefined && (body ?? bodyBase64) !== undefined) return "a body belongs to a status"
  return error === undefined || /^[A-Z][A-Z0-9_]*$/.test(error)
    ? undefined
    : "an error is the code of a connection error, such as ECONNRESET, or TIMEOUT"
}))

export type Interaction = typeof Interaction.Type

const Recording = Schema.Struct({ version: Schema.Literal(1), interactions: Schema.Array(Interaction) })

const RecordingJson = Schema.parseJson(Recording, { space: 2 })

export const encode = (
  interactions: ReadonlyArray<Interaction>
): Effect.Effect<string, ParseResult.ParseError> => Schema.encode(RecordingJson)({ version: 1, interactions })

/** Decodes the text of a recording, or the parsed object. */
export const decode = (
  recording: string | object
): Effect.Effect<typeof Recording.Type, ParseResult.ParseError> =>
  typeof recording === "string"
    ? Schema.decode(RecordingJson)(recording)
    : Schema.decodeUnknown(Recording)(recording)

export const toResponse = ({ body, bodyBase64, error, headers, status }: Interaction): Response => {
  const code = error === timeout ? "ETIMEDOUT" : error
  const common = { delay: Duration.zero, label: "" }
  if (status === undefined) return { _tag: "ConnectionError", code: code ?? "UNKNOWN", ...common }
  return {
    _tag: "HttpResponse",
    status,
    headers: headers ?? {},
    body: bodyBase64 ?? new TextEncoder().encode(body ?? ""),
    end: code === undefined ? { _tag: "Complete" } : { _tag: "ConnectionError", code },
    ...common
  }
}
