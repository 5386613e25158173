import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { request } from "node:http"
import { credentials, type Responded, send } from "./http.ts"

const [designReview, , webinar] = SandboxSpace.seeds
const root = "/api/video"

const Body = Schema.parseJson(Schema.Struct({
  links: Schema.Record({ key: Schema.String, value: Schema.String }),
  data: Schema.Array(Schema.Record({ key: Schema.String, value: Schema.Unknown }))
}))

/** Gets a path below the root of the API, or a link. */
const get = (space: SandboxSpace.Service, target: string): Effect.Effect<Responded> =>
  send(target.startsWith("http") ? target : `${space.url}${root}${target}`, { headers: credentials(space) })

const page = (space: SandboxSpace.Service, target: string) =>
  Effect.flatMap(get(space, target), ({ body }) => Effect.orDie(Schema.decode(Body)(body)))

const withSandbox = <E>(test: (space: SandboxSpace.Service) => Effect.Effect<void, E>) => () =>
  Effect.flatMap(SandboxSpace.SandboxSpace, test).pipe(Effect.provide(SandboxSpace.layerTest))

const parametersOf = (link: string | undefined) => Object.fromEntries(new URL(link ?? "").searchParams)

describe("links", () => {
  it.live(
    "next and prev lead through all pages and back, and are absent at the ends",
    withSandbox(space =>
      Effect.gen(function*() {
        const start = "/room_sessions?page_size=2"
        const one = yield* page(space, start)
        assert.deepStrictEqual(Object.keys(one.links), ["self", "first", "next"])
        const two = yield* page(space, one.links["next"] ?? "")
        assert.deepStrictEqual(Object.keys(two.links), ["self", "first", "next", "prev"])
        const three = yield* page(space, two.links["next"] ?? "")
        assert.deepStrictEqual(Object.keys(three.links), ["self", "first", "prev"])
        const ids = [one, two, three].flatMap(({ data }) => data.map(({ id }) => id))
        assert.deepStrictEqual(ids, SandboxSpace.seeds.map(({ id }) => id))
        assert.deepStrictEqual(yield* page(space, three.links["prev"] ?? ""), two)
        assert.deepStrictEqual(yield* page(space, two.links["prev"] ?? ""), one)
        for (const { links } of [one, two, three]) {
          assert.deepStrictEqual((yield* page(space, links["self"] ?? "")).links, links)
          assert.deepStrictEqual(yield* page(space, links["first"] ?? ""), one)
        }
      })
    )
  )

  it.live(
    "links are absolute, and have the filters, the number, the size and, except for the first page, the token",
    withSandbox(space =>
      Effect.gen(function*() {
        const { links } = yield* page(space, "/room_sessions?status=completed&page_size=1")
        for (const link of Object.values(links)) {
          assert.isTrue(link.startsWith(`${space.url}${root}/room_sessions?`), link)
        }
        assert.deepStrictEqual(parametersOf(links["first"]), { status: "completed", page_number: "0", page_size: "1" })
        const { page_token, ...rest } = parametersOf(links["next"])
        assert.deepStrictEqual(rest, { status: "completed", page_number: "1", page_size: "1" })
        assert.match(page_token ?? "", /^PA/)
      })
    )
  )

  it.live(
    "a page without a size has 50 items",
    withSandbox(space =>
      Effect.gen(function*() {
        const { data, links } = yield* page(space, `/room_sessions/${webinar.id}/members`)
        assert.lengthOf(data, 50)
        assert.strictEqual(parametersOf(links["next"])["page_size"], "50")
        assert.lengthOf((yield* page(space, links["next"] ?? "")).data, 10)
      })
    )
  )

  it.live(
    "a token continues its list at another page size, and without a page number",
    withSandbox(space =>
      Effect.gen(function*() {
        const { links } = yield* page(space, "/room_sessions?page_size=2")
        const { page_token = "" } = parametersOf(links["next"])
        const { data } = yield* page(space, `/room_sessions?page_size=1000&page_token=${page_token}`)
        assert.deepStrictEqual(data.map(({ id }) => id), SandboxSpace.seeds.slice(2).map(({ id }) => id))
      })
    )
  )

  it.live(
    "links have the host by which the client addresses the sandbox",
    withSandbox(space =>
      Effect.gen(function*() {
        const port = new URL(space.url).port
        const self = (host: string) =>
          Effect.async<string>(resume => {
            const headers = { ...credentials(space), host }
            request(`${space.url}${root}/room_sessions`, { headers }, response => {
              let body = ""
              response.on("data", chunk => body += String(chunk))
              response.once("end", () => resume(Effect.succeed(body)))
            }).end()
          }).pipe(
            Effect.flatMap(Schema.decode(Body)),
            Effect.map(({ links }) => new URL(links["self"] ?? "").origin),
            Effect.orDie
          )
        for (const host of [`localhost:${port}`, "sandbox.example", `[::1]:${port}`]) {
          assert.strictEqual(yield* self(host), `http://${host}`)
        }
        for (const host of ["a b", "user@evil.example", "a/b", "a:99999"]) {
          assert.strictEqual(yield* self(host), space.url)
        }
      })
    )
  )
})

