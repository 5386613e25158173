import { RoomSession, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { CallJournal, RoomSessionFixture } from "@effect-signalwire/core/testing"
import * as Recording from "@effect-signalwire/core/testing/recording"
import { FetchHttpClient, HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Chunk, Effect, Exit, FastCheck, Layer, Redacted, Ref, Schema, Stream } from "effect"
import { createServer, type IncomingMessage, type RequestListener } from "node:http"
import { gzipSync } from "node:zlib"

const session = RoomSessionFixture.inProgress()
const wire = JSON.stringify(Schema.encodeSync(RoomSession.RoomSessionSummary)(session))
const get = (id: string) => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))
/** A token with characters that each encoding escapes. */
const specialToken = "PT/ü+%2F\"\\ &<>'=:; é😀\u2028$&$1"

const serve = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.async<{ readonly url: string; readonly close: () => void }>(resume => {
      const server = createServer(listener)
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" ? address?.port : undefined
        resume(Effect.succeed({
          url: `http://127.0.0.1:${port}`,
          close: () => {
            server.closeAllConnections()
            server.close()
          }
        }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )

/** Runs an effect through the real pipeline and fetch against a server, and records it. */
const record = <A>(
  listener: RequestListener,
  effect: Effect.Effect<A, never, RoomSessions.RoomSessions>,
  apiToken = specialToken,
  transport: Layer.Layer<HttpClient.HttpClient> = FetchHttpClient.layer
) =>
  Effect.scoped(Effect.gen(function*() {
    const saved = yield* Ref.make("")
    const { url } = yield* serve(listener)
    const recorded: Layer.Layer<HttpClient.HttpClient> = Recording.layerRecord(json => Ref.set(saved, json)).pipe(
      Layer.provide(transport)
    )
    const policy = { attemptTimeout: "1 second", maxRetries: 1, baseDelay: "1 millis" } as const
    const client = SignalWireClient.layer({ baseUrl: url, projectId: "p", apiToken: Redacted.make(apiToken), policy })
    const value = yield* Effect.provide(effect, RoomSessions.layer.pipe(Layer.provide(client), Layer.provide(recorded)))
    return { value, json: yield* Ref.get(saved) }
  }))

const ok: RequestListener = (_, response) => {
  response.writeHead(200, { "content-type": "application/json", "set-cookie": "session=oatmeal" })
  response.end(wire)
}

/** A page of one session with a name of this length. */
const pageWith = (length: number): RequestListener => (_, response) => {
  response.writeHead(200, { "content-type": "application/json" })
  const data = [{
    ...Schema.encodeSync(RoomSession.RoomSession)(RoomSessionFixture.listed(session)),
    name: "n".repeat(length)
  }]
  response.end(JSON.stringify({ links: {}, data }))
}

describe("recordings", () => {
  it.live("a page of 7 MiB is recorded and read to its end, and a body above 16 MiB is an error in both", () =>
    Effect.gen(function*() {
      const list = Effect.exit(
        Effect.flatMap(RoomSessions.RoomSessions, sessions => Stream.runCount(sessions.list()))
      )
      const usual = yield* record(pageWith(7 * 1_048_576), list)
      assert.deepStrictEqual(usual.value, Exit.succeed(1))
      const [{ body, error }] = JSON.parse(usual.json).interactions
      assert.isAbove(body.length, 7 * 1_048_576)
      assert.isUndefined(error)
      const long = yield* record(pageWith(17 * 1_048_576), list)
      assert.include(String(long.value), "TooLarge")
      assert.strictEqual(JSON.parse(long.json).interactions[0].error, "ERR_BODY_TOO_LARGE_TO_RECORD")
    }))

  it.live("a recording has method, path, status, the headers that the client reads and the body, and nothing else", () =>
    Effect.gen(function*() {
      const { json, value } = yield* record(ok, Effect.exit(get(session.id)))
      assert.deepStrictEqual(value, Exit.succeed(session))
      const { interactions, version } = JSON.parse(json)
      const { date, ...headers } = interactions[0].headers
      assert.isString(date)
      assert.deepStrictEqual([version, { ...interactions[0], headers }], [1, {
        method: "GET",
        path: `/api/video/room_sessions/${session.id}`,
        status: 200,
        headers: { "content-type": "application/json" },
        body: wire.replace("\u2028", "\\u2028")
      }])
    }))

  it.live("a recording replays to the same results through the real pipeline", () =>
    Effect.gen(function*() {
      let requests = 0
      const listeners: ReadonlyArray<RequestListener> = [
        (_, response) => response.writeHead(500).end("{\"error\":\"Internal Server Error\"}"),
        ok,
        request => request.socket.destroy(),
        (_, response) => {
          response.writeHead(200, { "content-type": "application/json", "content-length": 1000 })
          response.write(wire.slice(0, 20), () => response.socket?.destroy())
        },
        () => {},
        (_, response) => response.writeHead(404, { "x-request-id": "abc" }).end(),
        (_, response) => response.writeHead(200, { "content-type": "application/json" }).end(Buffer.of(0xff, 0xfe))
      ]
      const tags = Effect.forEach([1, 2, 3, 4], () =>
        Effect.map(Effect.either(get(session.id)), result =>
          result._tag === "Right" ? "Success" : `${result.left._tag} ${result.left.attempts}`))
      const recorded = yield* record((request, response) =>
        listeners[requests++]?.(request, response), tags)
      assert.deepStrictEqual(recorded.value, [
        "Success",
        "SignalWireTransportError 2",
        "SignalWireNotFound 2",
        "SignalWireInvalidResponse 1"
      ])

      const replayed = yield* Effect.provide(
        tags,
        Recording.layerReplay(recorded.json, { policy: { maxRetries: 1, baseDelay: "1 millis" } })
      )
      assert.deepStrictEqual(replayed, recorded.value)
    }))

  it.live("a list replays page by page, and its links to the next page are recorded without their origin", () =>
    Effect.gen(function*() {
      const link = (request: IncomingMessage) =>
        `http://${request.headers.host}/api/video/room_sessions?page_number=1&page_size=1&page_token=b`
      const page = (n: number, next: string | null) =>
        JSON.stringify({ links: { next }, data: [{ ...JSON.parse(wire), id: RoomSessionFixture.id(n) }] })
      const ids = Effect.flatMap(
        RoomSessions.RoomSessions,
        sessions => Stream.runCollect(Stream.map(sessions.list({ page_size: 1 }), ({ id }) => id))
      ).pipe(Effect.map(Chunk.toReadonlyArray), Effect.orDie)
      const { json, value } = yield* record((request, response) => {
        const isSecond = request.url?.includes("page_token=b") === true
        response.writeHead(200, { "content-type": "application/json" })
        response.end(isSecond ? page(2, null) : page(1, link(request)))
      }, ids)
      assert.deepStrictEqual(value, [RoomSessionFixture.id(1), RoomSessionFixture.id(2)])
      assert.notInclude(json, "127.0.0.1")
      assert.deepStrictEqual(yield* Effect.provide(ids, Recording.layerReplay(json)), value)
    }))

  it.live("a recording has no encoding of the token or of the Basic pair that a response repeats", () =>
    Effect.gen(function*() {
      const pair = Buffer.from(`p:${specialToken}`).toString("base64")
      const json = JSON.stringify(specialToken).slice(1, -1)
      const bodies = [
        specialToken,
        json,
        json.replaceAll("/", "\\/"),
        encodeURIComponent(specialToken),
        encodeURIComponent(specialToken).toLowerCase(),
        new URLSearchParams({ t: specialToken }).toString(),
        encodeURIComponent(encodeURIComponent(specialToken)),
        pair,
        `Basic ${pair}`,
        encodeURIComponent(pair),
        Buffer.from(`p:${specialToken}`).toString("base64url"),
        JSON.stringify({ error: JSON.stringify({ header: `Basic ${pair}`, token: specialToken }) })
      ]
      let requests = 0
      const echoing: RequestListener = (_, response) => {
        const body = bodies[requests++] ?? ""
        response.writeHead(404, {
          "x-request-id": requests % 2 === 0 ? pair : encodeURIComponent(specialToken),
          "x-debug": encodeURIComponent(specialToken),
          "set-cookie": "session=oatmeal",
          "content-type": "text/plain; charset=utf-8"
        })
        response.end(`your token is ${body}`)
      }
      const { json: recording } = yield* record(echoing, Effect.forEach(bodies, () => Effect.exit(get(session.id))))
      const { interactions } = JSON.parse(recording)
      assert.strictEqual(interactions.length, bodies.length)
      for (const { body, headers } of interactions) {
        assert.strictEqual(body, "<redacted>")
        assert.strictEqual(headers["x-request-id"], "<redacted>")
      }
      for (const text of [...bodies, "oatmeal", "PT/", "PT%2F", "authorization"]) assert.notInclude(recording, text)
    }))

  it.live("a recording has no token that a body repeats", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(FastCheck.string({ minLength: 12, unit: "grapheme-composite" }), async token => {
          // oxlint-disable-next-line no-control-regex -- a token with control characters is not accepted
          FastCheck.pre(token.trim() === token && token.length > 8 && !/[\u0000-\u001f\u007f]/.test(token))
          const echoing: RequestListener = (request, response) => {
            const body = {
              token,
              header: request.headers.authorization,
              url: `https://x.example/?${encodeURIComponent(token)}`
            }
            response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify(body))
          }
          const { json } = await Effect.runPromise(record(echoing, Effect.exit(get(session.id)), token))
          const body = JSON.parse(json).interactions[0].body
          assert.notInclude(body, token)
          assert.notInclude(json, Buffer.from(`p:${token}`).toString("base64").slice(8, -4))
          assert.notInclude(decodeURIComponent(body.replace(/%(?![0-9a-f]{2})/gi, "%25")), token)
        }),
        { numRuns: 30 }
      )
    ))

  it.live("a recording has no body that was cut inside the token", () =>
    Effect.gen(function*() {
      const token = "PT0123456789abcdef0123456789abcdef"
      const cutting: RequestListener = (_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": 1000 })
        response.write(`{"token":"${token.slice(0, 20)}`, () => response.socket?.destroy())
      }
      const { json } = yield* record(cutting, Effect.exit(get(session.id)), token)
      assert.deepInclude(JSON.parse(json).interactions[0], { body: "<redacted>", status: 200 })
    }))

  it.live("a recording has the URLs of a body without users, queries and fragments", () =>
    Effect.gen(function*() {
      const nested = JSON.stringify({
        a: "https://me:oatmeal@x.example/p?oatmeal#oatmeal",
        b: "http:\\/\\/x.example\\/#oatmeal",
        c: "https://me@x.example/?oatmeal"
      })
      const { json } = yield* record((_, response) => {
        response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ nested }))
      }, Effect.exit(get(session.id)))
      assert.notInclude(json, "oatmeal")
      assert.deepStrictEqual(
        JSON.parse(JSON.parse(JSON.parse(json).interactions[0].body).nested).a,
        "https://<redacted>@x.example/p?<redacted>"
      )
    }))

  it.live("a recording has no body that is compressed", () =>
    Effect.gen(function*() {
      const page = gzipSync(`you sent ${specialToken}, https://x.example/?sig=oatmeal`)
      const compressed = HttpClient.make(request => {
        const headers = { "content-type": "text/html", "content-encoding": "gzip" }
        return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(page, { status: 401, headers })))
      })
      const { json } = yield* record(
        ok,
        Effect.exit(get(session.id)),
        specialToken,
        Layer.succeed(HttpClient.HttpClient, compressed)
      )
      assert.deepInclude(JSON.parse(json).interactions[0], { status: 401, body: "<redacted>" })
      assert.notInclude(json, page.toString("base64").slice(0, 40))
    }))

  it.live("a recording of a session with a signed preview replays without the signature", () =>
    Effect.gen(function*() {
      const preview = "https://files.example.com/previews/a.webp?X-Signature=oatmeal&expires=1"
      const { json, value } = yield* record((_, response) => {
        response.writeHead(200, { "content-type": "application/json" })
        response.end(wire.replace(String(session.preview_url), preview))
      }, Effect.orDie(get(session.id)))
      assert.strictEqual(value.preview_url, preview)
      assert.notInclude(json, "oatmeal")
      const replayed = yield* Effect.provide(get(session.id), Recording.layerReplay(json))
      assert.strictEqual(replayed.preview_url, "https://files.example.com/previews/a.webp?<redacted>")
    }))
})

