/** The file that an export writes to. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { CommandError } from "../CommandError.ts"
import type { Part } from "../options.ts"
import type { ExportRecord } from "./record.ts"

/** A session in the wire form of the service, with the parts that were asked for. */
export interface ExportedSession {
  readonly id: string
  readonly session: object
  readonly parts: Readonly<Partial<{ [P in Part]: ReadonlyArray<object> }>>
}

export interface Sink {
  /** The ids, in lower case, of the sessions that the file had when it was opened. */
  readonly ids: ReadonlySet<string>
  /** The record of the export that is continued, or of this one. */
  readonly record: ExportRecord
  /**
   * Writes sessions, whole or not at all, even when the process is killed. The first call creates the file, also without sessions, so
   * that an export that fails at its first request leaves nothing.
   */
  readonly write: (sessions: ReadonlyArray<ExportedSession>) => Effect.Effect<void, CommandError>
}

export interface SinkOptions {
  readonly path: string
  /** Whether to continue a file that there is. */
  readonly resume: boolean
  readonly parts: ReadonlyArray<Part>
  /** The fields of a session. */
  readonly fields: ReadonlyArray<string>
  readonly record: ExportRecord
}

export type Open = (options: SinkOptions) => Effect.Effect<Sink, CommandError, Scope.Scope>

/** The advice on a file that there is already. */
export const adviceOnExisting = "Pass --resume to continue it, or another file."
