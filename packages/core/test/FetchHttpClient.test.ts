import { FetchHttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { createServer, type IncomingMessage, type RequestListener } from "node:http"
import { body, sessionId } from "./support/sessions.ts"
import { getOver } from "./support/transports.ts"
import { until } from "./support/until.ts"

/** A server on loopback for as long as the scope. */
const serve = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.async<
      { readonly baseUrl: string; readonly requests: ReadonlyArray<IncomingMessage>; readonly close: () => void }
    >(
      resume => {
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
      }
    ),
    server => Effect.sync(() => server.close())
  )

const transport = { layer: FetchHttpClient.layer }

/** Attempts that no machine misses, and short waits between them. */
const patient = { attemptTimeout: "30 seconds", deadline: "1 minute", baseDelay: "2 millis" } as const

describe("over fetch", () => {
  it.scopedLive("a session is read", () =>
    Effect.gen(function*() {
      const { baseUrl, requests } = yield* serve((_, response) =>
        response.writeHead(200, { "content-type": "application/json" }).end(body())
      )
      const session = yield* getOver(transport, { baseUrl })
      assert.strictEqual(session.id, sessionId)
      assert.strictEqual(requests[0]?.url, `/api/video/room_sessions/${sessionId}`)
      assert.strictEqual(requests[0]?.headers["accept-encoding"], "identity")
      assert.isUndefined(requests[0]?.headers["traceparent"])
    }))

  it.scopedLive("a 500 is tried again", () =>
    Effect.gen(function*() {
      const { baseUrl, requests } = yield* serve((_, response) => response.writeHead(500).end("<html>"))
      const failure = yield* Effect.flip(getOver(transport, { baseUrl, policy: patient }))
      assert.deepInclude(failure, { _tag: "SignalWireInternalServerError", attempts: 3 })
      assert.strictEqual(requests.length, 3)
    }))

  it.scopedLive("a redirect is not followed", () =>
    Effect.gen(function*() {
      const target = yield* serve((_, response) => response.end(body()))
      const { baseUrl } = yield* serve((_, response) => response.writeHead(302, { location: target.baseUrl }).end())
      const failure = yield* Effect.flip(getOver(transport, { baseUrl }))
      assert.include(failure, { _tag: "SignalWireUnexpectedStatus", status: 302 })
      assert.strictEqual(target.requests.length, 0)
    }))

  it.scopedLive.each([
    { status: 407, requestsOfFetch: 1 },
    // fetch sends such a request once more, on a new connection, as the standard has it
    { status: 421, requestsOfFetch: 2 }
  ])("$status is UnexpectedStatus, not retried", ({ requestsOfFetch, status }) =>
    Effect.gen(function*() {
      const { baseUrl, requests } = yield* serve((_, response) => response.writeHead(status).end())
      const failure = yield* Effect.flip(getOver(transport, { baseUrl }))
      assert.include(failure, { _tag: "SignalWireUnexpectedStatus", status, attempts: 1 })
      assert.strictEqual(requests.length, requestsOfFetch)
    }))

  it.scopedLive("a response cut off is Truncated", () =>
    Effect.gen(function*() {
      const { baseUrl } = yield* serve((request, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).write("{\"id\":")
        setTimeout(() => request.socket.destroy(), 20)
      })
      const failure = yield* Effect.flip(getOver(transport, { baseUrl, policy: { ...patient, maxRetries: 0 } }))
      assert.deepInclude(failure, { _tag: "SignalWireTransportError", reason: "Truncated" })
    }))

  it.scopedLive("nobody listening is Refused", () =>
    Effect.gen(function*() {
      const { baseUrl, close } = yield* serve(() => {})
      close()
      const failure = yield* Effect.flip(getOver(transport, { baseUrl, policy: patient }))
      assert.deepInclude(failure, {
        _tag: "SignalWireTransportError",
        reason: "Refused",
        code: "ECONNREFUSED",
        attempts: 3
      })
    }))

  it.scopedLive("silence is RequestTimeout", () =>
    Effect.gen(function*() {
      const { baseUrl } = yield* serve(() => {})
      const failure = yield* Effect.flip(
        getOver(transport, { baseUrl, policy: { attemptTimeout: "100 millis", maxRetries: 0 } })
      )
      assert.deepInclude(failure, { _tag: "SignalWireRequestTimeout", attempts: 1 })
    }))

  it.scopedLive("interruption closes the connection", () =>
    Effect.gen(function*() {
      const { baseUrl, requests } = yield* serve(() => {})
      const fiber = yield* Effect.fork(getOver(transport, { baseUrl }))
      yield* until(() => requests.length === 1)
      yield* Fiber.interrupt(fiber)
      // long before the attempt is over
      yield* Effect.timeout(until(() => requests[0]?.socket.destroyed === true), "5 seconds")
    }))
})
