/** Validate the options of layers and policies. */
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { isBelowZero } from "./duration.ts"

/** Returns the value of an option, or a description of the accepted values. */
export type Validate<A = unknown> = (value: unknown) => Either.Either<A, string>

/** The longest delay of a JavaScript timer. */
const maxMillis = 2 ** 31 - 1

const durationIn = (
  isLongEnough: (millis: number) => boolean,
  accepted: string
): Validate<Duration.Duration> =>
value =>
  Option.match(Duration.decodeUnknown(value), {
    onNone: () => Either.left("a duration such as \"10 seconds\""),
    onSome: decoded => {
      const millis = Duration.toMillis(decoded)
      return isLongEnough(millis) && millis <= maxMillis ? Either.right(decoded) : Either.left(accepted)
    }
  })

export const duration = durationIn(millis => millis > 0, "a duration above zero and below 2^31 ms")

export const durationOrZero: Validate<Duration.Duration> = value =>
  isBelowZero(value)
    ? Either.left("a duration of at least zero and below 2^31 ms")
    : durationIn(() => true, "a duration of at least zero and below 2^31 ms")(value)

export const wholeFrom = (least: number): Validate<number> => value =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= least
    ? Either.right(value)
    : Either.left(`a whole number of at least ${least}`)
