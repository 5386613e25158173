/** The schemas of date-times, durations, amounts, open enumerations and nullable fields, in the form that the service sends. */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { parseAmount } from "./amount.ts"
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

/** Of any version; the nil UUID too. */
export const Uuid = Schema.UUID.annotations({ description: "a UUID" })

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

/** The same as text, as in a query. */
export const SecondsFromString = Schema.compose(Schema.NumberFromString, Seconds).annotations({
  description: "a whole number of seconds, at least 0",
  jsonSchema: { type: "integer", format: "int32", minimum: 0 }
})

/** A field that decodes to null when it is null or missing. */
export const nullable = <S extends Schema.Schema.AnyNoContext>(schema: S) =>
  Schema.optionalWith(Schema.NullOr(schema), { default: () => null }).annotations({ [defaultOnly]: true })

const FiniteBigDecimal = Schema.BigDecimalFromSelf.annotations({
  arbitrary: () => fc => fc.integer({ min: -1_000_000, max: 1_000_000 }).map(n => BigDecimal.make(BigInt(n), 4)),
  description: "an amount of money"
})

/** An amount in dollars: a number, or a string with one, as `BigDecimal`. Encoded as a number. */
export const Dollars = Schema.transformOrFail(Schema.Union(Schema.JsonNumber, Schema.String), FiniteBigDecimal, {
  strict: true,
  decode: (amount, _, ast) =>
    Option.match(parseAmount(amount), {
      onNone: () => ParseResult.fail(new ParseResult.Type(ast, amount)),
      onSome: ParseResult.succeed
    }),
  encode: amount => ParseResult.succeed(BigDecimal.unsafeToNumber(amount))
}).annotations({
  [fastPath]: "dollars" satisfies FastPath,
  description: "a number, or a string with one",
  jsonSchema: { type: "number", format: "double" }
})

/**
 * A value of a documented enumeration, or any other string.
 *
 * @param identifier of the OpenAPI document
 */
export const openEnum = <const Known extends readonly [string, ...ReadonlyArray<string>]>(
  identifier: string,
  known: Known
) =>
  Schema.Union(
    Schema.Literal(...known),
    Schema.String.pipe(Schema.filter(value => !known.includes(value)), Schema.brand("Unrecognized"))
  ).annotations({
    [fastPath]: "anyString" satisfies FastPath,
    identifier,
    description: "a string",
    jsonSchema: { type: "string", examples: known }
  })
