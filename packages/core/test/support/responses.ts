/** Responses for the transports of `transports.ts` to play. */
import { body } from "./sessions.ts"

/** One response, a connection error in its place, or no response at all. Times are in milliseconds. */
export interface PlayedResponse {
  /** Until there is a connection. Only a `Transport` reports it. */
  readonly queued?: number
  /** Whether a dead connection is replaced: the transport reports a second connection, and the headers come after another `after`. */
  readonly replaced?: boolean
  /** Until the headers arrive; never when infinite. */
  readonly after?: number
  /** False where there is a connection error before the request is sent; default true. Only a `Transport` reports it. */
  readonly isSent?: boolean
  /** Undefined where a connection error occurs before the headers. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly chunks?: ReadonlyArray<string | Uint8Array>
  /** Before each chunk of the body. */
  readonly between?: number
  /** The connection error in place of the body's end, or of the headers where there is no status. */
  readonly cause?: unknown
  /** Whether the body never ends after its chunks. */
  readonly stalls?: boolean
}

/** At least one. The last one is played for all further requests. */
export type PlayedResponses = readonly [PlayedResponse, ...ReadonlyArray<PlayedResponse>]

export const json = (
  status: number,
  text: string = body(),
  headers: Readonly<Record<string, string>> = {}
): PlayedResponse => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  chunks: text === "" ? [] : [text]
})

export const ok = json(200)
export const serverError = json(500, "{\"error\":\"Internal Server Error\"}")
export const noResponse: PlayedResponse = { after: Infinity }
export const connectionError = (code: string): PlayedResponse => ({
  cause: Object.assign(new Error("text of the transport"), { code })
})
