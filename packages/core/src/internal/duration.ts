/** Durations of options, which untyped code can give as anything. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

/** `Duration` decodes negative values and `NaN` to zero. */
export const isBelowZero = (input: unknown): boolean => {
  const first: unknown = Array.isArray(input) ? input[0] : input
  if (typeof first === "string") return first.trim().startsWith("-")
  return Number.isNaN(first) || ((typeof first === "number" || typeof first === "bigint") && first < 0)
}

/** None for an input that is not a duration, or that is below zero. */
export const decode = (input: unknown): Option.Option<Duration.Duration> =>
  isBelowZero(input) ? Option.none() : Duration.decodeUnknown(input)

/** Milliseconds. `Duration.toMillis` would allocate a hundred bytes, and each call asks for two durations of its policy. */
export const toMillis = (duration: Duration.Duration): number =>
  duration.value._tag === "Millis" ? duration.value.millis : Duration.toMillis(duration)
