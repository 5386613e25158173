/** The servers that one runtime is checked against: a sandbox, faults, and where the runtime reports to. */
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
  /** Where the checks find everything. */
  readonly url: string
  /** Runs the program in a browser, from another origin than `url`. */
  readonly page: string
  readonly report: Promise<Report>
  readonly close: () => Promise<void>
}

/** Privileged and unassigned, so that nothing listens there, and no port that fetch blocks. */
const refused = "http://127.0.0.1:4"

/** A browser asks before it sends credentials to another origin. */
const allowOrigin = (request: IncomingMessage, response: ServerResponse): void => {
  response.setHeader("access-control-allow-origin", "*")
  const headers = request.headers["access-control-request-headers"]
  if (headers !== undefined) response.setHeader("access-control-allow-headers", headers)
}

const passOn = (url: string, request: IncomingMessage, response: ServerResponse): void => {
  sendRequest(url, { headers: request.headers, agent: false }, received => {
    response.writeHead(received.statusCode ?? 500, { ...received.headers, connection: "close" })
    received.pipe(response)
  }).once("error", () => request.socket.destroy()).end()
}

/** The program of a browser, and the page that runs it. */
const files = (program: string): Readonly<Record<string, readonly [type: string, content: string]>> => ({
  "page.html": ["text/html", "<!doctype html><script type=\"module\" src=\"/program.js\"></script>"],
  "program.js": ["text/javascript", program]
})

/** @param program that of a browser, if it is one */
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

  /** What the checks ask of the harness itself. */
  const control: Readonly<Record<string, (query: string, request: IncomingMessage) => unknown>> = {
    addresses: () => addresses,
    seen: behavior => journal.of(behavior),
    "respond-next": statuses => runtime.runPromise(sandbox.respondNext(...statuses.split(",").map(Number))),
    report: async (_, request) => setReport(JSON.parse(await text(request)))
  }

  const listener: RequestListener = (request, response) => {
    // a connection serves one request: some runtimes repeat by themselves what was lost on one that they had used before
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
    if (fault === undefined) passOn(`${sandbox.url}/${rest.join("/")}`, request, response)
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
