import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, Schema } from "effect"
import { request } from "node:http"
import { networkInterfaces } from "node:os"
import { get, type Responded, send } from "./http.ts"

const [designReview, , webinar, adHocCall] = SandboxSpace.seeds
const completed = [1, 2, 3].map(n => RoomSessionFixture.completed({ id: RoomSessionFixture.id(n) }))
const unknownId = "00000000-0000-4000-8000-000000000000"

const withControl = <E>(
  test: (space: SandboxSpace.Service) => Effect.Effect<void, E>,
  options: Omit<SandboxSpace.Options, "port"> = {}
) =>
() =>
  Effect.flatMap(SandboxSpace.SandboxSpace, test).pipe(
    Effect.provide(SandboxSpace.layerTestWith({ control: true, ...options }))
  )

const tokenOf = ({ control }: SandboxSpace.Service): string =>
  control === undefined ? "none" : Redacted.value(control.token)

/** Calls the control endpoint with its token. */
const call = (
  space: SandboxSpace.Service,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {}
) =>
  send(`${space.url}/_sandbox${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokenOf(space)}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })

const Json = Schema.parseJson(Schema.Record({ key: Schema.String, value: Schema.Unknown }))
const JsonArray = Schema.parseJson(Schema.Array(Schema.Record({ key: Schema.String, value: Schema.Unknown })))

const json = ({ body }: Responded) => Schema.decodeSync(Json)(body)
const jsonArray = ({ body }: Responded) => Schema.decodeSync(JsonArray)(body)

describe("changes by the control endpoint", () => {
  it.live(
    "a session starts, changes and ends, with a member and a recording, as its API shows",
    withControl(space =>
      Effect.gen(function*() {
        const created = yield* call(space, "POST", "/sessions", { name: "kick-off", quality: "1080p", fps: 30 })
        assert.strictEqual(created.status, 201)
        const { id } = json(created)
        assert.deepInclude(json(yield* get(space, String(id))), { name: "kick-off", status: "in-progress", fps: 30 })

        const changed = yield* call(space, "PATCH", `/sessions/${String(id)}`, { locked: true })
        assert.strictEqual(changed.status, 200)
        assert.strictEqual(json(changed)["locked"], true)
        const member = yield* call(space, "POST", `/sessions/${String(id)}/members`, { name: "Ada" })
        assert.strictEqual(member.status, 201)
        const recording = yield* call(space, "POST", `/sessions/${String(id)}/recordings`)
        assert.strictEqual(json(recording)["status"], "recording")
        const ended = yield* call(space, "POST", `/recordings/${String(json(recording)["id"])}/end`)
        assert.strictEqual(json(ended)["status"], "completed")
        assert.strictEqual((yield* call(space, "DELETE", `/members/${String(json(member)["id"])}`)).status, 200)
        assert.strictEqual(json(yield* call(space, "POST", `/sessions/${String(id)}/end`))["status"], "completed")

        const views = jsonArray(yield* call(space, "GET", "/sessions?limit=3"))
        assert.deepInclude(views[2]?.["session"], { id, status: "completed" })
        const { sessions } = yield* space.contents
        assert.strictEqual(sessions.at(-1)?.id, id)
      })
    )
  )

  it.live(
    "faults and responses are set, listed and cleared",
    withControl(space =>
      Effect.gen(function*() {
        const status = { type: "status", status: 503, requests: 2 }
        const latency = { type: "latency", delay: "5 millis" }
        const faults = [status, latency]
        assert.deepStrictEqual(jsonArray(yield* call(space, "PUT", "/faults", faults)), faults)
        assert.strictEqual((yield* get(space, webinar.id)).status, 503)
        assert.deepStrictEqual(jsonArray(yield* call(space, "GET", "/faults")), [
          { ...status, requests: 1 },
          latency
        ])
        assert.strictEqual((yield* call(space, "DELETE", "/faults")).status, 204)
        assert.strictEqual((yield* get(space, webinar.id)).status, 200)
        assert.strictEqual((yield* call(space, "POST", "/responses", [500, { status: 429 }])).status, 204)
        assert.deepStrictEqual(
          (yield* Effect.replicateEffect(get(space, webinar.id), 3)).map(({ status }) => status),
          [500, 429, 200]
        )
        yield* call(space, "POST", "/responses", [500])
        yield* call(space, "DELETE", "/responses")
        assert.strictEqual((yield* get(space, webinar.id)).status, 200)
      })
    )
  )

  it.live(
    "a scenario is played instead of the current one, and stopped",
    withControl(space =>
      Effect.gen(function*() {
        const steps = (session: string) => [
          { at: "0 seconds", do: "start", session },
          { at: "1 hour", do: "end", session }
        ]
        assert.strictEqual((yield* call(space, "PUT", "/scenario", { steps: steps("one") })).status, 204)
        assert.strictEqual((yield* call(space, "PUT", "/scenario", { steps: steps("two") })).status, 204)
        yield* Effect.yieldNow()
        const { sessions } = yield* space.contents
        assert.deepStrictEqual(sessions.slice(6).map(({ name }) => name), ["one", "two"])
        assert.strictEqual((yield* call(space, "DELETE", "/scenario")).status, 204)
      })
    )
  )

  it.live(
    "what is unknown is a 404, what is not in progress a 409, and what is invalid a 400 that says what was expected",
    withControl(space =>
      Effect.gen(function*() {
        const cases: ReadonlyArray<readonly [string, string, unknown, number, string]> = [
          ["POST", `/sessions/${unknownId}/end`, undefined, 404, `The sandbox has no session ${unknownId}`],
          ["PATCH", `/sessions/${unknownId}`, {}, 404, `The sandbox has no session ${unknownId}`],
          ["POST", `/sessions/${designReview.id}/end`, undefined, 409, "is completed"],
          ["PATCH", `/sessions/${webinar.id}`, { lockd: true }, 400, "lockd: is unexpected"],
          ["PATCH", `/sessions/${webinar.id}`, { join_from: "soon" }, 400, "join_from: "],
          [
            "PUT",
            "/faults",
            [{ type: "status", status: 5 }],
            400,
            "0.status: expected a status from 200 to 999, got 5"
          ],
          ["PUT", "/faults", [{ type: "status", status: 500, sattus: 1 }], 400, "0.sattus: is unexpected"],
          ["POST", "/responses", [99], 400, "0: expected a status from 200 to 999, got 99"],
          [
            "PUT",
            "/scenario",
            { steps: [{ at: "now", do: "end", session: "x" }] },
            400,
            "steps.0.at: expected a duration"
          ],
          ["GET", "/requests?limit=0", undefined, 400, "limit: expected a whole number from 1 to 1000"],
          ["POST", "/sessions/x/end", undefined, 400, "id: "]
        ]
        for (const [method, path, body, status, message] of cases) {
          const response = yield* call(space, method, path, body)
          assert.strictEqual(response.status, status, `${method} ${path}: ${response.body}`)
          assert.include(String(json(response)["error"]), message)
        }
      })
    )
  )

  const raw = (
    space: SandboxSpace.Service,
    method: string,
    path: string,
    body: NonNullable<RequestInit["body"]>,
    type?: string
  ) =>
    send(`${space.url}/_sandbox${path}`, {
      method,
      headers: { authorization: `Bearer ${tokenOf(space)}`, ...(type === undefined ? {} : { "content-type": type }) },
      body
    })

  it.live(
    "a body of another media type is a 415 that names the header, and one of JSON with a charset is read",
    withControl(space =>
      Effect.gen(function*() {
        const form = new FormData()
        form.set("name", "kick-off")
        const bodies = [
          ["{}", "application/x-www-form-urlencoded"],
          ["{}", "text/plain"],
          [Buffer.from("{}"), undefined],
          [form, undefined]
        ] as const
        for (const [body, type] of bodies) {
          const response = yield* raw(space, "POST", "/sessions", body, type)
          assert.strictEqual(response.status, 415, type)
          assert.deepStrictEqual(json(response), { error: "Content-Type: expected application/json" })
        }
        const response = yield* raw(space, "POST", "/sessions", "{}", "application/json; charset=utf-8")
        assert.strictEqual(response.status, 201)
      })
    )
  )

  it.live(
    "every error has a body that says what it is, also for bodies that are too large or too deep",
    withControl(space =>
      Effect.gen(function*() {
        const type = "application/json"
        const deep = "[".repeat(200_000) + "]".repeat(200_000)
        const cases = [
          [yield* raw(space, "PUT", "/faults", "{", type), 400, "expected a body in json"],
          [yield* raw(space, "PUT", "/faults", deep, type), 400, "0.type: is missing"],
          [yield* raw(space, "POST", "/sessions", `{"name":${deep}}`, type), 400, "expected "],
          [yield* raw(space, "PUT", "/faults", " ".repeat(10_000_001), type), 413, "at most 10000000 bytes"],
          [yield* call(space, "GET", "/nothing"), 404, "no such path of the control endpoint"],
          [yield* call(space, "GET", ""), 404, "no such path of the control endpoint"]
        ] as const
        for (const [response, status, message] of cases) {
          assert.strictEqual(response.status, status, message + response.body.slice(0, 200))
          assert.include(String(json(response)["error"]).toLowerCase(), message)
          assert.isBelow(response.body.length, 1000)
        }
        const withoutLength = yield* Effect.async<number | undefined>(resume => {
          const headers = { authorization: `Bearer ${tokenOf(space)}`, "content-type": type }
          const sent = request(`${space.url}/_sandbox/faults`, { method: "PUT", headers }, response => {
            response.resume()
            resume(Effect.succeed(response.statusCode))
          })
          sent.on("error", () => resume(Effect.succeed(undefined)))
          for (let part = 0; part < 11; part++) sent.write(" ".repeat(1_000_000))
          sent.end()
        })
        // the connection is closed while the body is sent, so that the response can be lost
        assert.include([413, undefined], withoutLength)
      })
    )
  )

  it.live(
    "200,000 responses are scripted by one request",
    withControl(space =>
      Effect.gen(function*() {
        const responses = Array.from({ length: 200_000 }, () => 503)
        assert.strictEqual((yield* call(space, "POST", "/responses", responses)).status, 204)
        assert.strictEqual((yield* get(space, webinar.id)).status, 503)
      })
    )
  )

  it.live(
    "sessions in progress are listed before the last others",
    withControl(space =>
      Effect.gen(function*() {
        const views = jsonArray(yield* call(space, "GET", "/sessions?limit=3"))
        assert.deepStrictEqual(
          views.map(({ session }) =>
            Schema.decodeUnknownSync(Schema.Struct({ status: Schema.String }))(session).status
          ),
          ["in-progress", "in-progress", "completed"]
        )
      }), { sessions: [webinar, adHocCall, ...completed] })
  )

  it.live(
    "a change of the status or of a time leaves the session consistent, or is a 400",
    withControl(space =>
      Effect.gen(function*() {
        const { id } = json(yield* call(space, "POST", "/sessions", { name: "kick-off" }))
        const path = `/sessions/${String(id)}`
        yield* call(space, "POST", `${path}/members`, { name: "Ada" })
        const invalid = [
          [{ status: "completed", end_time: "2020-01-01T00:00:00Z" }, "end_time: expected a time after start_time"],
          [
            { status: "completed", start_time: "2019-01-01T00:00:00Z", end_time: "2020-01-01T00:00:00Z" },
            "end_time: expected a time after the last member joined"
          ],
          [{ start_time: "2999-01-01T00:00:00Z" }, "start_time: expected a time that is not in the future"],
          [{ end_time: "2020-01-01T00:00:00Z" }, "end_time: expected null for a session in progress"],
          [{ status: null }, "status: expected in-progress or completed, since it has members"],
          [{ status: "upcoming" }, "status: expected one of in-progress, completed"],
          [{ quality: "1080x" }, "quality: expected one of 720p, 1080p"],
          [{ fps: "many" }, "fps: expected one of 20, 30"],
          [{ max_members: -1 }, "max_members: expected a whole number of at least 1"]
        ] as const
        for (const [fields, message] of invalid) {
          const response = yield* call(space, "PATCH", path, fields)
          assert.strictEqual(response.status, 400, JSON.stringify(fields))
          assert.include(String(json(response)["error"]), message)
        }
        const completed = json(yield* call(space, "PATCH", path, { status: "completed" }))
        assert.isString(completed["end_time"])
        assert.isNumber(completed["duration"])
        const again = json(yield* call(space, "PATCH", path, { status: "in-progress" }))
        assert.deepInclude(again, { status: "in-progress", end_time: null })
      })
    )
  )

  it.live(
    "the faults of a scenario and those that are set do not replace each other",
    withControl(space =>
      Effect.gen(function*() {
        const status = { type: "status", status: 503 }
        const steps = [{ at: "0 seconds", do: "faults", faults: [{ type: "html" }] }]
        yield* call(space, "PUT", "/faults", [status])
        yield* call(space, "PUT", "/scenario", { steps: [...steps, { at: "1 hour", do: "faults", faults: [] }] })
        yield* Effect.yieldNow()
        assert.deepStrictEqual(jsonArray(yield* call(space, "GET", "/faults")), [status])
        assert.deepStrictEqual(jsonArray(yield* call(space, "GET", "/scenario/faults")), [{ type: "html" }])
        assert.strictEqual((yield* get(space, webinar.id)).status, 503)
        yield* call(space, "PUT", "/faults", [])
        assert.strictEqual((yield* get(space, webinar.id)).status, 502)
        yield* call(space, "DELETE", "/faults")
        assert.strictEqual((yield* get(space, webinar.id)).status, 200)
        yield* call(space, "PUT", "/scenario", { steps: [...steps, { at: "1 hour", do: "faults", faults: [] }] })
        yield* Effect.yieldNow()
        assert.strictEqual((yield* get(space, webinar.id)).status, 502)
        yield* call(space, "DELETE", "/scenario")
        assert.strictEqual((yield* get(space, webinar.id)).status, 200)
      })
    )
  )

  it.live(
    "a session with an invalid combination of fields, and a body that is no JSON, are a 400",
    withControl(space =>
      Effect.gen(function*() {
        const response = yield* send(`${space.url}/_sandbox/faults`, {
          method: "PUT",
          headers: { authorization: `Bearer ${tokenOf(space)}`, "content-type": "application/json" },
          body: "{"
        })
        assert.strictEqual(response.status, 400)
      })
    )
  )
})

describe("access to the control endpoint", () => {
  it.live("without the option there is none, and its paths are a recorded 404 of the API", () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      assert.isUndefined(space.control)
      assert.strictEqual((yield* call(space, "GET", "/faults")).status, 404)
      assert.strictEqual((yield* space.requests).length, 1)
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live(
    "changes need the token, also that of the option, and reading does not",
    withControl(space =>
      Effect.gen(function*() {
        for (const authorization of ["", "Bearer wrong", "Bearer ", `Basic ${tokenOf(space)}`]) {
          const response = yield* call(space, "PUT", "/faults", [], { authorization })
          assert.strictEqual(response.status, 401, authorization)
        }
        assert.strictEqual((yield* call(space, "GET", "/faults", undefined, { authorization: "" })).status, 200)
        assert.strictEqual((yield* call(space, "PUT", "/faults", [])).status, 200)
        assert.strictEqual(tokenOf(space), "s3cret")
        assert.deepStrictEqual(yield* space.requests, [])
        assert.notInclude(JSON.stringify(space), "s3cret")
      }), { control: { token: Redacted.make("s3cret") } })
  )

  const hasIPv6 = Object.values(networkInterfaces()).flat().some(address => address?.family === "IPv6")

  for (const host of ["0.0.0.0", "::"]) {
    it.live.skipIf(host.includes(":") && !hasIPv6)(
      `a sandbox that listens on ${host} needs the token for everything below /_sandbox`,
      withControl(space =>
        Effect.gen(function*() {
          const paths = [
            "",
            "/sessions",
            "/faults",
            "/requests",
            "/requests/stream",
            "/openapi.json",
            "/connection.json",
            "/video.json",
            "/unknown"
          ]
          for (const path of paths) {
            for (const authorization of ["", "Bearer wrong", `Basic ${tokenOf(space)}`]) {
              const response = yield* call(space, "GET", path, undefined, { authorization })
              assert.strictEqual(response.status, 401, path)
              assert.match(response.body, /^\{"error":"Authorization: expected Bearer and the token[^"]*"\}$/)
            }
          }
          assert.strictEqual((yield* call(space, "PUT", "/faults", [], { authorization: "" })).status, 401)
          for (const path of paths.slice(1, -1).filter(path => path !== "/requests/stream")) {
            assert.strictEqual((yield* call(space, "GET", path)).status, 200, path)
          }
          assert.strictEqual((yield* send(space.url)).status, 200)
          assert.strictEqual((yield* send(`${space.url}/_console/console.js`)).status, 200)
        }), { host })
    )
  }

  for (const host of ["localhost", "::1"]) {
    it.live.skipIf(host.includes(":") && !hasIPv6)(
      `a sandbox that listens on ${host} needs the token for changes only`,
      withControl(space =>
        Effect.gen(function*() {
          assert.strictEqual((yield* call(space, "GET", "/faults", undefined, { authorization: "" })).status, 200)
          assert.strictEqual((yield* call(space, "PUT", "/faults", [], { authorization: "" })).status, 401)
        }), { host })
    )
  }

  /** fetch does not send these headers. */
  const withHeaders = (space: SandboxSpace.Service, path: string, headers: Record<string, string>) =>
    Effect.async<number>(resume => {
      const given = { authorization: `Bearer ${tokenOf(space)}`, "content-type": "application/json", ...headers }
      request(`${space.url}${path}`, { method: "PUT", headers: given }, response => {
        response.resume()
        resume(Effect.succeed(response.statusCode ?? 0))
      }).end("[]")
    })

  it.live(
    "a link of another site opens the console and the OpenAPI documents, and nothing else",
    withControl(space =>
      Effect.gen(function*() {
        const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }
        const statusOf = (path: string, headers: Record<string, string>, method = "GET") =>
          Effect.async<number>(resume => {
            request(`${space.url}${path}`, { method, headers }, response => {
              response.resume()
              resume(Effect.succeed(response.statusCode ?? 0))
            }).end()
          })
        assert.strictEqual(yield* statusOf("/", link), 200)
        assert.strictEqual(yield* statusOf("/_console/reference?document=video", link), 200)
        const rejected: ReadonlyArray<readonly [string, Record<string, string>, string?]> = [
          ["/", { ...link, host: "evil.example" }],
          ["/", { ...link, origin: "https://evil.example" }],
          ["/", { ...link, "sec-fetch-dest": "iframe" }],
          ["/", { ...link, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }],
          ["/", link, "POST"],
          ["/_sandbox/sessions", link],
          ["/_console/console.js", link]
        ]
        for (const [path, headers, method] of rejected) {
          assert.strictEqual(yield* statusOf(path, headers, method), 403, `${path} ${JSON.stringify(headers)}`)
        }
      })
    )
  )

  it.live(
    "a page of another site cannot use it: not by another Origin, by a name that it resolves, nor without either",
    withControl(space =>
      Effect.gen(function*() {
        const { host, port } = new URL(space.url)
        const rejected: ReadonlyArray<Record<string, string>> = [
          { origin: "https://evil.example" },
          { origin: "null" },
          { origin: `https://${host}.evil.example` },
          { origin: `http://localhost:${port}` },
          { origin: "http://127.0.0.1:1" },
          { host: "evil.example" },
          { host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
          { host: "localhost.evil.example" },
          { "sec-fetch-site": "cross-site" },
          { "sec-fetch-site": "same-site" }
        ]
        for (const headers of rejected) {
          assert.strictEqual(yield* withHeaders(space, "/_sandbox/faults", headers), 403, JSON.stringify(headers))
        }
        const accepted: ReadonlyArray<Record<string, string>> = [
          {},
          { origin: space.url },
          { host: `localhost:${port}`, origin: `http://localhost:${port}` },
          { host: `[::1]:${port}` },
          { host: `sandbox:${port}` },
          { "sec-fetch-site": "same-origin" },
          { "sec-fetch-site": "none" }
        ]
        for (const headers of accepted) {
          assert.strictEqual(yield* withHeaders(space, "/_sandbox/faults", headers), 200, JSON.stringify(headers))
        }
        assert.strictEqual(yield* withHeaders(space, "/", { host: "evil.example" }), 403)
      }), { control: true, hostNames: ["Sandbox"] })
  )
})

