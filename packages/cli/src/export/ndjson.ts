/** An export as NDJSON: a session on each line, with its parts as fields. */
import * as Effect from "effect/Effect"
import { createReadStream } from "node:fs"
import { io } from "../files/files.ts"
import * as json from "../json.ts"
import { openFiles } from "./appendFiles.ts"
import { notResumable } from "./record.ts"
import type { Open } from "./sink.ts"

const newline = 10

/** Calls `onLine` for each whole line, and returns where the last one ends. */
const readLines = async (path: string, onLine: (line: string, number: number) => void): Promise<number> => {
  let [end, number] = [0, 0]
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 })) {
    // without an encoding, a stream of a file has buffers
    const bytes = Buffer.concat([rest, Buffer.from(chunk)])
    let start = 0
    for (let i = bytes.indexOf(newline); i !== -1; i = bytes.indexOf(newline, start)) {
      onLine(bytes.toString("utf8", start, i), ++number)
      end += i + 1 - start
      start = i + 1
    }
    rest = bytes.subarray(start)
  }
  return end
}

const idOf = (line: string): unknown => {
  try {
    return Reflect.get(Object(JSON.parse(line)), "id")
  } catch {
    return undefined
  }
}

export const open: Open = options =>
  Effect.gen(function*() {
    const { parts, path } = options
    const ids = new Set<string>()
    let invalid: number | undefined
    const read = io(path, () =>
      readLines(path, (line, number) => {
        const id = idOf(line)
        if (typeof id === "string") ids.add(id.toLowerCase())
        else invalid ??= number
      })).pipe(
        Effect.tap(() =>
          invalid === undefined
            ? Effect.void
            : Effect.fail(notResumable(path, `line ${invalid} is not a session as JSON`))
        )
      )
    const { append, record } = yield* openFiles(options, [{ path, header: "", read }])
    return {
      ids,
      record,
      write: sessions =>
        append([
          sessions.map(exported =>
            `${
              json.stringify({
                ...exported.session,
                ...Object.fromEntries(parts.map(part => [part, exported.parts[part] ?? []]))
              })
            }\n`
          ).join("")
        ])
    }
  })
