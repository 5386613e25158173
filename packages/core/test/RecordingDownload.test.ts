import { RecordingDownload } from "@effect-signalwire/core"
import { HttpClient, HttpClientError, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Chunk, Effect, Either, Fiber, Stream, TestClock } from "effect"

const uri = "https://files.example/recording.mp4?signature=SECRETSIGNATURE"
const file = new TextEncoder().encode("0123456789")

interface Played {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Whether the connection breaks, or nothing more arrives, after the body. */
  readonly ending?: "breaks" | "stalls"
}

const whole: Played = { status: 200, headers: { "content-length": "10", etag: "\"v1\"" }, body: file }

/** The rest of the file, as its host sends it. */
const from = (start: number): Played => ({
  status: 206,
  headers: { "content-range": `bytes ${start}-9/10` },
  body: file.slice(start)
})

const streamOf = ({ body = new Uint8Array(), ending }: Played) =>
  new ReadableStream<Uint8Array>({
    start: controller => {
      if (body.byteLength > 0) controller.enqueue(body)
    },
    pull: controller => {
      if (ending === "stalls") return new Promise(() => {})
      if (ending === "breaks") controller.error(new Error("reset"))
      else controller.close()
      return undefined
    }
  })

const cut: Played = { ...whole, body: file.slice(0, 4), ending: "breaks" }

/** A host that plays responses in order, and the requests to it. */
const hostOf = (...played: ReadonlyArray<Played | "refused">) => {
  const requests: Array<Readonly<Record<string, string>>> = []
  const client = HttpClient.make(request => {
    const next = played[Math.min(requests.length, played.length - 1)] ?? "refused"
    requests.push({ ...request.headers, url: request.url })
    return next === "refused"
      ? Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", cause: new Error("refused") }))
      : Effect.succeed(
        HttpClientResponse.fromWeb(
          request,
          new Response(streamOf(next), { status: next.status, headers: next.headers ?? {} })
        )
      )
  })
  return { client, requests }
}

/** What arrived, and the error if there was one. */
const run = (
  host: ReturnType<typeof hostOf>,
  options?: RecordingDownload.Options,
  recording: { readonly uri: string | null; readonly size_in_bytes?: number | null } = { uri }
) =>
  Effect.gen(function*() {
    const chunks: Array<Uint8Array> = []
    const fiber = yield* RecordingDownload.download(recording, options).pipe(
      Stream.runForEach(chunk => Effect.sync(() => void chunks.push(chunk))),
      Effect.either,
      Effect.provideService(HttpClient.HttpClient, host.client),
      Effect.fork
    )
    yield* TestClock.adjust("10 minutes")
    const result = yield* Fiber.join(fiber)
    return {
      text: Buffer.concat(chunks).toString(),
      error: Either.isLeft(result) ? result.left : undefined
    }
  })

