/** Files that a command writes. */
import * as Effect from "effect/Effect"
import { readFile, rename, stat, writeFile } from "node:fs/promises"
import { CommandError } from "../CommandError.ts"
import { codeOf } from "../errorCode.ts"
import { exitCodes } from "../exitCodes.ts"
import * as report from "../report.ts"

/** The error of a file that cannot be read or written. */
export const fileError = (path: string, error: unknown): CommandError =>
  new CommandError({
    exitCode: exitCodes.other,
    details: { tag: "OutputError" },
    lines: [`${path} cannot be read or written (${codeOf(error)}).`, "Check the path, and the space of its disk."]
  })

/** A promise of a file. It is not interrupted, so that a write is whole. */
export const io = <A>(path: string, run: () => Promise<A>): Effect.Effect<A, CommandError> =>
  Effect.uninterruptible(Effect.tryPromise({ try: run, catch: error => fileError(path, error) }))

const orMissing = async <A>(promise: Promise<A>): Promise<A | undefined> => {
  try {
    return await promise
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined
    throw error
  }
}

/** The size of a file in bytes; undefined where there is none. */
export const sizeOf = (path: string): Effect.Effect<number | undefined, CommandError> =>
  io(path, async () => (await orMissing(stat(path)))?.size)

/** The text of a file; undefined where there is none. */
export const readText = (path: string): Effect.Effect<string | undefined, CommandError> =>
  io(path, () => orMissing(readFile(path, "utf8")))

/** Fails where there is a file. */
export const checkIsNew = (path: string, advice: string): Effect.Effect<void, CommandError> =>
  Effect.flatMap(
    sizeOf(path),
    size => size === undefined ? Effect.void : Effect.fail(report.ofUsage(`there is a file ${path} already.`, advice))
  )

/**
 * Fails for `-`, and for a device or a folder.
 *
 * @param advice how to write to standard output
 */
export const checkIsFile = (path: string, advice: string): Effect.Effect<void, CommandError> =>
  Effect.gen(function*() {
    if (path === "-") return yield* report.ofUsage("--out expects the path of a file, and not standard output.", advice)
    const found = yield* io(path, () => orMissing(stat(path)))
    if (found !== undefined && !found.isFile()) return yield* report.ofUsage(`${path} is not a file.`, advice)
  })

/** Writes a text to a file, whole or not at all. */
export const replaceText = (path: string, text: string): Effect.Effect<void, CommandError> =>
  io(path, async () => {
    await writeFile(`${path}.tmp`, text)
    await rename(`${path}.tmp`, path)
  })