describe("recordings of an HttpClient", () => {
  /** Records one request of an application itself. */
  const recordRequest = (client: HttpClient.HttpClient, request: HttpClientRequest.HttpClientRequest) =>
    Effect.gen(function*() {
      const saved = yield* Ref.make("")
      yield* Effect.exit(Effect.flatMap(HttpClient.HttpClient, http => http.execute(request))).pipe(
        Effect.provide(Layer.provide(
          Recording.layerRecord(json => Ref.set(saved, json)),
          Layer.succeed(HttpClient.HttpClient, client)
        ))
      )
      return JSON.parse(yield* Ref.get(saved)).interactions
    })

  const echo = HttpClient.make(request =>
    Effect.succeed(
      HttpClientResponse.fromWeb(request, new Response(`you sent ${request.headers["authorization"] ?? "nothing"}`))
    )
  )

  const request = HttpClientRequest.get("https://x.example/")

  it.effect("a body that repeats the credentials of Basic authentication is not recorded", () =>
    Effect.gen(function*() {
      const [interaction] = yield* recordRequest(echo, HttpClientRequest.basicAuth(request, "p", "oatmeal-and-milk"))
      assert.strictEqual(interaction.body, "<redacted>")
    }))

  it.effect.each([undefined, "Basic !", "Basic bm9jb2xvbg==", "Basic "])(
    "the body of a request with the authorization %j, which has no credentials, is recorded",
    authorization =>
      Effect.gen(function*() {
        const sent = authorization === undefined
          ? request
          : HttpClientRequest.setHeader(request, "authorization", authorization)
        const [interaction] = yield* recordRequest(echo, sent)
        assert.strictEqual(interaction.body, `you sent ${authorization ?? "nothing"}`)
      })
  )

  it.effect.each([
    [Object.assign(new Error("slow"), { code: "ETIMEDOUT" }), "TIMEOUT"],
    [Object.assign(new Error("reset"), { code: "ECONNRESET" }), "ECONNRESET"],
    [new Error("no code"), "UNKNOWN"]
  ])("the connection error %s is recorded as %s", ([cause, error]) =>
    Effect.gen(function*() {
      const client = HttpClient.make(request =>
        Effect.fail(new HttpClientError.RequestError({ request, reason: "Encode", cause }))
      )
      assert.deepStrictEqual(yield* recordRequest(client, request), [{ method: "GET", path: "/", error }])
    }))

  it.effect("a response that no recording can replay is not recorded", () =>
    Effect.gen(function*() {
      const early = HttpClient.make(request =>
        Effect.succeed(
          new Proxy(HttpClientResponse.fromWeb(request, new Response()), {
            get: (response, key) => key === "status" ? 103 : Reflect.get(response, key)
          })
        )
      )
      assert.deepStrictEqual(yield* recordRequest(early, request), [])
    }))
})

