/** The file of a download that is not complete, and beside it what it is a part of. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { CommandError } from "./CommandError.ts"
import { readText, replaceText, sizeOf } from "./files/files.ts"
import * as report from "./report.ts"

/** What a part is of. */
export class Source extends Schema.Class<Source>("PartSource")({
  /** The id of the recording. */
  recording: Schema.String,
  etag: Schema.optional(Schema.String),
  /** In bytes. */
  size: Schema.optional(Schema.Number)
}) {}

const json = Schema.parseJson(Source)

export const pathOf = (path: string): string => `${path}.part`

/** The file with the source of a part. */
export const sourcePathOf = (path: string): string => `${pathOf(path)}.json`

/** Writes the source, which comes before the part. */
export const writeSource = (path: string, source: Source): Effect.Effect<void, CommandError> =>
  replaceText(sourcePathOf(path), `${Schema.encodeSync(json)(source)}\n`)

/**
 * The part of an earlier download that was interrupted: the bytes that it has, and its etag. Fails for a part that is not of the
 * recording, or not known to be.
 */
export const read = (path: string, id: string, size: number | undefined) =>
  Effect.gen(function*() {
    const [partPath, sourcePath] = [pathOf(path), sourcePathOf(path)]
    const refuse = (problem: string, advice: string) => report.ofUsage(`${problem}.`, advice)
    const remove = `Remove or rename ${partPath}, or pass another file with --out.`
    const text = yield* readText(sourcePath)
    const source = Option.getOrUndefined(Schema.decodeUnknownOption(json)(text))
    if (text !== undefined && source === undefined) {
      return yield* refuse(`${sourcePath} was not written by a download`, "Pass another file with --out.")
    }
    const received = yield* sizeOf(partPath)
    if (received === undefined) return { received: 0, exists: false, etag: undefined }
    if (source === undefined) return yield* refuse(`it is not known what ${partPath} is a part of`, remove)
    if (source.recording !== id) {
      return yield* refuse(`${partPath} is a part of the recording ${source.recording}`, remove)
    }
    const isOther = size !== undefined && source.size !== undefined && size !== source.size
    if (isOther) {
      return yield* refuse(`the recording has another size than when ${partPath} was downloaded`, remove)
    }
    if (received > (size ?? source.size ?? Infinity)) {
      return yield* refuse(`${partPath} is larger than the recording`, remove)
    }
    return { received, exists: true, etag: source.etag }
  })
