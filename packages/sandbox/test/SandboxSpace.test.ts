import { RoomSession } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Option, Redacted, Schema } from "effect"
import { basic, get, send, sessionUrl } from "./http.ts"

const [first] = SandboxSpace.seeds
const unknownId = "00000000-0000-4000-8000-000000000000"

const withSandbox = <E>(test: (space: SandboxSpace.Service) => Effect.Effect<void, E>) => () =>
  Effect.flatMap(SandboxSpace.SandboxSpace, test).pipe(Effect.provide(SandboxSpace.layerTest))

const json = "application/json"

describe("sessions", () => {
  it.live(
    "a session has all 26 keys of the contract, in its order and wire form",
    withSandbox(space =>
      Effect.gen(function*() {
        const { body, headers, status } = yield* get(space, first.id)
        assert.strictEqual(status, 200)
        assert.strictEqual(headers["content-type"], json)
        assert.strictEqual(
          body,
          "{\"id\":\"3f1c8a52-9d4e-4b7a-8c61-5e2f7d90ab13\",\"room_id\":\"b7d2e4c1-6a3f-4e58-9b0d-1c8f5a7e2d46\"," +
            "\"name\":\"design-review\",\"display_name\":\"Design review\",\"max_members\":20,\"quality\":\"1080p\"," +
            "\"fps\":30,\"join_from\":\"2026-10-06T13:50:00Z\",\"join_until\":\"2026-10-06T14:30:00Z\"," +
            "\"remove_at\":\"2026-10-06T15:30:00Z\",\"remove_after_seconds_elapsed\":5400," +
            "\"layout\":\"grid-responsive\",\"record_on_start\":true,\"tone_on_entry_and_exit\":true," +
            "\"room_join_video_off\":false,\"user_join_video_off\":false,\"locked\":false," +
            "\"start_time\":\"2026-10-06T14:00:12Z\",\"end_time\":\"2026-10-06T14:47:39Z\",\"duration\":2847," +
            "\"status\":\"completed\",\"created_at\":\"2026-10-06T13:50:00Z\"," +
            "\"updated_at\":\"2026-10-06T14:47:41Z\",\"preview_url\":null,\"prioritize_handraise\":true," +
            "\"sync_audio_video\":true}"
        )
      })
    )
  )

  it.live(
    "a session is found by its id in upper case",
    withSandbox(space =>
      Effect.map(get(space, first.id.toUpperCase()), ({ status }) => assert.strictEqual(status, 200))
    )
  )
})

const wire = Schema.encodeSync(RoomSession.RoomSessionSummary)
const inProgress = RoomSessionFixture.inProgress({ duration: "11 seconds" })
const old = RoomSessionFixture.completed({
  id: RoomSessionFixture.id(2),
  tone_on_entry_and_exit: null,
  room_join_video_off: null,
  user_join_video_off: null,
  locked: null
})

describe("the sessions option", () => {
  for (const [name, session] of [["in progress, with the time so far", inProgress], ["without flags", old]] as const) {
    it.live(`a given session ${name} is served unchanged`, () =>
      Effect.gen(function*() {
        const { body, status } = yield* get(yield* SandboxSpace.SandboxSpace, session.id)
        assert.strictEqual(status, 200)
        assert.deepStrictEqual(JSON.parse(body), wire(session))
      }).pipe(Effect.provide(SandboxSpace.layerTestWith({ sessions: [inProgress, old] }))))
  }

  it.live("two given sessions with the same id, in any case, are a defect that names the id", () =>
    Effect.gen(function*() {
      const twin = RoomSessionFixture.completed({ id: first.id.toUpperCase() })
      const sessions = [first, SandboxSpace.seeds[1], twin]
      const exit = yield* Effect.exit(Effect.scoped(Layer.build(SandboxSpace.layerTestWith({ sessions }))))
      const defect = Exit.isFailure(exit) ? Option.getOrNull(Cause.dieOption(exit.cause)) : null
      assert.instanceOf(defect, Error)
      assert.strictEqual(defect.message, `SandboxSpace: two of the given sessions have the id ${first.id}`)
    }))
})

describe("error responses", () => {
  it.live(
    "an id that is no UUID is a 400 with the body of the contract",
    withSandbox(space =>
      Effect.forEach(
        ["x", `${first.id}0`, "..%2Fadmin", "%20"],
        id =>
          Effect.map(get(space, id), ({ body, headers, status }) => {
            assert.strictEqual(status, 400, id)
            assert.strictEqual(headers["content-type"], json)
            assert.strictEqual(body, "{\"error\":\"Bad Request\"}")
          }),
        { discard: true }
      )
    )
  )

  it.live(
    "a session that does not exist is a 404 with the body of the contract",
    withSandbox(space =>
      Effect.map(get(space, unknownId), ({ body, headers, status }) => {
        assert.strictEqual(status, 404)
        assert.strictEqual(headers["content-type"], json)
        assert.strictEqual(body, "{\"error\":\"Not Found\"}")
      })
    )
  )

  it.live(
    "wrong or missing credentials are a 401 with a challenge, for any id",
    withSandbox(space => {
      const [project, token] = [space.projectId, Redacted.value(space.apiToken)]
      const wrong: ReadonlyArray<Record<string, string>> = [
        {},
        basic(project, "wrong"),
        basic("wrong", token),
        basic(project, `${token}:`),
        basic("", ""),
        { authorization: "Basic" },
        { authorization: "Basic %%%" },
        { authorization: `Bearer ${token}` },
        { authorization: `Basic ${project}:${token}` }
      ]
      return Effect.forEach(
        wrong.flatMap(headers => [first.id, unknownId, "x"].map(id => ({ headers, id }))),
        one =>
          Effect.map(send(sessionUrl(space, one.id), { headers: one.headers }), ({ body, headers, status }) => {
            assert.strictEqual(status, 401, JSON.stringify(one))
            assert.strictEqual(headers["content-type"], json)
            assert.match(headers["www-authenticate"] ?? "", /^Basic realm="[^"]+"/)
            assert.strictEqual(body, "{\"error\":\"Unauthorized\"}")
          }),
        { discard: true }
      )
    })
  )

  it.live(
    "a scripted 500 has the body of the contract",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.respondNext(500)
        const { body, headers, status } = yield* get(space, first.id)
        assert.strictEqual(status, 500)
        assert.strictEqual(headers["content-type"], json)
        assert.strictEqual(body, "{\"error\":\"Internal Server Error\"}")
      })
    )
  )
})

describe("credentials", () => {
  for (const token of ["tökén-✓-日本", "with:colons:inside", "p%40ss wörd+/="]) {
    it.live(`the token ${token} is compared as UTF-8`, () =>
      Effect.gen(function*() {
        const space = yield* SandboxSpace.SandboxSpace
        assert.strictEqual((yield* get(space, first.id)).status, 200)
        const latin1 = Buffer.from(`${space.projectId}:${token}`, "latin1").toString("base64")
        const utf8 = Buffer.from(`${space.projectId}:${token}`).toString("base64")
        const other = yield* send(sessionUrl(space, first.id), { headers: { authorization: `Basic ${latin1}` } })
        assert.strictEqual(other.status, latin1 === utf8 ? 200 : 401)
      }).pipe(Effect.provide(SandboxSpace.layerTestWith({ projectId: "prøject", apiToken: Redacted.make(token) }))))
  }
})
