/** Parses amounts of money, which the service sends as numbers and logs as strings. */
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"

/** Longer digits than any amount has, and cheap to parse. */
const maxLength = 64

/** The decimal that a number is written as, and not its binary value: 0.05 is 0.05. */
export const parseAmount = (amount: number | string): Option.Option<BigDecimal.BigDecimal> => {
  const text = String(amount)
  return text.length <= maxLength && /^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,2})?$/i.test(text)
    ? Option.map(BigDecimal.fromString(text), BigDecimal.normalize)
    : Option.none()
}
