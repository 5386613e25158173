/** The fields of what a sandbox is told in JSON, in YAML or in code, and the errors of what is none of them. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { validateHeaderName, validateHeaderValue } from "node:http"
import { inspect } from "node:util"
import { type Operation, operations } from "./server/routes.ts"

/**
 * A duration with its unit, such as `"200 millis"` or `"2 seconds"`. A number is not accepted, since its unit is not known.
 *
 * @since 1.0.0
 * @category models
 */
export type DurationInput = Exclude<Duration.DurationInput, number>

const maxShown = 200

/** A value in a message: in JSON as far as there is a form, and not longer than a line or two. */
export const show = (value: unknown): string => {
  const text = inspect(value, { depth: 4, breakLength: Infinity, maxArrayLength: 10, maxStringLength: maxShown })
  let json: string | undefined
  try {
    json = JSON.stringify(value)
  } catch {
    // a circle, or a bigint
  }
  const shown = json ?? text
  return shown.length > maxShown ? `${shown.slice(0, maxShown)}...` : shown
}

const expectedDuration = "a duration with its unit, such as \"200 millis\" or \"2 seconds\""

const isDuration = (value: unknown): value is DurationInput =>
  typeof value !== "number" && !(typeof value === "string" && value.trim().startsWith("-")) &&
  Option.exists(Duration.decodeUnknown(value), duration => Duration.isFinite(duration))

export const DurationField = Schema.transform(
  Schema.declare(isDuration, {
    identifier: "Duration",
    description: `${expectedDuration[0]?.toUpperCase()}${expectedDuration.slice(1)}.`,
    jsonSchema: { type: "string", examples: ["200 millis", "2 seconds"] },
    message: ({ actual }) => `expected ${expectedDuration}, got ${show(actual)}`
  }),
  Schema.DurationFromSelf,
  { strict: true, decode: Duration.decode, encode: duration => `${Duration.toMillis(duration)} millis` as const }
)

/** A whole number in a range. */
export const whole = (from: number, to: number = Number.MAX_SAFE_INTEGER) => {
  const expected = to === Number.MAX_SAFE_INTEGER
    ? `a whole number of at least ${from}`
    : `a whole number from ${from} to ${to}`
  return Schema.Number.pipe(
    Schema.filter(value => Number.isInteger(value) && value >= from && value <= to)
  ).annotations({
    message: ({ actual }) => ({ message: `expected ${expected}, got ${show(actual)}`, override: true }),
    jsonSchema: { type: "integer", minimum: from, ...(to === Number.MAX_SAFE_INTEGER ? {} : { maximum: to }) }
  })
}

export const Status = Schema.Number.pipe(
  Schema.filter(value => Number.isInteger(value) && value >= 200 && value <= 999)
).annotations({
  message: ({ actual }) => ({ message: `expected a status from 200 to 999, got ${show(actual)}`, override: true }),
  jsonSchema: { type: "integer", minimum: 200, maximum: 999 }
})

/** The sandbox sets these by the body and by how it is sent. With others, Node sends nothing, or what no client can read. */
const framing = /^(?:connection|content-length|keep-alive|trailer|transfer-encoding|upgrade)$/i

const isHeader = (name: string, value: string): boolean => {
  if (framing.test(name)) return false
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

export const Headers = Schema.Record({ key: Schema.String, value: Schema.String }).pipe(
  Schema.filter(headers => {
    const wrong = Object.entries(headers).find(header => !isHeader(...header))
    return wrong === undefined ? undefined : `${show(wrong)} is not a valid header`
  })
)

const isOperation = (value: unknown): value is Operation => operations.some(operation => operation === value)

export const OperationField = Schema.declare(isOperation, {
  identifier: "Operation",
  jsonSchema: { type: "string", enum: [...operations] },
  message: ({ actual }) => `expected one of ${operations.join(", ")}, got ${show(actual)}`
})

interface Issue {
  readonly path: ReadonlyArray<PropertyKey>
  readonly message: string
}

/** The alternative of every optional or nullable field. */
const isOfNothing = ({ message }: Issue): boolean => /^Expected (?:undefined|null),/.test(message)

/** The problem that is deepest, with its place: `steps.3.at: expected ...`. The others are of alternatives that were not meant. */
export const formatIssues = (issues: ReadonlyArray<Issue>): string => {
  const { message, path } = issues
    .toSorted((one, other) => Number(isOfNothing(other)) - Number(isOfNothing(one)))
    .reduce((one, other) => other.path.length >= one.path.length ? other : one)
  return path.length === 0 ? message : `${path.join(".")}: ${message}`
}

export const formatError = (error: ParseResult.ParseError): string =>
  formatIssues(ParseResult.ArrayFormatter.formatErrorSync(error))

/** Unknown fields are errors, since they are most often misspelled ones. */
export const strict = { onExcessProperty: "error", errors: "first" } as const
