/** Durations of options, which untyped code can give as anything. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

const isNegative = (input: unknown): boolean =>
  typeof input === "string"
    ? input.trim().startsWith("-")
    : Number.isNaN(input) || ((typeof input === "number" || typeof input === "bigint") && input < 0)

/** `Duration` decodes negative values and `NaN` to zero. An array has seconds and nanoseconds. */
export const isBelowZero = (input: unknown): boolean =>
  Array.isArray(input) ? input.some(isNegative) : isNegative(input)

/** None for an input that is not a duration, or that is below zero. */
export const decode = (input: unknown): Option.Option<Duration.Duration> =>
  isBelowZero(input) ? Option.none() : Duration.decodeUnknown(input)

/** Milliseconds. `Duration.toMillis` would allocate a hundred bytes, and each call asks for two durations of its policy. */
export const toMillis = (duration: Duration.Duration): number =>
  duration.value._tag === "Millis" ? duration.value.millis : Duration.toMillis(duration)
