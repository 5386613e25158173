import { FetchHttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { createServer, type IncomingMessage, type RequestListener } from "node:http"
import { getOver, patient } from "../support/client.ts"
import { body, sessionId } from "../support/sessions.ts"
import { until } from "../support/until.ts"

interface Server {
  readonly baseUrl: string
  readonly requests: ReadonlyArray<IncomingMessage>
  readonly close: () => void
}

/** A server on loopback that is closed with the scope. */
const serve = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.async<Server>(resume => {
      const requests: Array<IncomingMessage> = []
      const server = createServer((request, response) => {
        requests.push(request)
        listener(request, response)
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" ? address?.port : undefined
        const close = () => {
          server.close()
          server.closeAllConnections()
        }
        resume(Effect.succeed({ baseUrl: `http://127.0.0.1:${port}`, requests, close }))
      })
    }),
    server => Effect.sync(() => server.close())
  )

const fetch = { layer: FetchHttpClient.layer }

const policy = { ...patient, baseDelay: "2 millis" } as const

describe("over fetch", () => {
  it.scopedLive("a 200 is the session, requested without compression and without trace headers", () =>
    Effect.gen(function*() {
      const { baseUrl, requests } = yield* serve((_, response) =>
        response.writeHead(200, { "content-type": "application/json" }).end(body())
      )
      const session = yield* getOver(fetch, { baseUrl, policy })
      assert.strictEqual(session.id, sessionId)
      assert.strictEqual(requests[0]?.url, `/api/video/room_sessions/${sessionId}`)
      assert.strictEqual(requests[0]?.headers["accept-encoding"], "identity")
      assert.isUndefined(requests[0]?.headers["traceparent"])
    }))

  it.scopedLive("a 500 is InternalServerError after three attempts", () =>
    Effect.gen(function*() {
      const { baseUrl, requests } = yield* serve((_, response) => response.writeHead(500).end("<html>"))
      const error = yield* Effect.flip(getOver(fetch, { baseUrl, policy }))
      assert.deepInclude(error, { _tag: "SignalWireInternalServerError", attempts: 3 })
      assert.strictEqual(requests.length, 3)
    }))

  it.scopedLive("a 302 is UnexpectedStatus, and its location is not followed", () =>
    Effect.gen(function*() {
      const target = yield* serve((_, response) => response.end(body()))
      const { baseUrl } = yield* serve((_, response) => response.writeHead(302, { location: target.baseUrl }).end())
      const error = yield* Effect.flip(getOver(fetch, { baseUrl, policy }))
      assert.include(error, { _tag: "SignalWireUnexpectedStatus", status: 302 })
      assert.strictEqual(target.requests.length, 0)
    }))

  it.scopedLive.each([
    { status: 407, requestsOfFetch: 1 },
    // the Fetch standard requires that such a request is sent once more, on a new connection
    { status: 421, requestsOfFetch: 2 }
  ])("a $status is UnexpectedStatus after one attempt", ({ requestsOfFetch, status }) =>
    Effect.gen(function*() {
      const { baseUrl, requests } = yield* serve((_, response) => response.writeHead(status).end())
      const error = yield* Effect.flip(getOver(fetch, { baseUrl, policy }))
      assert.include(error, { _tag: "SignalWireUnexpectedStatus", status, attempts: 1 })
      assert.strictEqual(requests.length, requestsOfFetch)
    }))

  it.scopedLive("a connection that ends within the body is TransportError Truncated", () =>
    Effect.gen(function*() {
      const { baseUrl } = yield* serve((request, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "100" })
        response.write("{\"id\":", () => request.socket.destroySoon())
      })
      const error = yield* Effect.flip(getOver(fetch, { baseUrl, policy: { ...policy, maxRetries: 0 } }))
      assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Truncated" })
    }))

  it.scopedLive("a closed port is TransportError Refused after three attempts", () =>
    Effect.gen(function*() {
      const { baseUrl, close } = yield* serve(() => {})
      close()
      const error = yield* Effect.flip(getOver(fetch, { baseUrl, policy }))
      assert.deepInclude(error, {
        _tag: "SignalWireTransportError",
        reason: "Refused",
        code: "ECONNREFUSED",
        attempts: 3
      })
    }))

  it.scopedLive("no response is RequestTimeout", () =>
    Effect.gen(function*() {
      const { baseUrl } = yield* serve(() => {})
      const error = yield* Effect.flip(
        getOver(fetch, { baseUrl, policy: { ...policy, attemptTimeout: "100 millis", maxRetries: 0 } })
      )
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", attempts: 1 })
    }))

  it.scopedLive("an interrupted call closes its connection", () =>
    Effect.gen(function*() {
      const { baseUrl, requests } = yield* serve(() => {})
      const fiber = yield* Effect.fork(getOver(fetch, { baseUrl, policy }))
      yield* until(() => requests.length === 1)
      yield* Fiber.interrupt(fiber)
      yield* until(() => requests[0]?.socket.destroyed === true)
    }))
})
