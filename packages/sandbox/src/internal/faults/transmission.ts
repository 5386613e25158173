/** How a response is sent: not at all, in part, slowly, or until the connection is reset. */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import type * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { DurationField, type DurationInput, whole } from "../fields.ts"
import type { Recorder } from "../server/journal.ts"

/**
 * A response that is not sent as usual.
 *
 * - `stall`: nothing is sent, or after `after` bytes of the body nothing more; the connection stays open.
 * - `reset`: the connection is reset (RST) before anything is sent, or after `after` bytes of the body.
 * - `truncate`: the connection is closed (FIN) after `after` bytes of a body whose `content-length` is larger; default half of it.
 * - `drip`: the body is sent in parts of `bytes`, default 1, at an `interval`, default 100 milliseconds.
 *
 * @since 1.0.0
 * @category models
 */
export type Transmission =
  | { readonly type: "stall"; readonly after?: number | undefined }
  | { readonly type: "reset"; readonly after?: number | undefined }
  | { readonly type: "truncate"; readonly after?: number | undefined }
  | { readonly type: "drip"; readonly bytes?: number | undefined; readonly interval?: DurationInput | undefined }

const after = Schema.optional(whole(0).annotations({ description: "Bytes of the body that are sent before." }))

export const fields = {
  stall: { type: Schema.Literal("stall"), after },
  reset: { type: Schema.Literal("reset"), after },
  truncate: { type: Schema.Literal("truncate"), after },
  drip: {
    type: Schema.Literal("drip"),
    bytes: Schema.optional(whole(1).annotations({ description: "Bytes of each part; default 1." })),
    interval: Schema.optional(DurationField)
  }
}

export const TransmissionField = Schema.Union(
  Schema.Struct(fields.stall),
  Schema.Struct(fields.reset),
  Schema.Struct(fields.truncate),
  Schema.Struct(fields.drip)
).annotations({ identifier: "Transmission" })

/** A validated transmission. */
export type Decoded = typeof TransmissionField.Type

const defaultInterval = Duration.millis(100)

const bytesOf = ({ body }: HttpServerResponse.HttpServerResponse): Uint8Array =>
  body._tag === "Uint8Array" ? body.body : new Uint8Array()

const writeHead = (node: ServerResponse, response: HttpServerResponse.HttpServerResponse): void => {
  const length = bytesOf(response).length
  node.writeHead(response.status, { ...response.headers, ...(length === 0 ? {} : { "content-length": length }) })
  node.flushHeaders()
}

const write = (node: ServerResponse, bytes: Uint8Array): Effect.Effect<void> =>
  bytes.length === 0 ? Effect.void : Effect.async(resume => {
    node.write(bytes, () => resume(Effect.void))
  })

/** Writes the headers and the first bytes of the body. */
const writePart = (node: ServerResponse, response: HttpServerResponse.HttpServerResponse, count: number) =>
  Effect.suspend(() => {
    writeHead(node, response)
    return write(node, bytesOf(response).subarray(0, count))
  })

const drip = (
  node: ServerResponse,
  response: HttpServerResponse.HttpServerResponse,
  { bytes: size = 1, interval = defaultInterval }: Extract<Decoded, { readonly type: "drip" }>
) =>
  Effect.gen(function*() {
    const body = bytesOf(response)
    writeHead(node, response)
    for (let start = 0; start < body.length; start += size) {
      if (start > 0) yield* Effect.sleep(interval)
      yield* write(node, body.subarray(start, start + size))
    }
    node.end()
  })

/**
 * The time in which a client reads what was written, in real time. With a reset that comes before, the bytes can look like the end of a
 * response. A client in the same process reads before the immediate.
 */
const transit = Effect.async<void>(resume => {
  const timer = setTimeout(() => setImmediate(() => resume(Effect.void)), 20)
  return Effect.sync(() => clearTimeout(timer))
})

/**
 * Sends a response by its transmission. The effect ends when the whole response is sent, and is interrupted when the connection is
 * closed before.
 *
 * @param reset resets the connection of a socket
 */
export const transmit = (
  request: HttpServerRequest.HttpServerRequest,
  response: HttpServerResponse.HttpServerResponse,
  transmission: Decoded,
  reset: (socket: Socket) => void,
  { onEnd, onHeaders }: Recorder
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.gen(function*() {
    const node = NodeHttpServerRequest.toServerResponse(request)
    const { socket } = NodeHttpServerRequest.toIncomingMessage(request)
    const part = (count: number) => {
      onHeaders(response.status)
      return writePart(node, response, count)
    }
    switch (transmission.type) {
      case "drip":
        onHeaders(response.status)
        yield* drip(node, response, transmission)
        // the platform sends nothing more on a response that has ended
        return response
      case "stall":
        if (transmission.after !== undefined) yield* part(transmission.after)
        return yield* Effect.never
      case "reset":
        if (transmission.after !== undefined) yield* Effect.zipRight(part(transmission.after), transit)
        // before the client can send its next request
        onEnd()
        reset(socket)
        return yield* Effect.never
      case "truncate":
        yield* part(transmission.after ?? Math.floor(bytesOf(response).length / 2))
        onEnd()
        socket.destroySoon()
        return yield* Effect.never
    }
  })
