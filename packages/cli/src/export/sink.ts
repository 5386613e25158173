/** The file that an export writes to. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { CommandError } from "../CommandError.ts"
import { exitCodes } from "../exitCodes.ts"
import type { Part } from "../options.ts"
import * as report from "../report.ts"

/** A session in the wire form of the service, with the parts that were asked for. */
export interface ExportedSession {
  readonly id: string
  readonly session: object
  readonly parts: Readonly<Partial<Record<Part, ReadonlyArray<object>>>>
}

export interface Sink {
  /** The ids, in lower case, of the sessions that the file had when it was opened. */
  readonly ids: ReadonlySet<string>
  /** Writes sessions, whole or not at all, even when the process is killed. */
  readonly write: (sessions: ReadonlyArray<ExportedSession>) => Effect.Effect<void, CommandError>
}

export interface SinkOptions {
  readonly path: string
  /** Whether to continue a file that there is. */
  readonly resume: boolean
  readonly parts: ReadonlyArray<Part>
  /** The fields of a session. */
  readonly fields: ReadonlyArray<string>
}

export type Open = (options: SinkOptions) => Effect.Effect<Sink, CommandError, Scope.Scope>

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "unknown error"

/** The error of a file that cannot be read or written. */
export const fileError = (path: string, error: unknown): CommandError =>
  codeOf(error) === "EEXIST"
    ? report.ofUsage(`there is a file ${path} already.`, "Pass --resume to continue it, or another file.")
    : new CommandError({
      exitCode: exitCodes.other,
      details: { tag: "OutputError" },
      lines: [`${path} cannot be read or written (${codeOf(error)}).`, "Check the path, and the space of its disk."]
    })

/** The error of a file that `--resume` does not continue. */
export const notResumable = (path: string, reason: string): CommandError =>
  report.ofUsage(`${path} cannot be continued: ${reason}.`, "Pass another file, or the options that it was made with.")
