/** Requests a file from a byte on, and decides whether a response is the rest of it (RFC 9110, 13 and 14). */
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import type { DownloadError } from "../../RecordingDownload.ts"
import { isEncoded } from "../response/collector.ts"
import { parseRetryAfter } from "../response/retryAfter.ts"

/** How far a download is. */
export interface State {
  received: number
  total: number | undefined
  /** Identify the file, so that a download is continued with the same one. */
  etag: string | undefined
  lastModified: string | undefined
}

/** A strong entity tag (RFC 9110, 8.8.3). A weak one does not tell that the bytes are the same. */
export const isStrongEtag = (text: string): boolean => /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(text)

const strongEtag = (text = "") => isStrongEtag(text) ? text : undefined

/** Why a response is not the rest of the file. */
export type Rejection = "LinkExpired" | Pick<DownloadError, "reason" | "status" | "retryAfter">

/**
 * Whether all bytes of a known size have arrived. A file without bytes is requested, since only its host can tell that it has none.
 *
 * @param size that the recording has
 */
export const isComplete = ({ received, total }: State, size: number | undefined): boolean =>
  received > 0 && received === (total ?? size)

export const toRequest = (link: URL, { etag, lastModified, received }: State): HttpClientRequest.HttpClientRequest => {
  const validator = etag ?? lastModified
  return HttpClientRequest.get(link, {
    headers: {
      "accept-encoding": "identity",
      ...(received === 0 ? {} : { range: `bytes=${received}-` }),
      ...(received === 0 || validator === undefined ? {} : { "if-range": validator })
    }
  })
}

/** `bytes 100-199/200`: where a part begins, and how large the whole is. A 416 has a star in place of the part. */
const parseRange = (header = "") => {
  const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/i.exec(header) ?? []
  return { start: Number(start), total: total === undefined || total === "*" ? undefined : Number(total) }
}

const parseLength = (header = "") => /^\d+$/.test(header) ? Number(header) : undefined

const differ = (known: string | number | undefined, found: string | number | undefined): boolean =>
  known !== undefined && found !== undefined && known !== found

/** Whether the response is about the file that the download began with, as far as both tell. */
const isSameFile = (
  state: State,
  etag: string | undefined,
  lastModified: string | undefined,
  total: number | undefined
) => !differ(state.etag, etag) && !differ(state.lastModified, lastModified) && !differ(state.total, total)

/** What a login page, or an error with the status 200, has. */
const isNotAFile = (contentType = ""): boolean =>
  /^\s*(?:text\/html|application\/(?:xhtml\+xml|json|[^;]+\+json))\s*(?:;|$)/i.test(contentType)

/**
 * Rejects a response that is not the rest of the file. Returns whether there is anything more of it, and then adds to the state what the
 * response tells.
 */
export const check = (
  { headers, status }: Pick<HttpClientResponse.HttpClientResponse, "headers" | "status">,
  state: State,
  /** The size that the recording has. */
  size: number | undefined,
  maxBytes: number,
  /** Milliseconds since 1970. */
  now: number
): Either.Either<boolean, Rejection> => {
  const { received } = state
  const range = parseRange(headers["content-range"])
  if (status === 403) return Either.left("LinkExpired")
  if (status === 416 && range.total === received && !differ(state.total, received)) {
    return differ(size, received) ? Either.left({ reason: "SizeMismatch" }) : Either.right(false)
  }
  if (status !== 200 && status !== 206) {
    const millis = parseRetryAfter(headers, now)
    const retryAfter = millis === undefined ? undefined : Duration.millis(millis)
    return Either.left({ reason: "Status", status, retryAfter })
  }
  if (isEncoded(headers)) return Either.left({ reason: "Compressed" })
  if (isNotAFile(headers["content-type"])) return Either.left({ reason: "NotAFile" })
  const etag = strongEtag(headers["etag"])
  const lastModified = headers["last-modified"]
  const total = received === 0 ? parseLength(headers["content-length"]) : range.total
  const isRest = received === 0 ? status === 200 : status === 206 && range.start === received
  // the weak comparison (RFC 9110, 8.8.3.2)
  const opaqueTag = strongEtag(headers["etag"]?.replace(/^W\//, ""))
  if (!isRest || (received > 0 && !isSameFile(state, opaqueTag, lastModified, total))) {
    return Either.left({ reason: "Changed", status })
  }
  // a 206 must repeat the etag, but not the date (RFC 9110, 15.3.7)
  const hasEtag = state.etag !== undefined && etag !== undefined
  const isIdentified = hasEtag || (state.lastModified ?? state.total ?? size) !== undefined
  if (received > 0 && !isIdentified) return Either.left({ reason: "Unidentified" })
  if (differ(size, total)) return Either.left({ reason: "SizeMismatch" })
  // nothing was received of the file of an earlier response to a request for all of it
  const before = received === 0 ? undefined : state
  state.total = total ?? before?.total
  state.etag = before?.etag ?? etag
  state.lastModified = before?.lastModified ?? lastModified
  return (state.total ?? 0) > maxBytes ? Either.left({ reason: "TooLarge" }) : Either.right(true)
}
