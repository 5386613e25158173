/** The schemas of date-times, durations and nullable fields, in the form that the service sends. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { parseDateTime } from "./dateTime.ts"
import { defaultOnly, type FastPath, fastPath } from "./fastPath.ts"

const earliest = Date.parse("0000")
const latest = Date.parse("+010000") - 1
export const isInRange = (millis: number): boolean => millis >= earliest && millis <= latest

const UtcInRange = Schema.DateTimeUtcFromSelf.pipe(Schema.filter(utc => isInRange(utc.epochMillis))).annotations({
  arbitrary: () => fc => fc.integer({ min: earliest, max: latest }).map(DateTime.unsafeMake),
  description: "a date-time in the years 0 to 9999"
})

/**
 * An RFC 3339 date-time, with or without fractions of a second, as `DateTime.Utc` with milliseconds. It encodes to the form
 * that the service sends: whole seconds have no fraction.
 */
export const Timestamp = Schema.transformOrFail(Schema.String, UtcInRange, {
  strict: true,
  decode: (text, _, ast) => {
    const millis = parseDateTime(text)
    return Number.isNaN(millis)
      ? ParseResult.fail(new ParseResult.Type(ast, text))
      : ParseResult.succeed(DateTime.unsafeMake(millis))
  },
  encode: utc => ParseResult.succeed(DateTime.formatIso(utc).replace(/\.000Z$/, "Z"))
}).annotations({
  [fastPath]: "dateTime" satisfies FastPath,
  description: "an RFC 3339 date-time, such as 2026-01-31T23:59:59Z",
  jsonSchema: { type: "string", format: "date-time" }
})

/** The largest number of seconds for which the number of milliseconds is exact. */
const maxSeconds = Math.floor(Number.MAX_SAFE_INTEGER / 1000)
export const isWholeSeconds = (seconds: number): boolean =>
  Number.isInteger(seconds) && seconds >= 0 && seconds <= maxSeconds

const WholeSeconds = Schema.DurationFromSelf.pipe(
  Schema.filter(duration => isWholeSeconds(Duration.toSeconds(duration)))
).annotations({
  arbitrary: () => fc => fc.integer({ min: 0, max: maxSeconds }).map(Duration.seconds),
  description: "a whole number of seconds"
})

/** A whole number of seconds on the wire, as `Duration`. */
export const Seconds = Schema.transform(Schema.Int.pipe(Schema.between(0, maxSeconds)), WholeSeconds, {
  strict: true,
  decode: Duration.seconds,
  encode: Duration.toSeconds
}).annotations({
  [fastPath]: "seconds" satisfies FastPath,
  description: "a whole number of seconds, at least 0",
  jsonSchema: { type: "integer" }
})

/**
 * A field that decodes to null when it is null or missing.
 *
 * @param jsonSchema the schema in the OpenAPI document, for a field that is never null in the contract
 */
export const nullable = <S extends Schema.Schema.AnyNoContext>(schema: S, jsonSchema?: object) =>
  Schema.optionalWith(Schema.NullOr(schema).annotations(jsonSchema === undefined ? {} : { jsonSchema }), {
    default: () => null
  }).annotations({ [defaultOnly]: true })
