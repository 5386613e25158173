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

const idOf = ({ keys }: Difference): string => JSON.stringify(keys)

/** Whether a value is in one of those that are null. */
const isInside = ({ outer }: Difference, nulls: ReadonlyMap<string, Difference>): boolean =>
  outer !== undefined && (nulls.has(idOf(outer)) || isInside(outer, nulls))

/**
 * Makes the lenient decoder of a schema. Where null does not resolve a difference, the nullable object or array around it is null. Its error
 * is the first difference that this does not resolve.
 */
export const make = <A, I>(
  schema: Schema.Schema<A, I>
): (text: string, onDrift: OnDrift) => Either.Either<A, Difference> => {
  const decode = ParseResult.decodeUnknownEither(schema, { errors: "all" })
  return (text, onDrift) => {
    const input: unknown = JSON.parse(text)
    const nulls = new Map<string, Difference>()
    for (;;) {
      const decoded = decode(input)
      if (Either.isRight(decoded)) {
        const drifts = [...nulls.values()].filter(difference => !isInside(difference, nulls))
        if (drifts.length > 0) onDrift(drifts)
        return Either.right(decoded.right)
      }
      const before = nulls.size
      const found = differences(decoded.left)
      for (const difference of found) {
        const tried = nulls.get(idOf(difference))
        const next = tried === undefined ? difference : tried.outer
        if (next === undefined) return Either.left(tried ?? difference)
        if (!nulls.has(idOf(next))) nulls.set(idOf(next), next)
        setNull(input, next)
      }
      // a transformation of an application's schema can report a path that the body does not have
      if (nulls.size === before) return Either.left(found[0])
    }
  }
}