describe("items", () => {
  it.live(
    "a session, a member, a recording and an event have the keys of the contract",
    withSandbox(space =>
      Effect.gen(function*() {
        const keys = (target: string) => Effect.map(page(space, target), ({ data }) => Object.keys(data[0] ?? {}))
        const own = `/room_sessions/${designReview.id}`
        assert.lengthOf(yield* keys("/room_sessions"), 29)
        assert.strictEqual(
          (yield* keys(`${own}/members`)).join(),
          "id,room_session_id,name,join_time,leave_time,duration,cost_in_dollars"
        )
        const recording =
          "id,room_session_id,status,started_at,finished_at,duration,size_in_bytes,format,cost_in_dollars,uri,created_at,updated_at"
        assert.strictEqual((yield* keys(`${own}/recordings`)).join(), recording)
        assert.strictEqual((yield* keys("/room_recordings")).join(), recording)
        const one = yield* get(space, `/room_recordings/${space.recordings[0]?.id}`)
        assert.strictEqual(Object.keys(JSON.parse(one.body)).join(), recording)
        const { data } = yield* page(space, `${own}/events`)
        const common = "id,project_id,room_id,room_session_id"
        const rest = "level,name,payload,created_at"
        for (const event of data) {
          const subject = String(event["name"]).startsWith("member.")
            ? "room_participant_id,"
            : String(event["name"]).startsWith("recording.")
            ? "room_recording_id,"
            : ""
          assert.strictEqual(Object.keys(event).join(), `${common},${subject}${rest}`)
        }
      })
    )
  )
})

