/**
 * A server that uses as little CPU time as possible, in a process of its own. It finds the end of the headers of each request,
 * reads no method and no header, and expects no body.
 *
 * `server session|byId|page|silent [tls]`: a constant session; the session of the id in the path; a page, of which the link to the
 * next one is another each time; no response.
 */
import * as net from "node:net"
import * as tls from "node:tls"
import { generate } from "selfsigned"
import { pageText } from "./page.ts"
import { id, path, text } from "./session.ts"
import type { Target } from "./target.ts"

const responseOf = (body: string): string =>
  [
    "HTTP/1.1 200 OK",
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: keep-alive",
    "keep-alive: timeout=600",
    "",
    body
  ].join("\r\n")

/** The parts of a response around a text of its body that changes. */
const around = (body: string, text: string) => {
  const [before = "", after = ""] = responseOf(body).split(text)
  return { before, after }
}

const session = responseOf(text)

const byId = around(text, id)

const startOfId = `GET ${path}`.length - id.length

const firstToken = "b0000000"

const byToken = around(pageText.replace("page_token=b", `page_token=${firstToken}`), firstToken)

let pages = 0

const respondPage = () => byToken.before + `b${String(++pages).padStart(7, "0")}` + byToken.after

const responses: Readonly<Record<string, (requests: ReadonlyArray<string>) => string>> = {
  session: requests => session.repeat(requests.length),
  byId: requests =>
    requests.map(request => byId.before + request.slice(startOfId, startOfId + id.length) + byId.after).join(""),
  page: requests => requests.map(respondPage).join(""),
  silent: () => ""
}

const [kind = "session", scheme] = process.argv.slice(2)
const respond = responses[kind]
if (respond === undefined) throw new Error(`There is no server ${kind}`)

const endOfHeaders = "\r\n\r\n"

const onConnection = (socket: net.Socket): void => {
  let rest = ""
  socket.setNoDelay(true)
  socket.on("error", () => socket.destroy())
  socket.on("data", chunk => {
    const requests = (rest + chunk.toString("latin1")).split(endOfHeaders)
    rest = requests.pop() ?? ""
    if (requests.length > 0) socket.write(respond(requests))
  })
}

const listen = (server: net.Server, target: (port: number) => Target): void => {
  server.listen(0, "127.0.0.1", 1024, () => {
    const address = server.address()
    if (typeof address === "object" && address !== null) process.send?.(target(address.port))
  })
}

if (scheme === "tls") {
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }]
  })
  listen(tls.createServer({ cert, key }, onConnection), port => ({ origin: `https://127.0.0.1:${port}`, ca: cert }))
} else {
  listen(net.createServer(onConnection), port => ({ origin: `http://127.0.0.1:${port}` }))
}

process.on("disconnect", () => process.exit())
