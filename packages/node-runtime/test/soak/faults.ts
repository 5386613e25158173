/** Everything that a server can do to a client, by name: each request of the soak meets one of these. */
import { Effect } from "effect"
import type { Exchange, Script } from "../faults/harness/rawServer.ts"
import {
  authorizationOf,
  drip,
  endless,
  fin,
  forever,
  head,
  json,
  ok,
  pause,
  reply,
  reset,
  send,
  sequence,
  stall,
  withRequest
} from "../faults/harness/scripts.ts"
import { session } from "../faults/harness/session.ts"

const typed = { "content-type": "application/json" }
const chunked = { ...typed, "transfer-encoding": "chunked" }
const large = " ".repeat(200_000)

/** The id in the request's path, so that a right answer is right for every call. */
const idOf = ({ head: request }: Exchange): string => /room_sessions\/([0-9a-f-]{36})/.exec(request)?.[1] ?? ""

const right = withRequest(exchange => json(200, session({ id: idOf(exchange) })))

/** Every second time what was asked for. */
const now = (fault: Script): Script => withRequest(({ number }) => number % 2 === 0 ? right : fault)

export const faults: Readonly<Record<string, Script>> = {
  "right": right,
  "reset, then right": now(reset),
  "closed, then right": now(fin),
  "500, then right": now(json(500, "{}")),
  "closed after the answer": sequence(right, fin),
  "reset after the answer": sequence(right, reset),
  "reset": reset,
  "silence": stall,
  "reset in the body": sequence(send(head(200, { ...typed, "content-length": "900" }), "{"), pause(5), reset),
  "closed in the body": sequence(send(head(200, { ...typed, "content-length": "900" }), "{"), fin),
  "chunks without an end": sequence(send(head(200, chunked), "2\r\n{}\r\n"), fin),
  "bad chunk size": send(head(200, chunked), "zz\r\n{}\r\n"),
  "a banner": send("SSH-2.0-OpenSSH_9.2p1\r\n"),
  "a header without colon": send("HTTP/1.1 200 OK\r\ncontent-type\r\n\r\n"),
  "two lengths": send(head(200, { ...typed, "content-length": ["5", "900"] }), "{}"),
  "length and chunks": send(head(200, { ...chunked, "content-length": "9" }), "2\r\n{}\r\n0\r\n\r\n"),
  "more after the answer": sequence(right, send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")),
  "408": json(408, "{}"),
  "500": json(500, "{}"),
  "503 with Retry-After": json(503, "{}", { "retry-after": "1" }),
  "429 with a far Retry-After": json(429, "{}", { "retry-after": "99999999" }),
  "501": json(501, "{}"),
  "400 that echoes": withRequest(exchange => json(400, JSON.stringify({ message: authorizationOf(exchange) }))),
  "401": json(401, "{\"error\":\"Unauthorized\"}"),
  "404": json(404, "{\"error\":\"Not Found\"}"),
  "422": json(422, "{\"errors\":[{\"type\":\"validation_error\",\"code\":\"not_a_uuid\"}]}"),
  "204": send(head(204)),
  "302": json(302, "{}", { location: "/elsewhere" }),
  "status 99": json(99, "{}"),
  "103 for ever": forever(sequence(send(head(103, { link: "</a>" })), pause(20))),
  "101": sequence(send(head(101, { connection: "Upgrade", upgrade: "websocket" })), stall),
  "dripped head": drip(head(200, typed), 20),
  "a large header": json(200, "{}", { "x-large": large }),
  "many headers": json(200, "{}", Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x-${index}`, "1"]))),
  "no session": json(200, session({ locked: "no" })),
  "another session": ok,
  "empty": json(200, ""),
  "HTML": reply(200, "<h1>Welcome</h1>", { "content-type": "text/html" }),
  "no UTF-8": json(200, Uint8Array.of(0x22, 0xff, 0xfe, 0x22)),
  "60 MB by its length": sequence(send(head(200, { ...typed, "content-length": "62914560" })), stall),
  "endless chunks": sequence(
    send(head(200, chunked)),
    endless(`10000\r\n${" ".repeat(65_536)}\r\n`, () => {})
  ),
  "gzip": json(200, "x", { "content-encoding": "gzip" }),
  "500 with a large body": json(500, large),
  "400 whose body stalls": sequence(send(head(400, { ...typed, "content-length": "900" }), "{"), stall),
  "stalled body": sequence(send(head(200, { ...typed, "content-length": "900" }), "{"), stall),
  "dripped body": sequence(send(head(200, { ...typed, "content-length": "900" })), drip(session(), 20))
}

export const names: ReadonlyArray<string> = Object.keys(faults)

/** The last digits of the id choose the fault. */
export const byId: Script = exchange =>
  Effect.suspend(() => {
    const name = names[Number.parseInt(idOf(exchange).slice(-12), 16) % names.length] ?? "right"
    return (faults[name] ?? right)(exchange)
  })

/** An error with a body of which nobody reads the end. */
export const unread: Script = json(400, large)