describe("invalid parameters", () => {
  const url = "https://signalwire.com/docs/apis/error-codes"
  const lists = [
    "/room_sessions",
    `/room_sessions/${webinar.id}/members`,
    `/room_sessions/${webinar.id}/events`,
    `/room_sessions/${webinar.id}/recordings`,
    "/room_recordings",
    `/room_recordings/${webinar.id}/events`
  ]

  const is422 = (received: Responded, error: object, what: string) => {
    assert.strictEqual(received.status, 422, what)
    assert.strictEqual(received.headers["content-type"], "application/json", what)
    assert.deepStrictEqual(JSON.parse(received.body), { errors: [{ type: "validation_error", ...error }] }, what)
  }

  const invalid = (attribute: string, message: string) => ({
    code: "invalid_parameter",
    message,
    attribute,
    url: `${url}#invalid_parameter`
  })

  const pageSize = invalid("page_size", "Page size must be a whole number from 1 to 1000")

  for (const list of lists) {
    it.live(
      `${list.replace(webinar.id, "{id}")} rejects invalid page parameters with a 422`,
      withSandbox(space =>
        Effect.gen(function*() {
          const at = (query: string) => get(space, `${list}?${query}`)
          for (const size of ["0", "1001", "-1", "1.5", "x", "", "50&page_size=50"]) {
            is422(yield* at(`page_size=${size}`), pageSize, size)
          }
          for (const size of ["1", "1000"]) assert.strictEqual((yield* at(`page_size=${size}`)).status, 200)
          const pageNumber = invalid("page_number", "Page number must be a whole number of at least 0")
          for (const number of ["-1", "1.5", "x", ""]) is422(yield* at(`page_number=${number}`), pageNumber, number)
          assert.strictEqual((yield* at("page_number=0")).status, 200)
          is422(yield* at("page_number=1"), {
            code: "missing_required_parameter",
            message: "Page token is required when page number is greater than 0",
            attribute: "page_token",
            url: `${url}#missing_required_parameter`
          }, "page_number=1")
        })
      )
    )

    it.live(
      `${list.replace(webinar.id, "{id}")} rejects a token that is not one of its own with the vendor's 422`,
      withSandbox(space =>
        Effect.gen(function*() {
          const { page_token: token = "" } = parametersOf(
            (yield* page(space, "/room_sessions?status=completed&page_size=1")).links["next"]
          )
          for (
            const wrong of ["", "x", "PA", "PA1-", "PA0-00000000", token, `${token}0`, token.replace("PA1", "PA2")]
          ) {
            is422(yield* get(space, `${list}?page_token=${wrong}`), {
              code: "page_token_is_invalid",
              message: "Page token is invalid",
              attribute: null,
              url: `${url}#page_token_is_invalid`
            }, wrong)
          }
        })
      )
    )
  }

  it.live(
    "an invalid room id, status and media_ttl are a 422 that names the parameter, and unknown parameters are ignored",
    withSandbox(space =>
      Effect.gen(function*() {
        const roomId = invalid("room_id", "Room id must be a UUID")
        is422(yield* get(space, "/room_sessions?room_id=x"), roomId, "room_id")
        const status = invalid("status", "Status must be in-progress or completed")
        is422(yield* get(space, "/room_sessions?status=Completed"), status, "status")
        const mediaTtl = invalid("media_ttl", "Media ttl must be a whole number of at least 0")
        const [recording] = space.recordings
        for (
          const list of [
            "/room_recordings",
            `/room_recordings/${recording?.id}`,
            `/room_sessions/${webinar.id}/recordings`
          ]
        ) {
          for (const ttl of ["-1", "1.5", "x"]) {
            is422(yield* get(space, `${list}?media_ttl=${ttl}`), mediaTtl, list)
          }
          assert.strictEqual((yield* get(space, `${list}?media_ttl=0`)).status, 200)
        }
        assert.lengthOf((yield* page(space, "/room_sessions?page=2&id=x")).data, 6)
      })
    )
  )

  it.live(
    "an id that is no UUID is a 400 and wrong credentials are a 401, before the parameters of the query",
    withSandbox(space =>
      Effect.gen(function*() {
        for (const list of lists) {
          assert.strictEqual((yield* send(`${space.url}${root}${list}?page_size=0`)).status, 401, list)
        }
        for (const target of ["/room_sessions/x/members", "/room_sessions/x/events", "/room_recordings/x"]) {
          const { body, status } = yield* get(space, `${target}?page_size=0&media_ttl=x`)
          assert.strictEqual(status, 400, target)
          assert.strictEqual(body, "{\"error\":\"Bad Request\"}", target)
        }
      })
    )
  )

  it.live(
    "a scripted 422 of a list has the body of the contract",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.respondNext(422)
        is422(yield* get(space, "/room_sessions"), {
          code: "invalid_parameter",
          message: "A parameter is invalid",
          attribute: null,
          url: `${url}#invalid_parameter`
        }, "scripted")
      })
    )
  )
})
