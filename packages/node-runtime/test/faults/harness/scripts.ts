/** Parts of scripts: what a raw server does to a request. */
import { type Duration, Effect } from "effect"
import * as clientSockets from "./clientSockets.ts"
import type { Script, ServerRequest } from "./rawServer.ts"
import { session } from "./session.ts"

export type Bytes = string | Uint8Array

const buffer = (bytes: Bytes): Buffer => (typeof bytes === "string" ? Buffer.from(bytes, "utf8") : Buffer.from(bytes))

/** Scripts in sequence, on the same connection. */
export const sequence = (...scripts: ReadonlyArray<Script>): Script => request =>
  Effect.forEach(scripts, script => script(request), { discard: true })

/** Waits until the bytes are written, so that a client that does not read causes backpressure. */
export const send = (...pieces: ReadonlyArray<Bytes>): Script => ({ socket }) =>
  Effect.async<void>(resume => {
    const bytes = Buffer.concat(pieces.map(buffer))
    if (socket.destroyed || bytes.byteLength === 0) return resume(Effect.void)
    socket.write(bytes, () => resume(Effect.void))
  })

export const pause = (duration: Duration.DurationInput): Script => () => Effect.sleep(duration)

/** Waits until the client has read all that was sent, or has closed the connection. */
export const read: Script = ({ socket }) => clientSockets.hasRead(socket)

/** Sends nothing more, and leaves the connection open. */
export const stall: Script = () => Effect.never

/** Closes the connection by a FIN. */
export const fin: Script = ({ socket }) => Effect.sync(() => void socket.end())

/** Closes the connection by a RST. */
export const reset: Script = ({ socket }) => Effect.sync(() => void socket.resetAndDestroy())

/** One byte at a time. */
export const drip = (bytes: Bytes, every: Duration.DurationInput): Script =>
  sequence(...[...buffer(bytes)].flatMap(byte => [send(Uint8Array.of(byte)), pause(every)]))

/** Repeats a script without an end. */
export const forever = (script: Script): Script => request => Effect.forever(script(request))

/** Repeats the same bytes as fast as the connection takes them; `onSent` is called with the number of bytes each time. */
export const endless = (bytes: Bytes, onSent: (count: number) => void): Script => request =>
  Effect.whileLoop({
    while: () => !request.socket.destroyed,
    body: () => send(bytes)(request),
    step: () => onSent(buffer(bytes).byteLength)
  })

type Headers = Readonly<Record<string, string | ReadonlyArray<string>>>

export const head = (status: number | string, headers: Headers = {}, reason = "Reason"): string =>
  `HTTP/1.1 ${status} ${reason}\r\n${
    Object.entries(headers)
      .flatMap(([name, value]) => (typeof value === "string" ? [value] : value).map(line => `${name}: ${line}\r\n`))
      .join("")
  }\r\n`

/** A response with a Content-Length. */
export const respond = (status: number | string, body: Bytes, headers: Headers = {}): Script =>
  send(head(status, { "content-length": String(buffer(body).byteLength), ...headers }), body)

export const json = (status: number | string, body: Bytes, headers: Headers = {}): Script =>
  respond(status, body, { "content-type": "application/json", ...headers })

export const ok: Script = json(200, session())
export const serverError: Script = json(500, "{\"error\":\"Internal Server Error\"}")

/** A script that depends on its request, such as one that echoes the credentials. */
export const withRequest = (make: (request: ServerRequest) => Script): Script => request => make(request)(request)

/** The `authorization` header of a request. */
export const authorizationOf = ({ head: request }: Pick<ServerRequest, "head">): string =>
  /^authorization: *(.*)$/im.exec(request)?.[1] ?? ""
