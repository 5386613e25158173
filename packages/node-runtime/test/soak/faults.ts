/** The faults of the soak, by name: each of its requests meets one of them. */
import { Effect } from "effect"
import type { Script, ServerRequest } from "../faults/harness/rawServer.ts"
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
  reset,
  respond,
  send,
  sequence,
  stall,
  withRequest
} from "../faults/harness/scripts.ts"
import { session } from "../faults/harness/session.ts"

const typed = { "content-type": "application/json" }
const chunked = { ...typed, "transfer-encoding": "chunked" }
const large = " ".repeat(200_000)

/** The id in the path of the request: the session of a response has the id that was asked for. */
const idOf = ({ head: request }: ServerRequest): string => /room_sessions\/([0-9a-f-]{36})/.exec(request)?.[1] ?? ""

const success = withRequest(request => json(200, session({ id: idOf(request) })))

/** Succeeds for every second request. */
const alternating = (fault: Script): Script => withRequest(({ number }) => number % 2 === 0 ? success : fault)

export const faults: Readonly<Record<string, Script>> = {
  "success": success,
  "reset, then success": alternating(reset),
  "closed, then success": alternating(fin),
  "500, then success": alternating(json(500, "{}")),
  "closed after the response": sequence(success, fin),
  "reset after the response": sequence(success, reset),
  "reset": reset,
  "no response": stall,
  "reset in the body": sequence(send(head(200, { ...typed, "content-length": "900" }), "{"), pause(5), reset),
  "closed in the body": sequence(send(head(200, { ...typed, "content-length": "900" }), "{"), fin),
  "chunks without the last one": sequence(send(head(200, chunked), "2\r\n{}\r\n"), fin),
  "bad chunk size": send(head(200, chunked), "zz\r\n{}\r\n"),
  "an SSH banner": send("SSH-2.0-OpenSSH_9.2p1\r\n"),
  "a header without a colon": send("HTTP/1.1 200 OK\r\ncontent-type\r\n\r\n"),
  "two lengths": send(head(200, { ...typed, "content-length": ["5", "900"] }), "{}"),
  "length and chunks": send(head(200, { ...chunked, "content-length": "9" }), "2\r\n{}\r\n0\r\n\r\n"),
  "extra bytes after the response": sequence(success, send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")),
  "408": json(408, "{}"),
  "500": json(500, "{}"),
  "503 with Retry-After": json(503, "{}", { "retry-after": "1" }),
  "429 with a Retry-After beyond the deadline": json(429, "{}", { "retry-after": "99999999" }),
  "501": json(501, "{}"),
  "400 that echoes": withRequest(request => json(400, JSON.stringify({ message: authorizationOf(request) }))),
  "401": json(401, "{\"error\":\"Unauthorized\"}"),
  "404": json(404, "{\"error\":\"Not Found\"}"),
  "422": json(422, "{\"errors\":[{\"type\":\"validation_error\",\"code\":\"not_a_uuid\"}]}"),
  "204": send(head(204)),
  "302": json(302, "{}", { location: "/elsewhere" }),
  "status 99": json(99, "{}"),
  "103 without an end": forever(sequence(send(head(103, { link: "</a>" })), pause(20))),
  "101": sequence(send(head(101, { connection: "Upgrade", upgrade: "websocket" })), stall),
  "dripped head": drip(head(200, typed), 20),
  "a large header": json(200, "{}", { "x-large": large }),
  "many headers": json(200, "{}", Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x-${index}`, "1"]))),
  "a session with a wrong type": json(200, session({ locked: "no" })),
  "another session": ok,
  "empty": json(200, ""),
  "HTML": respond(200, "<h1>Welcome</h1>", { "content-type": "text/html" }),
  "not UTF-8": json(200, Uint8Array.of(0x22, 0xff, 0xfe, 0x22)),
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

/** The last 12 hexadecimal digits of the id are the index of the fault. */
export const byId: Script = request =>
  Effect.suspend(() => {
    const name = names[Number.parseInt(idOf(request).slice(-12), 16) % names.length] ?? "success"
    return (faults[name] ?? success)(request)
  })

/** An error with a body that the client does not read to its end. */
export const unread: Script = json(400, large)
