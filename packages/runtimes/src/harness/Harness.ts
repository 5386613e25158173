/** The servers for the checks of one runtime: a sandbox, a server with faults, and the endpoint for the report. */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import { type IncomingMessage, request as sendRequest, type RequestListener, type ServerResponse } from "node:http"
import { text } from "node:stream/consumers"
import type { Report } from "../suite/Report.ts"
import type { Addresses } from "../suite/Target.ts"
import { faults } from "./faults.ts"
import { Journal } from "./journal.ts"
import { serve, serveUntrusted } from "./servers.ts"

export interface Harness {
  /** The base URL of the harness: behaviors are below it, and `/addresses` has the other addresses. */
  readonly url: string
  /** The URL of the page that runs the program in a browser. Its origin differs from that of `url`. */
  readonly page: string
  readonly report: Promise<Report>
  readonly close: () => Promise<void>
}

/** A privileged port without a service, so no server listens on it. Fetch does not block it. */
const refused = "http://127.0.0.1:4"

/** A browser sends a preflight request before it sends credentials to another origin. */
const allowOrigin = (request: IncomingMessage, response: ServerResponse): void => {
  response.setHeader("access-control-allow-origin", "*")
  const headers = request.headers["access-control-request-headers"]
  if (headers !== undefined) response.setHeader("access-control-allow-headers", headers)
}

const forward = (url: string, request: IncomingMessage, response: ServerResponse): void => {
  sendRequest(url, { headers: request.headers, agent: false }, received => {
    response.writeHead(received.statusCode ?? 500, { ...received.headers, connection: "close" })
    received.pipe(response)
  }).once("error", () => request.socket.destroy()).end()
}

/** The page for a browser, and its program. */
const files = (program: string): Readonly<Record<string, readonly [type: string, content: string]>> => ({
  "page.html": ["text/html", "<!doctype html><script type=\"module\" src=\"/program.js\"></script>"],
  "program.js": ["text/javascript", program]
})

/** @param program the program of the page, for a browser only */
export const start = async (program = ""): Promise<Harness> => {
  const runtime = ManagedRuntime.make(SandboxSpace.layerTest)
  const sandbox = await runtime.runPromise(SandboxSpace.SandboxSpace)
  const untrusted = await serveUntrusted()
  const journal = new Journal()
  let setReport: (report: Report) => void = () => {}
  const report = new Promise<Report>(resolve => {
    setReport = resolve
  })
  const addresses: Addresses = {
    untrusted: `https://127.0.0.1:${untrusted.port}`,
    refused,
    projectId: sandbox.projectId,
    apiToken: Redacted.value(sandbox.apiToken),
    sessionId: SandboxSpace.seeds[0].id
  }

  /** The handlers of the requests to the harness itself. */
  const control: Readonly<Record<string, (query: string, request: IncomingMessage) => unknown>> = {
    addresses: () => addresses,
    seen: behavior => journal.of(behavior),
    "respond-next": statuses => runtime.runPromise(sandbox.respondNext(...statuses.split(",").map(Number))),
    report: async (_, request) => setReport(JSON.parse(await text(request)))
  }

  const listener: RequestListener = (request, response) => {
    // one request for each connection, since some runtimes send a request again when a reused connection was closed
    response.shouldKeepAlive = false
    allowOrigin(request, response)
    if (request.method === "OPTIONS") return void response.writeHead(204).end()
    const { pathname, search } = new URL(request.url ?? "/", "http://harness")
    const [, first = "", ...rest] = pathname.split("/")
    const [type, content] = files(program)[first] ?? []
    if (type !== undefined) return void response.writeHead(200, { "content-type": type }).end(content)
    const respond = control[first]
    if (respond !== undefined) {
      return void Promise.resolve(respond(search.slice(1), request)).then(
        value => response.end(JSON.stringify(value ?? null)),
        () => request.socket.destroy()
      )
    }
    journal.record(first, request, response)
    const fault = faults[first]
    if (fault === undefined) forward(`${sandbox.url}/${rest.join("/")}`, request, response)
    else fault(request, response)
  }

  const server = await serve(listener)
  const url = `http://127.0.0.1:${server.port}`
  return {
    url,
    page: `http://localhost:${server.port}/page.html?${url}`,
    report,
    close: async () => {
      server.close()
      untrusted.close()
      await runtime.dispose()
    }
  }
}
