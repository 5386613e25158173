/** Durations of options, which untyped code can give as anything. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

/** `Duration` decodes negative values and `NaN` to zero. */
export const isBelowZero = (input: unknown): boolean => Number.isNaN(input) || String(input).trim().startsWith("-")

/** None for an input that is not a duration, or that is below zero. */
export const decode = (input: unknown): Option.Option<Duration.Duration> =>
  isBelowZero(input) ? Option.none() : Duration.decodeUnknown(input)
