/** Durations of options, which untyped code can give as anything. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

/** `Duration` decodes negative values and `NaN` to zero. */
export const isBelowZero = (input: unknown): boolean => {
  // seconds and nanoseconds
  if (Array.isArray(input)) return input.some(isBelowZero)
  if (typeof input === "string") return input.trim().startsWith("-")
  return Number.isNaN(input) || ((typeof input === "number" || typeof input === "bigint") && input < 0)
}

/** None for an input that is not a duration, or that is below zero. */
export const decode = (input: unknown): Option.Option<Duration.Duration> =>
  isBelowZero(input) ? Option.none() : Duration.decodeUnknown(input)

/** Milliseconds. `Duration.toMillis` would allocate a hundred bytes, and each call asks for two durations of its policy. */
export const toMillis = (duration: Duration.Duration): number =>
  duration.value._tag === "Millis" ? duration.value.millis : Duration.toMillis(duration)
