/** Decodes the fields of fixtures, which take several forms of date-times, durations and amounts, to the fields of models. */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import { parseAmount } from "../../internal/schema/amount.ts"
import type { AmountInput, DateTimeInput, DurationInput } from "../RoomSessionFixture.ts"
import { formatParseError } from "./formatParseError.ts"
import { TestSetupError } from "./testSetupError.ts"

const toDateTime = (owner: string, key: string, input: DateTimeInput): DateTime.Utc =>
  Option.match(DateTime.make(input), {
    onNone: () => {
      throw new TestSetupError(`${owner}: ${key} is not a date-time, such as "2026-11-24T09:00:00Z"`)
    },
    onSome: DateTime.toUtc
  })

const toDuration = (owner: string, key: string, input: DurationInput): Duration.Duration => {
  // Effect reads a negative duration as zero
  if (typeof input === "string" && input.trim().startsWith("-")) {
    throw new TestSetupError(`${owner}: ${key} is negative`)
  }
  return Duration.decode(input)
}

/** Normalized like a decoded amount, so that `deepStrictEqual` finds them equal. */
export const amount = (text: string): BigDecimal.BigDecimal => BigDecimal.normalize(BigDecimal.unsafeFromString(text))

const toAmount = (owner: string, key: string, input: AmountInput): BigDecimal.BigDecimal =>
  BigDecimal.isBigDecimal(input) ? BigDecimal.normalize(input) : Option.getOrThrowWith(
    parseAmount(input),
    () => new TestSetupError(`${owner}: ${key} is not an amount, such as "0.05"`)
  )

const decoders: { readonly [key: string]: (owner: string, key: string, input: never) => unknown } = {
  join_from: toDateTime,
  join_until: toDateTime,
  remove_at: toDateTime,
  start_time: toDateTime,
  end_time: toDateTime,
  join_time: toDateTime,
  leave_time: toDateTime,
  started_at: toDateTime,
  finished_at: toDateTime,
  created_at: toDateTime,
  updated_at: toDateTime,
  remove_after_seconds_elapsed: toDuration,
  duration: toDuration,
  cost_in_dollars: toAmount
}

/**
 * Decodes the given fields of a model. A field that is undefined is left out.
 *
 * @param owner the function of the fixture, for messages
 */
export const decodeFields = <Model>(owner: string, fields: object): Partial<Model> => {
  const decoded = Object.entries(fields).flatMap(([key, input]: [string, unknown]) => {
    if (input === undefined) return []
    const decode = input === null ? undefined : decoders[key]
    // the types of the fields correspond to the decoders of the same names
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return [[key, decode === undefined ? input : decode(owner, key, input as never)]]
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(decoded) as Partial<Model>
}

/** Makes the value of a model. Fields that its schema does not accept are a `TestSetupError`. */
export const construct = <A>(owner: string, make: () => A): A => {
  try {
    return make()
  } catch (error) {
    throw ParseResult.isParseError(error) ? new TestSetupError(`${owner}: ${formatParseError(error)}`) : error
  }
}

/** @throws a `TestSetupError` when the later date-time is before the earlier one */
export const checkOrder = <K extends string>(
  owner: string,
  values: { readonly [_ in K]: DateTime.Utc | null },
  earlier: K,
  later: K
): void => {
  const from = values[earlier]
  const to = values[later]
  if (from !== null && to !== null && to.epochMillis < from.epochMillis) {
    throw new TestSetupError(
      `${owner}: ${later} ${DateTime.formatIso(to)} is before ${earlier} ${DateTime.formatIso(from)}`
    )
  }
}

export const secondsBetween = (from: DateTime.Utc, to: DateTime.Utc): Duration.Duration =>
  Duration.seconds(Math.max(0, Math.floor((to.epochMillis - from.epochMillis) / 1000)))

/** The start of every fixture. */
export const start = DateTime.unsafeMake("2026-11-24T09:00:00Z")

interface Period {
  readonly start: DateTime.Utc | null
  readonly end: DateTime.Utc | null
  readonly duration: Duration.Duration | null
}

/** Derives the third of start, end and duration from the other two. Null remains null. */
export const period = (
  given: { readonly [K in keyof Period]: Period[K] | undefined },
  defaultDuration: Duration.Duration
): Period => {
  const duration = given.duration ?? defaultDuration
  const from = given.start === undefined
    ? (given.end ? DateTime.subtractDuration(given.end, duration) : start)
    : given.start
  const to = given.end === undefined ? DateTime.addDuration(from ?? start, duration) : given.end
  const between = from === null || to === null ? null : secondsBetween(from, to)
  return { start: from, end: to, duration: given.duration === undefined ? between : given.duration }
}

/**
 * The UUID with the number `n`.
 *
 * @param first the first eight digits, which show the kind of the model
 */
export const uuid = (owner: string, first: string, n: number): string => {
  if (!Number.isSafeInteger(n) || n < 1 || n > 0xffff_ffff_ffff) {
    throw new TestSetupError(`${owner}: expected a whole number from 1 to 2^48 - 1, got ${n}`)
  }
  return `${first}-4e5f-4a6b-8c7d-${n.toString(16).padStart(12, "0")}`
}
