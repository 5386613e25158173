/**
 * Decodes the result of `JSON.parse` in place: no other code has a reference to it, and new objects would take more time than
 * the decoding.
 */
import * as Option from "effect/Option"
import { applyRule, Invalid, type Rule } from "./fastRules.ts"

export interface Field extends Rule {
  readonly key: string
  /** The position among the fields, which is usually also that in a response. */
  readonly index: number
  /** The value of a missing key, or none where the key remains missing; undefined where the key is required. */
  readonly whenMissing: (() => Option.Option<unknown>) | undefined
}

type Fields = ReadonlyArray<Field>
type Values = Record<string, unknown>

const isObject = (input: unknown): input is Values =>
  typeof input === "object" && input !== null && !Array.isArray(input)

/** Copies the keys of the fields. Deleting the other keys instead would make the object slow to read. */
const pick = (fields: Fields, input: Values): Values => {
  const picked: Values = {}
  for (const { key } of fields) {
    if (Object.hasOwn(input, key)) picked[key] = input[key]
  }
  return picked
}

const addMissing = (fields: Fields, input: Values): Values | typeof Invalid => {
  for (const { key, whenMissing } of fields) {
    if (Object.hasOwn(input, key)) continue
    if (whenMissing === undefined) return Invalid
    const value = whenMissing()
    if (Option.isSome(value)) input[key] = value.value
  }
  return input
}

const decodeInPlace = (fields: Fields, byKey: ReadonlyMap<string, Field>, input: Values): Values | typeof Invalid => {
  let next = 0
  let known = 0
  let others = 0
  for (const key in input) {
    const expected = fields[next]
    const field = expected !== undefined && expected.key === key ? expected : byKey.get(key)
    if (field === undefined) {
      others++
      continue
    }
    next = field.index + 1
    known++
    const value = input[key]
    if (value === null ? field.isNullable : typeof value === field.passes) continue
    const decoded = field.decode(value)
    if (decoded === Invalid) return Invalid
    if (decoded !== value) input[key] = decoded
  }
  const own = others === 0 ? input : pick(fields, input)
  return known === fields.length ? own : addMissing(fields, own)
}

/** Decodes to a struct or, with a prototype, to an instance of its class. */
export const decodeFields = (fields: Fields, prototype: object | undefined): Rule["decode"] => {
  const byKey = new Map(fields.map(field => [field.key, field]))
  return input => {
    if (!isObject(input)) return Invalid
    const own = decodeInPlace(fields, byKey, input)
    return own === Invalid || prototype === undefined ? own : Object.setPrototypeOf(own, prototype)
  }
}

export const decodeArray = (item: Rule): Rule["decode"] => input => {
  if (!Array.isArray(input)) return Invalid
  for (let index = 0; index < input.length; index++) {
    const decoded = applyRule(item, input[index])
    if (decoded === Invalid) return Invalid
    if (decoded !== input[index]) input[index] = decoded
  }
  return input
}
