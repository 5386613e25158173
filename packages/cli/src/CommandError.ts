/** The errors of a command. */
import * as Data from "effect/Data"
import type { ExitCode } from "./exitCodes.ts"

/** What `--json` prints of an error beside its message. */
interface Details {
  readonly tag: string
  readonly status?: number | undefined
  readonly details?: ReadonlyArray<object> | undefined
  readonly requestId?: string | undefined
  readonly retryable?: boolean
}

export class CommandError extends Data.TaggedError("CommandError")<{
  readonly exitCode: ExitCode
  /** The lines for standard error: a description of the error, then advice. */
  readonly lines: readonly [description: string, ...advice: ReadonlyArray<string>]
  /** For `--json`; default: the tag `CommandError`, and nothing else. */
  readonly details?: Details
}> {}

/** The command printed its errors itself. */
export class AlreadyPrinted extends Data.TaggedError("AlreadyPrinted")<{ readonly exitCode: ExitCode }> {}
