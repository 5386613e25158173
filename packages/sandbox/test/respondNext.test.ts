import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { get, received, send, sessionUrl } from "./http.ts"

const [first] = SandboxSpace.seeds

const withSandbox = <E>(test: (space: SandboxSpace.Service) => Effect.Effect<void, E>) => () =>
  Effect.flatMap(SandboxSpace.SandboxSpace, test).pipe(Effect.provide(SandboxSpace.layerTest))

describe("respondNext", () => {
  it.live(
    "scripted responses are sent in their order, and then the usual ones",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.respondNext(500, 503)
        yield* space.respondNext(200, 429)
        const statuses = yield* Effect.replicateEffect(get(space, first.id), 5)
        assert.deepStrictEqual(statuses.map(({ status }) => status), [500, 503, 200, 429, 200])
        assert.deepStrictEqual(statuses[2]?.body, statuses[4]?.body)
      })
    )
  )

  it.live(
    "scripted headers and bodies are sent unchanged",
    withSandbox(space =>
      Effect.gen(function*() {
        const html = "<html>Bad gateway</html>"
        const garbage = Uint8Array.of(0xff, 0xfe, 0x00)
        yield* space.respondNext(
          { status: 502, headers: { "Content-Type": "text/html", "Retry-After": "3" }, body: html },
          { body: garbage },
          { status: 429, headers: { "retry-after": "1" } },
          { headers: { "x-request-id": "r-1" } },
          204,
          { status: 301, headers: { location: "https://elsewhere.example.com/" } }
        )
        const request = get(space, first.id, { redirect: "manual" })
        const bad = yield* request
        assert.deepInclude(bad.headers, { "content-type": "text/html", "retry-after": "3" })
        assert.strictEqual(bad.body, html)
        const raw = yield* request
        assert.strictEqual(raw.status, 200)
        assert.strictEqual(raw.headers["content-length"], "3")
        const limited = yield* request
        assert.strictEqual(limited.headers["retry-after"], "1")
        assert.strictEqual(limited.body, "{\"error\":\"Too Many Requests\"}")
        const usual = yield* request
        assert.strictEqual(usual.status, 200)
        assert.strictEqual(usual.headers["x-request-id"], "r-1")
        assert.include(usual.body, first.id)
        const empty = yield* request
        assert.strictEqual(empty.status, 204)
        assert.strictEqual(empty.body, "")
        const moved = yield* request
        assert.strictEqual(moved.status, 301)
        assert.strictEqual(moved.headers.location, "https://elsewhere.example.com/")
      })
    )
  )

  it.live(
    "a scripted content type replaces the usual one, with a scripted body or without",
    withSandbox(space =>
      Effect.gen(function*() {
        const headers = { "Content-Type": "text/html" }
        yield* space.respondNext({ status: 500, headers }, { headers }, { body: "", headers }, { status: 404 })
        const responses = yield* Effect.replicateEffect(get(space, first.id), 4)
        assert.deepStrictEqual(
          responses.map(({ headers, status }) => [status, headers["content-type"]]),
          [[500, "text/html"], [200, "text/html"], [200, "text/html"], [404, "application/json"]]
        )
        assert.strictEqual(responses[0]?.body, "{\"error\":\"Internal Server Error\"}")
        assert.include(responses[1]?.body, first.id)
      })
    )
  )

  it.live(
    "a scripted 401 has a challenge too",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.respondNext(401)
        const { headers } = yield* get(space, first.id)
        assert.isDefined(headers["www-authenticate"])
      })
    )
  )

  it.live(
    "a response that HTTP does not allow is a FaultError, and none of its call is appended",
    withSandbox(space =>
      Effect.gen(function*() {
        const headers = ["trailer", "Transfer-Encoding", "content-length", "connection"].map(name => ({ [name]: "1" }))
        const impossible = [
          99,
          1000,
          100,
          200.5,
          ...[{ "x-a": "a\r\nb" }, { "a b": "c" }, ...headers].map(headers => ({ headers }))
        ]
        for (const response of impossible) {
          const error = yield* Effect.flip(space.respondNext(500, response))
          assert.strictEqual(error._tag, "FaultError")
          assert.match(
            error.message,
            /^SandboxSpace\.respondNext: 1.*: (?:expected a status from 200 to 999|.* is not a valid header)/
          )
        }
        assert.strictEqual((yield* get(space, first.id)).status, 200)
      })
    )
  )

  it.live(
    "a delay postpones the usual response, and not that to other requests",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.respondNext({ delay: "2 seconds" })
        const started = performance.now()
        const slow = yield* Effect.fork(get(space, first.id))
        yield* received(space, 1)
        yield* get(space, first.id)
        const requests = yield* space.requests
        assert.deepStrictEqual(requests.map(({ status }) => status), [undefined, 200])
        const { status } = yield* Fiber.join(slow)
        assert.strictEqual(status, 200)
        assert.isAtLeast(performance.now() - started, 1990)
      })
    )
  )
})

