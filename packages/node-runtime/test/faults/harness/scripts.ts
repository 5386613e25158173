/** What a server does to a request, as pieces that are put together. */
import { Effect } from "effect"
import { type Duration } from "effect"
import * as peers from "./peers.ts"
import type { Exchange, Script } from "./rawServer.ts"
import { session } from "./session.ts"

export type Bytes = string | Uint8Array

const buffer = (bytes: Bytes): Buffer => (typeof bytes === "string" ? Buffer.from(bytes, "utf8") : Buffer.from(bytes))

/** One after the other, on the same connection. */
export const sequence = (...scripts: ReadonlyArray<Script>): Script => exchange =>
  Effect.forEach(scripts, script => script(exchange), { discard: true })

/** Waits until the system has taken the bytes, so that a client that does not read holds the server back. */
export const send = (...pieces: ReadonlyArray<Bytes>): Script => ({ socket }) =>
  Effect.async<void>(resume => {
    const bytes = Buffer.concat(pieces.map(buffer))
    if (socket.destroyed || bytes.byteLength === 0) return resume(Effect.void)
    socket.write(bytes, () => resume(Effect.void))
  })

export const pause = (duration: Duration.DurationInput): Script => () => Effect.sleep(duration)

/** Waits until the client has read what was sent so far, or has closed the connection. */
export const read: Script = ({ socket }) => peers.hasRead(socket)

/** Never does anything more. */
export const stall: Script = () => Effect.never

/** Closes the connection in order. */
export const fin: Script = ({ socket }) => Effect.sync(() => void socket.end())

/** Breaks the connection off. */
export const reset: Script = ({ socket }) => Effect.sync(() => void socket.resetAndDestroy())

/** One byte at a time. */
export const drip = (bytes: Bytes, every: Duration.DurationInput): Script =>
  sequence(...[...buffer(bytes)].flatMap(byte => [send(Uint8Array.of(byte)), pause(every)]))

/** The same again and again. */
export const forever = (script: Script): Script => exchange => Effect.forever(script(exchange))

/** The same bytes again and again, as fast as they are taken; tells how many bytes each time. */
export const endless = (bytes: Bytes, taken: (count: number) => void): Script => exchange =>
  Effect.whileLoop({
    while: () => !exchange.socket.destroyed,
    body: () => send(bytes)(exchange),
    step: () => taken(buffer(bytes).byteLength)
  })

type Headers = Readonly<Record<string, string | ReadonlyArray<string>>>

export const head = (status: number | string, headers: Headers = {}, reason = "Whatever"): string =>
  `HTTP/1.1 ${status} ${reason}\r\n${
    Object.entries(headers)
      .flatMap(([name, value]) => (typeof value === "string" ? [value] : value).map(line => `${name}: ${line}\r\n`))
      .join("")
  }\r\n`

/** A whole response with a length. */
export const reply = (status: number | string, body: Bytes, headers: Headers = {}): Script =>
  send(head(status, { "content-length": String(buffer(body).byteLength), ...headers }), body)

export const json = (status: number | string, body: Bytes, headers: Headers = {}): Script =>
  reply(status, body, { "content-type": "application/json", ...headers })

export const ok: Script = json(200, session())
export const broken: Script = json(500, "{\"error\":\"Internal Server Error\"}")

/** A script that depends on its request, such as one that sends the credentials back. */
export const withRequest = (make: (exchange: Exchange) => Script): Script => exchange => make(exchange)(exchange)

/** What the request had in its `authorization` header. */
export const authorizationOf = ({ head: request }: Pick<Exchange, "head">): string =>
  /^authorization: *(.*)$/im.exec(request)?.[1] ?? ""
