/** Decodes single values, for the fast path. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { parseAmount } from "./amount.ts"
import { parseDateTimeFast, utcFromMillis } from "./fastDateTime.ts"
import type { FastPath } from "./fastPath.ts"
import { isInRange, isWholeSeconds } from "./wire.ts"

/**
 * The value is not what the schema accepts. Parts of it may be decoded in place already: only the text can be decoded
 * once more.
 */
export const Invalid: unique symbol = Symbol("Invalid")

export interface Rule {
  /** The type of which every value passes through, if there is one. */
  readonly passes: "string" | "boolean" | "number" | undefined
  /** Whether null passes through. */
  readonly isNullable: boolean
  /** Decodes any other value, or gives `Invalid`. */
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

/** By the annotation `fastPath`. */
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
