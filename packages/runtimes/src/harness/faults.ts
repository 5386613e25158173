/** How the harness responds where the sandbox cannot: below the level of HTTP, or not at all. */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Behavior } from "../suite/Target.ts"

type Respond = (request: IncomingMessage, response: ServerResponse) => void

const json = { "content-type": "application/json" }

/** Long enough for the head to arrive by itself. */
const beforeTheEnd = 50

const startBody = (response: ServerResponse, headers: Readonly<Record<string, string>>): void => {
  response.writeHead(200, { ...json, ...headers }).write("{\"id\":")
}

const status = (code: number, headers: Readonly<Record<string, string>> = {}): Respond => (_, response) => {
  response.writeHead(code, { ...json, ...headers }).end("{}")
}

const noResponse: Respond = () => {}

/** What is not here is the sandbox's. */
export const faults: { readonly [name: string]: Respond | undefined } & { readonly [B in Behavior]?: Respond } = {
  reset: ({ socket }) => void socket.resetAndDestroy(),
  closed: ({ socket }) => void socket.destroy(),
  truncated: ({ socket }, response) => {
    startBody(response, { "content-length": "100" })
    setTimeout(() => socket.destroy(), beforeTheEnd)
  },
  unfinishedChunks: ({ socket }, response) => {
    startBody(response, {})
    setTimeout(() => socket.destroy(), beforeTheEnd)
  },
  malformed: ({ socket }) => void socket.end("This is not HTTP.\r\n\r\n"),
  noResponse,
  interrupted: noResponse,
  stalledBody: (_, response) => startBody(response, { "content-length": "100" }),
  proxyAuthentication: status(407, { "proxy-authenticate": "Basic" }),
  misdirected: status(421),
  redirect: (_, response) => status(302, { location: "/redirectTarget" })(_, response),
  redirectTarget: status(200)
}
