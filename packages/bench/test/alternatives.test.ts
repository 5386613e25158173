/** What the comparison of the README says of the alternatives that are installed here, tried against a server. */
import { RequestPolicy, RoomSession, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { VideoApi } from "@effect-signalwire/core/VideoApi"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpApiClient from "@effect/platform/HttpApiClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createServer, type ServerResponse } from "node:http"
import { inspect } from "node:util"
import createClient from "openapi-fetch"
import { apiToken, basic, id, projectId, session } from "../src/session.ts"

interface Paths {
  readonly "/api/video/room_sessions/{id}": {
    readonly get: {
      readonly parameters: { readonly path: { readonly id: string } }
      readonly responses: { readonly 200: { readonly content: { readonly "application/json": object } } }
    }
  }
}

type Get = (id: string) => Promise<unknown>

const headers = { authorization: basic }

const overFetch = <A, E>(effect: Effect.Effect<A, E, HttpClient.HttpClient>) =>
  Effect.provide(effect, FetchHttpClient.layer)

/** Each returns a session, or rejects with its error. */
const clients: Readonly<Record<string, (origin: string) => Get>> = {
  fetch: origin => async id => {
    const response = await fetch(`${origin}/api/video/room_sessions/${id}`, { headers })
    if (!response.ok) throw new Error(String(response.status))
    return response.json()
  },
  "openapi-fetch": origin => {
    const client = createClient<Paths>({ baseUrl: origin, headers })
    return async id => {
      const { data, response } = await client.GET("/api/video/room_sessions/{id}", { params: { path: { id } } })
      if (data === undefined) throw new Error(String(response.status))
      return data
    }
  },
  HttpApiClient: origin => id =>
    HttpApiClient.make(VideoApi, {
      baseUrl: origin,
      transformClient: HttpClient.mapRequest(HttpClientRequest.basicAuth(projectId, apiToken))
    }).pipe(
      // the client of `HttpApiClient` validates the id again when it encodes the path
      Effect.flatMap(client =>
        client.roomSessions.get({ path: { id: RoomSession.RoomSessionId.make(id, { disableValidation: true }) } })
      ),
      overFetch,
      Effect.either,
      Effect.runPromise
    ).then(result => {
      if (result._tag === "Left") throw result.left
      return result.right
    }),
  "effect-signalwire": origin => id =>
    Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
      Effect.provide(RoomSessions.layer.pipe(
        Layer.provide(SignalWireClient.layer({ baseUrl: origin, projectId, apiToken: Redacted.make(apiToken) }))
      )),
      overFetch,
      Effect.either,
      Effect.runPromise
    ).then(result => {
      if (result._tag === "Left") throw result.left
      return result.right
    })
}

const json = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
}

/** The paths that the server has seen, and whether the client has returned a value. */
const observe = async (
  client: (origin: string) => Get,
  respond: (response: ServerResponse, requests: number, url: string) => void,
  asked = id
) => {
  const paths: Array<string> = []
  const server = createServer(({ url = "" }, response) => {
    paths.push(url)
    respond(response, paths.length, url)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`
  const result = await client(origin)(asked).then(value => ({ value }), (error: unknown) => ({ error }))
  server.closeAllConnections()
  server.close()
  return { result, paths, isValue: "value" in result }
}

const observations = async (client: (origin: string) => Get) => {
  const redirect = await observe(client, (response, _, url) => {
    if (url === "/elsewhere") json(response, 200, session)
    else response.writeHead(302, { location: "/elsewhere" }).end()
  })
  const unavailable = await observe(client, (response, requests) => json(response, requests === 1 ? 503 : 200, session))
  const traversal = await observe(client, response => json(response, 200, session), "../rooms")
  const wrongType = await observe(client, response => json(response, 200, { ...session, record_on_start: "yes" }))
  const other = await observe(client, response => json(response, 200, { ...session, id: projectId }))
  const large = await observe(client, response => json(response, 200, { ...session, padding: "a".repeat(4_000_000) }))
  const error = await observe(client, response => response.writeHead(418, { "content-type": "text/html" }).end("<p>"))
  return {
    followsRedirects: redirect.paths.includes("/elsewhere"),
    retries503: unavailable.paths.length > 1,
    leavesThePath: traversal.paths.includes("/api/video/rooms"),
    acceptsAWrongType: wrongType.isValue,
    acceptsAnotherSession: other.isValue,
    acceptsFourMegabytes: large.isValue,
    errorHasTheCredentials: `${inspect(error.result, { depth: 9 })}${JSON.stringify(error.result)}`.includes(basic)
  }
}

const none = {
  followsRedirects: false,
  retries503: false,
  leavesThePath: false,
  acceptsAWrongType: false,
  acceptsAnotherSession: false,
  acceptsFourMegabytes: false,
  errorHasTheCredentials: false
}

const everything = { ...none, followsRedirects: true, acceptsAnotherSession: true, acceptsFourMegabytes: true }

type Observed = typeof none

const { maxBodyBytes, maxRetries } = RequestPolicy.defaults

/** By the first cell of a row: how the cell of a client with these observations must read. */
const wordings: Readonly<Record<string, (observed: Observed) => RegExp>> = {
  "a session is": observed => observed.acceptsAWrongType ? /^(?:any JSON|a type, not checked)$/ : /^checked$/,
  "retries, by default": observed => observed.retries503 ? new RegExp(`^${maxRetries}$`) : /^none\b/,
  "limit on the size of a body": observed =>
    observed.acceptsFourMegabytes ? /^none$/ : new RegExp(`^${maxBodyBytes / 1_048_576} MiB\\b`),
  redirects: observed => observed.followsRedirects ? /^followed\b/ : /^never followed$/,
  "a session with another id": observed => observed.acceptsAnotherSession ? /^accepted$/ : /^an error$/,
  "credentials in an inspected error": observed =>
    observed.errorHasTheCredentials ? /^\*\*in clear text\*\*/ : /^(?:as you write|redacted)$/
}

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8")
const [head = [], ...rows] = readme.slice(readme.indexOf("\n## Alternatives\n")).split("\n")
  .filter(line => line.startsWith("| "))
  .map(line => line.split("|").slice(1, -1).map(cell => cell.trim()))

const cellOf = (row: string, client: string): string => {
  const column = head.findIndex(text => text.replace(/^[`[]+/, "").startsWith(client))
  return rows.find(([first]) => first === row)?.[column] ?? "missing"
}

describe("the comparison of the README", { timeout: 30_000 }, () => {
  it.each([
    ["fetch", { ...everything, leavesThePath: true, acceptsAWrongType: true }],
    ["openapi-fetch", { ...everything, acceptsAWrongType: true }],
    // the schema of `VideoApi` says that the id is a UUID
    ["HttpApiClient", { ...everything, errorHasTheCredentials: true }],
    ["effect-signalwire", { ...none, retries503: true }]
  ])("%s behaves as the table says", async (name, expected) => {
    const client = clients[name]
    assert.isDefined(client)
    const observed = await observations(client)
    assert.deepStrictEqual(observed, expected)
    for (const [row, wording] of Object.entries(wordings)) {
      assert.match(cellOf(row, name), wording(observed), `change "${row}" of ${name} in README.md, Alternatives`)
    }
  })
})
