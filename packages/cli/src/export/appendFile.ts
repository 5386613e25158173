/** A file of whole lines, to which an export appends. */
import * as Effect from "effect/Effect"
import { open as openFile, truncate } from "node:fs/promises"
import type { CommandError } from "../CommandError.ts"
import { fileError } from "./sink.ts"

/** A promise of a file. It is not interrupted, so that a write is whole. */
export const io = <A>(path: string, run: () => Promise<A>): Effect.Effect<A, CommandError> =>
  Effect.uninterruptible(Effect.tryPromise({ try: run, catch: error => fileError(path, error) }))

/** Where the whole lines of a file end; undefined where there is no file. */
type End = number | undefined

/**
 * Opens a file for appending, and truncates it after its whole lines. Without `resume`, the file must not exist.
 *
 * @param findEnd reads the lines of the file that is continued
 */
export const openAppend = <E>(path: string, resume: boolean, findEnd: Effect.Effect<End, E>) =>
  Effect.gen(function*() {
    const end = resume ? yield* findEnd : undefined
    if (end !== undefined) yield* io(path, () => truncate(path, end))
    const file = yield* Effect.acquireRelease(
      io(path, () => openFile(path, resume ? "a" : "ax")),
      file => Effect.promise(() => file.close())
    )
    return {
      isEmpty: end === undefined || end === 0,
      append: (text: string): Effect.Effect<void, CommandError> =>
        text === "" ? Effect.void : io(path, () => file.appendFile(text))
    }
  })

/** Whether the error says that there is no file. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT"
