/** The rules of the fast path, which decode single values. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { parseAmount } from "./amount.ts"
import { parseDateTimeFast, utcFromMillis } from "./fastDateTime.ts"
import type { FastPath } from "./fastPath.ts"
import { isInRange, isWholeSeconds } from "./wire.ts"

/**
 * The schema does not accept the value. Parts of the value may be decoded in place already, so only its text can be decoded
 * again.
 */
export const Invalid: unique symbol = Symbol("Invalid")

export interface Rule {
  /** The type whose values all pass through unchanged, if there is one. */
  readonly passes: "string" | "boolean" | "number" | undefined
  /** Whether null passes through unchanged. */
  readonly isNullable: boolean
  /** Decodes any other value, or returns `Invalid`. */
  readonly decode: (input: unknown) => unknown
}

export const makeRule = (decode: Rule["decode"], passes?: Rule["passes"]): Rule => ({
  passes,
  isNullable: false,
  decode
})

export const passThrough = (passes: "string" | "boolean" | "number"): Rule => makeRule(() => Invalid, passes)

export const applyRule = ({ decode, isNullable, passes }: Rule, input: unknown): unknown =>
  (input === null ? isNullable : typeof input === passes) ? input : decode(input)

/** The rules by the values of the annotation `fastPath`. */
export const rules: Readonly<Record<FastPath, Rule>> = {
  dateTime: makeRule(input => {
    const millis = typeof input === "string" ? parseDateTimeFast(input) : Number.NaN
    return isInRange(millis) ? utcFromMillis(millis) : Invalid
  }),
  seconds: makeRule(input => typeof input === "number" && isWholeSeconds(input) ? Duration.seconds(input) : Invalid),
  dollars: makeRule(input =>
    typeof input === "number" || typeof input === "string"
      ? Option.getOrElse(parseAmount(input), () => Invalid)
      : Invalid
  ),
  anyString: passThrough("string"),
  stringOrNumber: makeRule(
    input => typeof input === "number" && Number.isFinite(input) ? String(input) : Invalid,
    "string"
  )
}
