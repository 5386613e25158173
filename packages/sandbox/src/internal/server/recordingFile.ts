/** The files of recordings, which the sandbox makes when they are requested: boxes of MP4 without any video, the same in each run. */
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { createHash } from "node:crypto"
import { signatureOf } from "../space/contents.ts"
import type { Space } from "../space/space.ts"
import { errorResponse } from "./errorResponse.ts"

const box = (type: string, content: Uint8Array): Buffer => {
  const bytes = Buffer.alloc(8 + content.length)
  bytes.writeUInt32BE(bytes.length)
  bytes.write(type, 4, "latin1")
  bytes.set(content, 8)
  return bytes
}

const fileType = box("ftyp", Buffer.from("isom\0\0\x02\0isomiso2mp41", "latin1"))

/** A file of this size: its type, and a box with the id repeated. */
const fileOf = (id: string, size: number): Buffer =>
  size < fileType.length + 8
    ? fileType.subarray(0, size)
    : Buffer.concat([fileType, box("mdat", Buffer.alloc(size - fileType.length - 8, id))])

/** The first and the last byte of a range, as in `bytes=0-99`; undefined for a header that is none, which is ignored. */
const rangeOf = (header: string | undefined, size: number): readonly [from: number, to: number] | undefined => {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? []
  if (first === "" && last === "") return undefined
  if (first === "") return [Math.max(0, size - Number(last)), Number(last) === 0 ? -1 : size - 1]
  return [Number(first), last === "" ? size - 1 : Math.min(Number(last), size - 1)]
}

/** The response to a request for the file of a recording; undefined for another path. The address has a signature instead of credentials. */
export const respond = (
  space: Space,
  { headers, method }: HttpServerRequest.HttpServerRequest,
  path: string,
  query: string
): HttpServerResponse.HttpServerResponse | undefined => {
  const id = /^\/room_recordings\/([^/]+)\.mp4$/.exec(path)?.[1]
  if (id === undefined) return undefined
  const size = space.recording(id)?.value.size_in_bytes ?? undefined
  if (size === undefined || (method !== "GET" && method !== "HEAD")) return errorResponse(404, undefined)
  if (new URLSearchParams(query).get("signature") !== signatureOf(id)) return errorResponse(403, undefined)
  const file = fileOf(id, size)
  const etag = `"${createHash("sha256").update(file).digest("hex").slice(0, 32)}"`
  const known = { "accept-ranges": "bytes", etag }
  // a Range is for GET only: RFC 9110, 14.2
  const isPart = method === "GET" && (headers["if-range"] === undefined || headers["if-range"] === etag)
  const [from, to] = (isPart ? rangeOf(headers["range"], size) : undefined) ?? []
  if (from === undefined || to === undefined) {
    return HttpServerResponse.uint8Array(file, { contentType: "video/mp4", headers: known })
  }
  if (from > to) {
    return HttpServerResponse.setHeaders(errorResponse(416, undefined), {
      ...known,
      "content-range": `bytes */${size}`
    })
  }
  return HttpServerResponse.uint8Array(file.subarray(from, to + 1), {
    status: 206,
    contentType: "video/mp4",
    headers: { ...known, "content-range": `bytes ${from}-${to}/${size}` }
  })
}
