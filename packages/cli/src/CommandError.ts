/** A command that ends without its result. */
import * as Data from "effect/Data"

export class CommandError extends Data.TaggedError("CommandError")<{
  /** For standard error: what happened, then what to do about it. */
  readonly lines: readonly [what: string, ...advice: ReadonlyArray<string>]
}> {}
