import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { send } from "./http.ts"

const ended = Effect.gen(function*() {
  const space = yield* SandboxSpace.SandboxSpace
  const recording = space.recordings.find(({ status }) => status === "completed")
  assert(recording !== undefined && recording.uri !== null)
  return { space, url: recording.uri, size: recording.size_in_bytes }
})

describe("the file of a recording", () => {
  it.live("a completed recording has an address in the sandbox, whose file has the size of the recording", () =>
    Effect.gen(function*() {
      const { size, space, url } = yield* ended
      assert.isTrue(url.startsWith(`${space.url}/room_recordings/`))
      const { body, headers, status } = yield* send(url)
      assert.strictEqual(status, 200)
      assert.strictEqual(headers["content-type"], "video/mp4")
      assert.strictEqual(Number(headers["content-length"]), size)
      assert.strictEqual(body.slice(4, 12), "ftypisom")
      const [request] = yield* space.requests
      assert.strictEqual(request?.query, "?signature=<redacted>")
      const session = space.sessions.find(({ status }) => status === "in-progress")
      const { id } = yield* space.record(session?.id ?? "")
      const { uri } = yield* space.endRecording(id)
      assert.isTrue(uri?.startsWith(space.url))
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live("a part of it is requested by Range, unless If-Range has another ETag", () =>
    Effect.gen(function*() {
      const { size, url } = yield* ended
      const whole = yield* send(url)
      const etag = whole.headers["etag"] ?? ""
      const get = (headers: Record<string, string>) => send(url, { headers })
      const part = yield* get({ range: "bytes=100-", "if-range": etag })
      assert.strictEqual(part.status, 206)
      assert.strictEqual(part.headers["content-range"], `bytes 100-${Number(size) - 1}/${size}`)
      assert.strictEqual(part.body, whole.body.slice(100))
      assert.strictEqual((yield* get({ range: "bytes=4-7" })).body, "ftyp")
      assert.strictEqual((yield* get({ range: "bytes=-10" })).body, whole.body.slice(-10))
      assert.strictEqual((yield* get({ range: "bytes=100-", "if-range": "\"other\"" })).status, 200)
      const beyond = yield* get({ range: `bytes=${size}-` })
      assert.deepStrictEqual([beyond.status, beyond.headers["content-range"]], [416, `bytes */${size}`])
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live("a HEAD with a Range has the status and the size of the whole file", () =>
    Effect.gen(function*() {
      const { size, url } = yield* ended
      for (const range of ["bytes=4-7", `bytes=${size}-`]) {
        const { headers, status } = yield* send(url, { method: "HEAD", headers: { range } })
        assert.deepStrictEqual([status, headers["content-range"]], [200, undefined])
        assert.strictEqual(Number(headers["content-length"]), size)
      }
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live("without its signature it is a 403, and an unknown recording or one in progress is a 404", () =>
    Effect.gen(function*() {
      const { space, url } = yield* ended
      assert.strictEqual((yield* send(url.replace(/\?.*/, ""))).status, 403)
      assert.strictEqual((yield* send(`${space.url}/room_recordings/x.mp4?signature=x`)).status, 404)
      const recording = space.recordings.find(({ status }) => status === "recording")
      assert.strictEqual((yield* send(`${space.url}/room_recordings/${recording?.id}.mp4`)).status, 404)
    }).pipe(Effect.provide(SandboxSpace.layerTest)))
})

it.effect("an empty host is a ListenError, since Node would listen on all addresses", () =>
  Effect.gen(function*() {
    const error = yield* Effect.flip(
      Effect.provide(SandboxSpace.SandboxSpace, SandboxSpace.layerTestWith({ host: "" }))
    )
    assert.deepInclude(error, { _tag: "ListenError", reason: "UnknownHost" })
    assert.match(error.message, /^An empty host is no address/)
  }))