describe("requests by the control endpoint", () => {
  it.live(
    "received requests are listed and cleared",
    withControl(space =>
      Effect.gen(function*() {
        yield* space.respondNext(500)
        yield* get(space, `${webinar.id}?page_size=2&token=secret`)
        yield* get(space, `${webinar.id}?page_size=2&token=secret`)
        const requests = jsonArray(yield* call(space, "GET", "/requests"))
        assert.deepStrictEqual(
          requests.map((
            { attempt, method, number, operation, query, status }
          ) => [number, method, operation, query, attempt, status]),
          [
            [1, "GET", "RoomSessions.get", "?page_size=<redacted>&token=<redacted>", 1, 500],
            [2, "GET", "RoomSessions.get", "?page_size=<redacted>&token=<redacted>", 2, 200]
          ]
        )
        assert.strictEqual(jsonArray(yield* call(space, "GET", "/requests?limit=1"))[0]?.["number"], 2)
        yield* call(space, "DELETE", "/requests")
        assert.deepStrictEqual(jsonArray(yield* call(space, "GET", "/requests")), [])
      })
    )
  )

  it.live(
    "a token of the service is recorded neither in a path nor in a query, and a long target in part",
    withControl(space =>
      Effect.gen(function*() {
        const token = "PT0123456789abcdef0123456789abcdef"
        yield* send(`${space.url}/api/video/room_sessions?room_name=${token}`)
        yield* send(`${space.url}/api/${token}/x?${token}=1`)
        yield* send(`${space.url}/${"a".repeat(5000)}`)
        const requests = yield* space.requests
        assert.notInclude(JSON.stringify(requests), token)
        assert.deepStrictEqual(requests.map(({ path }) => path.length), [24, 17, 1003])
      })
    )
  )

  it.live(
    "each request is sent as an event `request` once, when it has ended, and before as `pending`",
    withControl(space =>
      Effect.gen(function*() {
        const response = yield* Effect.promise(() => fetch(`${space.url}/_sandbox/requests/stream`))
        assert.strictEqual(response.headers.get("content-type"), "text/event-stream")
        const reader = response.body?.getReader()
        let text = ""
        const until = (part: string) =>
          Effect.promise(async () => {
            while (!text.includes(part)) {
              const chunk = await reader?.read()
              text += Buffer.from(chunk?.value ?? new Uint8Array()).toString("utf8")
            }
          })
        yield* until(": the requests")
        yield* space.respondNext({ status: 500, delay: "50 millis" })
        const getting = yield* Effect.fork(get(space, webinar.id))
        yield* until("event: pending")
        yield* until("\"status\":null")
        yield* until("\"status\":500")
        yield* Fiber.join(getting)
        yield* until("event: request")
        assert.deepStrictEqual(text.match(/event: \w+/g), ["event: pending", "event: request"])
        assert.match(text, /id: 1\nevent: request\ndata: \{"number":1,.*"operation":"RoomSessions.get".*\}\n\n/)
        yield* Effect.promise(async () => reader?.cancel())
      })
    )
  )
})

describe("the document", () => {
  it.live(
    "the OpenAPI document has every operation, its errors, and the token for changes",
    withControl(space =>
      Effect.gen(function*() {
        const response = yield* call(space, "GET", "/openapi.json", undefined, { authorization: "" })
        const document = json(response)
        const paths = Object.keys(Object(document["paths"]))
        assert.deepStrictEqual(paths.filter(path => !path.startsWith("/_sandbox/")), [])
        for (
          const path of [
            "/sessions/{id}/end",
            "/members/{id}",
            "/faults",
            "/responses",
            "/scenario",
            "/requests/stream"
          ]
        ) {
          assert.include(paths, `/_sandbox${path}`)
        }
        assert.include(response.body, "lognormalLatency")
        assert.include(response.body, "\"bearer\"")
        assert.include(response.body, "RoomSessions.members")
        assert.notInclude(response.body, "HttpApiDecodeError")
        const references = new Set(
          [...response.body.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)
        )
        const { schemas } = Schema.decodeUnknownSync(
          Schema.Struct({ schemas: Schema.Record({ key: Schema.String, value: Schema.Unknown }) })
        )(
          document["components"]
        )
        for (const name of references) assert.property(schemas, name ?? "")
      })
    )
  )
})
