/** The arbitraries of fields that the models have in common. */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as FastCheck from "effect/FastCheck"

export const optional = <A>(arbitrary: FastCheck.Arbitrary<A>): FastCheck.Arbitrary<A | null> =>
  FastCheck.option(arbitrary, { nil: null })

export const dateTime: FastCheck.Arbitrary<DateTime.Utc> = FastCheck.integer({
  min: Date.parse("2022-01-01"),
  max: Date.parse("2030-01-01")
}).map(millis => DateTime.unsafeMake(millis))

export const word: FastCheck.Arbitrary<string> = FastCheck.stringMatching(/^[a-z][a-z0-9-]{0,30}$/)

/** Up to 100 dollars, with up to 4 decimal places. */
export const amount: FastCheck.Arbitrary<BigDecimal.BigDecimal> = FastCheck.integer({ min: 0, max: 1_000_000 }).map(n =>
  BigDecimal.normalize(BigDecimal.make(BigInt(n), 4))
)
