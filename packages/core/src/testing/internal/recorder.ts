/** An `HttpClient` that records the requests and responses of another one, without their secrets. */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Page from "../../Page.ts"
import { root } from "../../internal/request/parameters.ts"
import { requestIdHeaders } from "../../internal/response/classify.ts"
import { isEncoded } from "../../internal/response/collector.ts"
import { join } from "../../internal/response/decode.ts"
import { classifyCause } from "../../internal/response/transportErrors.ts"
import { redacted } from "../../internal/secrets.ts"
import { type Interaction, timeout } from "./recordingFormat.ts"
import * as sanitize from "./sanitize.ts"
import { respond } from "./scriptedResponse.ts"

/** The headers that the client reads. Others, such as cookies, can be secret. */
const recordedHeaders = ["content-type", "content-encoding", "date", "retry-after", ...requestIdHeaders]

/** The limit of a recorded body, above each default of `maxBodyBytes`. A longer body ends with an error, in the recording and for its caller. */
const maxBytes = 2 * Page.maxBodyBytes

const tooLarge = "ERR_BODY_TOO_LARGE_TO_RECORD"

const codeOf = (error: unknown, hasStatus: boolean): string => {
  const classified = classifyCause(error, hasStatus)
  return classified.reason === "TimedOut" ? timeout : classified.code ?? "UNKNOWN"
}

/** Reads a body into chunks, and returns the code of the error that ended it, if any. */
const readBody = (
  response: HttpClientResponse.HttpClientResponse,
  chunks: Array<Uint8Array>
): Effect.Effect<string | undefined> => {
  let bytes = 0
  return response.stream.pipe(
    Stream.runForEachWhile(chunk =>
      Effect.sync(() => {
        chunks.push(chunk)
        bytes += chunk.byteLength
        return bytes <= maxBytes
      })
    ),
    Effect.map(() => bytes > maxBytes ? tooLarge : undefined),
    Effect.catchAll(error => Effect.succeed(error.reason === "EmptyBody" ? undefined : codeOf(error, true)))
  )
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder("utf-8", { ignoreBOM: true })

/** A compressed body is not recorded, since its text cannot be examined. */
const recordBody = (
  bytes: Uint8Array,
  isCompressed: boolean,
  sanitized: (text: string) => string
): Pick<Interaction, "body" | "bodyBase64"> => {
  const text = lenient.decode(bytes)
  const body = sanitized(text)
  try {
    strict.decode(bytes)
    return { body }
  } catch {
    return body === text && !isCompressed ? { bodyBase64: bytes } : { body: redacted }
  }
}

/**
 * A link of a page to another page of the same list is recorded without its origin, which the replay does not have. Sanitization would
 * remove the query of an absolute link.
 */
const withRelativeLinks = (text: string, { origin, pathname }: URL): string => {
  // a gateway adds a prefix to the path, which the service does not know
  const path = pathname.slice(Math.max(0, pathname.indexOf(root)))
  return text.replaceAll(`${origin}${pathname}?`, `${path}?`).replaceAll(`${origin}${path}?`, `${path}?`)
}

/** Makes the recording client. Its responses are those of `client`, but each body arrives as a whole. */
export const make = (
  client: HttpClient.HttpClient,
  onInteraction: (interaction: Interaction) => void
): HttpClient.HttpClient =>
  HttpClient.make((request, url) =>
    Effect.suspend(() => {
      const withoutSecrets = sanitize.make(request.headers["authorization"])
      const sanitized = (text: string) => withoutSecrets(withRelativeLinks(text, url))
      const chunks: Array<Uint8Array> = []
      const recordResponse = ({ headers, status }: HttpClientResponse.HttpClientResponse) => ({
        status,
        headers: Object.fromEntries(
          recordedHeaders.flatMap(name => headers[name] === undefined ? [] : [[name, sanitized(headers[name])]])
        ),
        ...recordBody(join(chunks), isEncoded(headers), sanitized)
      })
      let received: HttpClientResponse.HttpClientResponse | undefined
      const record = (error: string | undefined) =>
        onInteraction({
          method: request.method,
          path: sanitized(url.pathname + url.search),
          ...(received === undefined ? {} : recordResponse(received)),
          ...(error === undefined ? {} : { error })
        })
      return client.execute(request).pipe(
        Effect.tapError((error: HttpClientError.HttpClientError) => Effect.sync(() => record(codeOf(error, false)))),
        Effect.flatMap(response => {
          // a recording is replayed with the web's `Response`, which does not accept other statuses
          if (response.status < 200 || response.status > 599) return Effect.succeed(response)
          received = response
          return Effect.flatMap(readBody(response, chunks), code => {
            record(code)
            return respond(request, {
              _tag: "HttpResponse",
              status: response.status,
              headers: response.headers,
              body: join(chunks),
              end: code === undefined ? { _tag: "Complete" } : { _tag: "ConnectionError", code },
              delay: Duration.zero,
              label: ""
            })
          })
        }),
        Effect.onInterrupt(() => Effect.sync(() => record(timeout)))
      )
    })
  )