describe("replayed recordings", () => {
  const path = `/api/video/room_sessions/${session.id}`
  const headers = { "content-type": "application/json" }
  const recording = { version: 1, interactions: [{ method: "GET", path, status: 200, headers, body: wire }] }
  const messages = (exit: Exit.Exit<unknown, unknown>) =>
    Exit.isFailure(exit) ? Cause.prettyErrors(exit.cause).map(({ message }) => message) : []

  it.effect("a replayed recording can be a parsed object, and has a journal of its calls", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* get(session.id), session)
      const { calls } = yield* CallJournal.CallJournal
      assert.deepStrictEqual((yield* calls).map(({ attempts, result }) => [attempts, result]), [[1, "Success"]])
    }).pipe(Effect.provide(Recording.layerReplay(recording))))

  it.effect("a replayed recording responds to an id in either case", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* get(session.id.toUpperCase()), session)
    }).pipe(Effect.provide(Recording.layerReplay(recording))))

  it.effect("a replayed recording with an interaction that contradicts itself is a ParseError with the reason", () =>
    Effect.gen(function*() {
      for (
        const [fields, why] of [
          [{}, "a status, an error or both"],
          [{ status: 200, body: "", bodyBase64: "" }, "text or base64, not both"],
          [{ error: "ECONNRESET", body: "" }, "belongs to a status"],
          [{ error: "timeout" }, "TIMEOUT"]
        ] as const
      ) {
        const wrong = Recording.layerReplay({ version: 1, interactions: [{ method: "GET", path, ...fields }] })
        const error = yield* Effect.flip(Effect.provide(get(session.id), wrong))
        assert.include(error.message, why)
      }
    }))

  it.effect("a replayed recording ends a request that was not recorded with a defect that names it and those that were recorded", () =>
    Effect.gen(function*() {
      const other = RoomSessionFixture.id(2)
      const exit = yield* Effect.exit(Effect.provide(get(other), Recording.layerReplay(recording)))
      assert.deepStrictEqual(messages(exit), [
        `Recording.layerReplay: GET /api/video/room_sessions/${other} was not recorded, only GET ${path}`
      ])
    }))

  it.effect("a replayed recording ends a request that was not recorded as often with a defect, also where the defect is caught", () =>
    Effect.gen(function*() {
      const twice = Effect.asVoid(Effect.zipRight(get(session.id), get(session.id)))
      for (const effect of [twice, Effect.ignore(Effect.sandbox(twice))]) {
        const exit = yield* Effect.exit(Effect.provide(effect, Recording.layerReplay(recording)))
        assert.deepStrictEqual(messages(exit), [
          `Recording.layerReplay: GET ${path} was recorded 1 time, and this is request 2`
        ])
      }
      const { interactions: [one] } = recording
      const recordedTwice = Recording.layerReplay({ ...recording, interactions: [one, one] })
      assert.deepStrictEqual(messages(yield* Effect.exit(Effect.provide(Effect.zip(twice, twice), recordedTwice))), [
        `Recording.layerReplay: GET ${path} was recorded 2 times, and this is request 3`
      ])
      const empty = Recording.layerReplay({ version: 1, interactions: [] })
      assert.deepStrictEqual(messages(yield* Effect.exit(Effect.provide(get(session.id), empty))), [
        `Recording.layerReplay: GET ${path} was not recorded, only an empty list of interactions`
      ])
    }))

  it.effect("a replayed interaction without headers and body is a response without them", () =>
    Effect.gen(function*() {
      const bare = Recording.layerReplay({ version: 1, interactions: [{ method: "GET", path, status: 404 }] })
      const error = yield* Effect.flip(Effect.provide(get(session.id), bare))
      assert.deepInclude(error, { _tag: "SignalWireNotFound", details: [] })
    }))

  it.effect("a text or an object that is not a recording is a ParseError", () =>
    Effect.gen(function*() {
      for (const wrong of ["", "{}", { version: 2, interactions: [] }]) {
        const exit = yield* Effect.exit(Effect.provide(get(session.id), Recording.layerReplay(wrong)))
        assert.deepInclude(yield* Effect.flip(exit), { _tag: "ParseError" })
      }
    }))
})