describe("the request id", () => {
  it.live(
    "every response has a request id of its own, a UUID",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.respondNext(500, { status: 502, body: "" }, 204)
        const responses = [
          ...yield* Effect.replicateEffect(get(space, first.id), 5),
          yield* get(space, "x"),
          yield* send(sessionUrl(space, first.id)),
          yield* send(sessionUrl(space, first.id), { method: "PUT" }),
          yield* send(space.url)
        ]
        assert.deepStrictEqual(responses.map(({ status }) => status), [500, 502, 204, 200, 200, 400, 401, 405, 404])
        const ids = responses.map(({ headers }) => headers["x-request-id"])
        for (const id of ids) assert.match(id ?? "none", /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)
        assert.strictEqual(new Set(ids).size, ids.length)
        assert.deepStrictEqual((yield* space.requests).map(({ requestId }) => requestId), ids)
      })
    )
  )

  it.live(
    "a scripted request id replaces the usual one, by any of the names in use",
    withSandbox(space =>
      Effect.gen(function*() {
        const names = ["X-Request-Id", "x-signalwire-request-id", "request-id", "x-amzn-requestid"]
        yield* space.respondNext(...names.map((name, n) => ({ status: 500, headers: { [name]: `r-${n}` } })))
        const responses = yield* Effect.replicateEffect(get(space, first.id), names.length)
        assert.deepStrictEqual(
          responses.map(({ headers }) => Object.entries(headers).filter(([name]) => /request/.test(name))),
          names.map((name, n) => [[name.toLowerCase(), `r-${n}`]])
        )
        const expected = names.map((_, n) => `r-${n}`)
        assert.deepStrictEqual((yield* space.requests).map(({ requestId }) => requestId), expected)
      })
    )
  )
})

describe("requests", () => {
  it.live(
    "requests have number, method, path, query, operation, authorization, status and request id, and no secret",
    withSandbox(space =>
      Effect.gen(function*() {
        const found = yield* get(space, first.id)
        const notFound = yield* send(`${space.url}/nothing?token=sandbox-token`, { method: "POST" })
        const requests = yield* space.requests
        assert.deepStrictEqual(requests.map(({ elapsed: _elapsed, receivedAt: _receivedAt, ...rest }) => rest), [
          {
            number: 1,
            method: "GET",
            path: `/api/video/room_sessions/${first.id}`,
            query: "",
            operation: "RoomSessions.get",
            attempt: 1,
            transmission: undefined,
            authorized: true,
            requestId: found.headers["x-request-id"] ?? "none",
            status: 200
          },
          {
            number: 2,
            method: "POST",
            path: "/nothing",
            query: "?token=<redacted>",
            operation: undefined,
            attempt: 1,
            transmission: undefined,
            authorized: false,
            requestId: notFound.headers["x-request-id"] ?? "none",
            status: 404
          }
        ])
        assert.notInclude(JSON.stringify([requests, space.options, space]), "sandbox-token")
      })
    )
  )

  it.live(
    "a request that its client aborted has no status",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.respondNext({ delay: "1 hour" })
        const slow = yield* Effect.fork(get(space, first.id))
        yield* received(space, 1)
        yield* Fiber.interrupt(slow)
        assert.deepStrictEqual((yield* space.requests).map(({ status }) => status), [undefined])
      })
    )
  )
})
