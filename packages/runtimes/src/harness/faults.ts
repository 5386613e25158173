/** Faults that the sandbox does not have: connection errors, invalid HTTP, stalls and statuses of proxies. */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Behavior } from "../suite/Target.ts"

type Respond = (request: IncomingMessage, response: ServerResponse) => void

const json = { "content-type": "application/json" }

/** The delay before the connection is closed, so that the headers arrive before. */
const closeDelayMillis = 50

const startBody = (response: ServerResponse, headers: Readonly<Record<string, string>>): void => {
  response.writeHead(200, { ...json, ...headers }).write("{\"id\":")
}

const status = (code: number, headers: Readonly<Record<string, string>> = {}): Respond => (_, response) => {
  response.writeHead(code, { ...json, ...headers }).end("{}")
}

const noResponse: Respond = () => {}

/** The handlers of the faults. The sandbox responds to all other behaviors. */
export const faults: { readonly [name: string]: Respond | undefined } & { readonly [B in Behavior]?: Respond } = {
  reset: ({ socket }) => void socket.resetAndDestroy(),
  closed: ({ socket }) => void socket.destroy(),
  truncated: ({ socket }, response) => {
    startBody(response, { "content-length": "100" })
    setTimeout(() => socket.destroy(), closeDelayMillis)
  },
  unfinishedChunks: ({ socket }, response) => {
    startBody(response, {})
    setTimeout(() => socket.destroy(), closeDelayMillis)
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