describe("RecordingDownload", () => {
  it.effect("a download gives the bytes of the file, and sends no credentials", () =>
    Effect.gen(function*() {
      const host = hostOf(whole)
      const progress: Array<RecordingDownload.Progress> = []
      const { error, text } = yield* run(host, {
        onProgress: one => Effect.sync(() => void progress.push(one))
      })
      assert.deepStrictEqual([text, error], ["0123456789", undefined])
      assert.deepStrictEqual(progress, [{ received: 10, total: 10, etag: "\"v1\"" }])
      assert.deepStrictEqual(Object.keys(host.requests[0] ?? {}).toSorted((a, b) => a.localeCompare(b)), [
        "accept-encoding",
        "url"
      ])
    }))

  it.effect.each<readonly [what: string, first: Played]>([
    ["breaks", { ...whole, body: file.slice(0, 4), ending: "breaks" }],
    ["stalls", { ...whole, body: file.slice(0, 4), ending: "stalls" }],
    ["ends early", { ...whole, body: file.slice(0, 4) }]
  ])(
    "a download continues with the rest of the same file after a response that %s",
    ([, first]) =>
      Effect.gen(function*() {
        const host = hostOf(first, "refused", from(4))
        const { error, text } = yield* run(host)
        assert.deepStrictEqual([text, error], ["0123456789", undefined])
        assert.deepInclude(host.requests.at(-1), { range: "bytes=4-", "if-range": "\"v1\"" })
      })
  )

  it.effect("a host that sends headers and no body within the idle time is asked again", () =>
    Effect.gen(function*() {
      const host = hostOf({ ...whole, body: new Uint8Array(), ending: "stalls" }, whole)
      assert.deepStrictEqual(yield* run(host), { text: "0123456789", error: undefined })
      assert.lengthOf(host.requests, 2)
    }))

  it.effect("a weak etag is not sent, since it does not say that the bytes are the same", () =>
    Effect.gen(function*() {
      const host = hostOf({ ...cut, headers: { "content-length": "10", etag: "W/\"v1\"" } }, from(4))
      assert.strictEqual((yield* run(host)).text, "0123456789")
      assert.notProperty(host.requests.at(-1), "if-range")
    }))

  it.effect("a download with the etag of an expired link is not continued with another file", () =>
    Effect.gen(function*() {
      const host = hostOf({ ...whole, headers: { "content-length": "12", etag: "\"v2\"" } })
      const { error, text } = yield* run(host, { resumeFrom: 4, etag: "\"v1\"" })
      assert.deepInclude(host.requests[0], { range: "bytes=4-", "if-range": "\"v1\"" })
      assert.deepInclude(error, { _tag: "SignalWireDownloadError", reason: "Changed" })
      assert.strictEqual(text, "")
    }))

  it.effect("a download of which all bytes arrived before the connection broke is complete", () =>
    Effect.gen(function*() {
      const host = hostOf(
        { status: 200, body: file, ending: "breaks" },
        { status: 416, headers: { "content-range": "bytes */10" } }
      )
      assert.deepStrictEqual(yield* run(host), { text: "0123456789", error: undefined })
    }))

  it.effect("a host that does not tell the size sends as much as the recording has", () =>
    Effect.gen(function*() {
      const host = hostOf(
        { status: 200, body: file.slice(0, 4) },
        { ...from(4), headers: { "content-range": "bytes 4-9/*" } }
      )
      const { error, text } = yield* run(host, {}, { uri, size_in_bytes: 10 })
      assert.deepStrictEqual([text, error], ["0123456789", undefined])
    }))

  it.effect.each(["text/html", "Text/HTML; charset=utf-8", "application/json", "application/problem+json"])(
    "a response with the content type %s is DownloadError NotAFile",
    type =>
      Effect.gen(function*() {
        const host = hostOf({ ...whole, headers: { ...whole.headers, "content-type": type } })
        const { error, text } = yield* run(host)
        assert.deepInclude(error, { _tag: "SignalWireDownloadError", reason: "NotAFile" })
        assert.strictEqual(text, "")
      })
  )

  it.effect.each<readonly [what: string, played: Played, size: number]>([
    ["of a larger recording", whole, 11],
    ["of a smaller recording", whole, 9],
    ["larger than the recording, from a host that does not tell its size", { status: 200, body: file }, 9]
  ])("a file %s is DownloadError SizeMismatch", ([, played, size_in_bytes]) =>
    Effect.gen(function*() {
      const { error } = yield* run(hostOf(played), {}, { uri, size_in_bytes })
      assert.deepInclude(error, { _tag: "SignalWireDownloadError", reason: "SizeMismatch" })
    }))

  it.effect.each([-1, 0.5, Number.NaN])(
    "resumeFrom %d is DownloadError InvalidResumeFrom, and nothing is sent",
    resumeFrom =>
      Effect.gen(function*() {
        const host = hostOf(whole)
        assert.deepInclude((yield* run(host, { resumeFrom })).error, { reason: "InvalidResumeFrom" })
        assert.strictEqual(host.requests.length, 0)
      })
  )

  it.effect.each<readonly [options: unknown]>([[null], [7], [{ maxByte: 5 }]])(
    "the options %j, in code without types, are DownloadError InvalidOptions, and nothing is sent",
    ([options]) =>
      Effect.gen(function*() {
        const host = hostOf(whole)
        const called: ReturnType<typeof run> = Reflect.apply(run, undefined, [host, options])
        const { error } = yield* called
        assert.deepInclude(error, { reason: "InvalidOptions", received: 0 })
        assert.strictEqual(host.requests.length, 0)
      })
  )

  it.effect("an expired link is LinkExpired under HttpClient.filterStatusOk of an application", () =>
    Effect.gen(function*() {
      const host = hostOf({ status: 403 })
      const { error } = yield* run({ ...host, client: HttpClient.filterStatusOk(host.client) })
      assert.deepInclude(error, { _tag: "SignalWireLinkExpired" })
    }))

  it.effect("a download starts at resumeFrom", () =>
    Effect.gen(function*() {
      const host = hostOf(from(7))
      const { text } = yield* run(host, { resumeFrom: 7 })
      assert.strictEqual(text, "789")
      assert.deepInclude(host.requests[0], { range: "bytes=7-" })
    }))

  it.effect("an expired link is LinkExpired, with the received bytes, and is not requested again", () =>
    Effect.gen(function*() {
      const host = hostOf({ ...whole, body: file.slice(0, 4), ending: "breaks" }, { status: 403 })
      const { error } = yield* run(host)
      assert.deepInclude(error, { _tag: "SignalWireLinkExpired", received: 4, etag: "\"v1\"" })
      assert.strictEqual(host.requests.length, 2)
    }))

  it.effect.each<readonly [RecordingDownload.DownloadError["reason"], ReturnType<typeof hostOf>, requests: number]>([
    ["Changed", hostOf({ ...whole, body: file.slice(0, 4), ending: "breaks" }, { ...whole, headers: {} }), 2],
    ["Changed", hostOf({ ...whole, body: file.slice(0, 4), ending: "breaks" }, from(3)), 2],
    // the host ignores If-Range
    ["Changed", hostOf(cut, { ...from(4), headers: { ...from(4).headers, etag: "\"v2\"" } }), 2],
    ["Changed", hostOf(cut, { ...from(4), headers: { "content-range": "bytes 4-9/12" } }), 2],
    [
      "Changed",
      hostOf(
        { ...cut, headers: { "last-modified": "Tue, 24 Nov 2026 09:00:00 GMT" } },
        { ...from(4), headers: { ...from(4).headers, "last-modified": "Wed, 25 Nov 2026 09:00:00 GMT" } }
      ),
      2
    ],
    ["Compressed", hostOf({ ...whole, headers: { "content-encoding": "gzip" } }), 1],
    ["TooLarge", hostOf({ ...whole, headers: { "content-length": "21" } }), 1],
    ["TooLarge", hostOf({ status: 200, body: new Uint8Array(21) }), 1],
    ["Status", hostOf({ status: 302, headers: { location: "https://evil.example" } }), 1],
    ["Status", hostOf({ status: 500 }), 4],
    ["Incomplete", hostOf("refused"), 4]
  ])("a download fails with DownloadError %s", ([reason, host, requests]) =>
    Effect.gen(function*() {
      const { error } = yield* run(host, { maxBytes: 20, maxRetries: 3 })
      assert.deepInclude(error, { _tag: "SignalWireDownloadError", reason })
      assert.strictEqual(host.requests.length, requests)
      assert.notInclude(`${String(error)} ${JSON.stringify(error)}`, "SECRETSIGNATURE")
    }))

  it.effect.each<readonly [RecordingDownload.DownloadError["reason"], uri: string | null]>([
    ["NoFile", null],
    ["InvalidLink", "file:///etc/passwd"],
    ["InvalidLink", "no link"]
  ])(
    "a download fails with DownloadError %s for the link %j, and sends nothing",
    ([reason, link]) =>
      Effect.gen(function*() {
        const host = hostOf(whole)
        const { error } = yield* run(host, {}, { uri: link })
        assert.deepInclude(error, { _tag: "SignalWireDownloadError", reason })
        assert.strictEqual(host.requests.length, 0)
      })
  )

  it.effect("a download gives a part when the sink pulls it", () =>
    Effect.gen(function*() {
      const host = hostOf(whole)
      const first = yield* RecordingDownload.download({ uri }).pipe(
        Stream.take(1),
        Stream.runCollect,
        Effect.provideService(HttpClient.HttpClient, host.client)
      )
      assert.strictEqual(Chunk.size(first), 1)
    }))
})
