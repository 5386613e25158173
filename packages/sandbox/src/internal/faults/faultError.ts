/** The error of faults and scripted responses that are invalid. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { formatError, strict } from "../fields.ts"

/**
 * A fault or a scripted response is invalid. The message says which one, by its place among the arguments from 0, and what was
 * expected, such as `SandboxSpace.faults: 1.status: expected a status from 200 to 999, got 99`.
 *
 * @since 1.0.0
 * @category errors
 */
export class FaultError extends Data.TaggedError("FaultError")<{ readonly message: string }> {}

/** Decodes all arguments of a method, or none. */
export const decodeAll = <A, I>(method: string, schema: Schema.Schema<A, I>) => {
  const decode = Schema.decodeUnknown(Schema.Array(schema), strict)
  return (input: ReadonlyArray<I>): Effect.Effect<ReadonlyArray<A>, FaultError> =>
    Effect.mapError(decode(input), error => new FaultError({ message: `${method}: ${formatError(error)}` }))
}
