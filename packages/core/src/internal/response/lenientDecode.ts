/** Decodes a value that differs from its schema, with null for each part that differs. */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import { type Difference, differences } from "./difference.ts"

/** Receives the differences of one value that were replaced by null. */
export type OnDrift = (drifts: ReadonlyArray<Difference>) => void

const setNull = (root: unknown, { keys }: Difference): void => {
  let parent = root
  for (const key of keys.slice(0, -1)) parent = Reflect.get(Object(parent), key)
  const last = keys.at(-1)
  if (last !== undefined) Reflect.set(Object(parent), last, null)
}

/** Makes the lenient decoder of a schema. Its error is the first difference that null does not resolve. */
export const make = <A, I>(
  schema: Schema.Schema<A, I>
): (text: string, onDrift: OnDrift) => Either.Either<A, Difference> => {
  const decode = ParseResult.decodeUnknownEither(schema, { errors: "all" })
  return (text, onDrift) => {
    const input: unknown = JSON.parse(text)
    const strict = decode(input)
    if (Either.isRight(strict)) return Either.right(strict.right)
    const found = differences(strict.left)
    for (const difference of found) setNull(input, difference)
    const lenient = decode(input)
    if (Either.isLeft(lenient)) {
      const [left] = differences(lenient.left)
      return Either.left(found.find(({ path }) => path === left.path) ?? left)
    }
    onDrift(found)
    return Either.right(lenient.right)
  }
}
