/** The error of a command. */
import * as Data from "effect/Data"

export class CommandError extends Data.TaggedError("CommandError")<{
  /** The lines for standard error: a description of the error, then advice. */
  readonly lines: readonly [description: string, ...advice: ReadonlyArray<string>]
}> {}
