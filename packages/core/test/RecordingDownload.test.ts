import { RecordingDownload } from "@effect-signalwire/core"
import { FetchHttpClient, HttpClient, HttpClientError, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Chunk, Clock, Duration, Effect, Either, Exit, Fiber, Option, Stream, TestClock } from "effect"
import { longestDelays, shortestDelays } from "./support/delays.ts"

const address = "https://files.example/recording.mp4"
const uri = `${address}?signature=SECRETSIGNATURE`
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
  const times: Array<number> = []
  const client = HttpClient.make(request =>
    Effect.flatMap(Clock.currentTimeMillis, now => {
      const next = played[Math.min(requests.length, played.length - 1)] ?? "refused"
      requests.push({ ...request.headers, url: request.url })
      times.push(now)
      return next === "refused"
        ? Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", cause: new Error("refused") }))
        : Effect.succeed(
          HttpClientResponse.fromWeb(
            request,
            new Response(streamOf(next), { status: next.status, headers: next.headers ?? {} })
          )
        )
    })
  )
  return { client, requests, times }
}

const ofClient = (respond: Parameters<typeof HttpClient.make>[0]): ReturnType<typeof hostOf> => ({
  client: HttpClient.make(respond),
  requests: [],
  times: []
})

/** The times between the requests, in milliseconds. */
const gaps = ({ times }: ReturnType<typeof hostOf>): ReadonlyArray<number> =>
  times.slice(1).map((time, index) => time - (times[index] ?? 0))

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
      assert.deepStrictEqual(host.requests, [{ "accept-encoding": "identity", url: address }])
    }))

  it.effect("a download of the whole file with an etag sends no condition", () =>
    Effect.gen(function*() {
      const host = hostOf(whole)
      yield* run(host, { etag: "\"v0\"" })
      assert.deepStrictEqual(host.requests, [{ "accept-encoding": "identity", url: address }])
    }))

  it.effect.each<readonly [what: string, played: Played, options: RecordingDownload.Options]>([
    ["of exactly maxBytes", whole, { maxBytes: 10 }],
    ["of exactly maxBytes, from a host that does not tell its size", { status: 200, body: file }, { maxBytes: 10 }],
    ["with the content encoding identity", { ...whole, headers: { "content-encoding": "identity" } }, {}],
    ["with the content encoding Identity", { ...whole, headers: { "content-encoding": "Identity" } }, {}],
    ["whose content type has another one", { ...whole, headers: { "content-type": "video/mp4; of=text/html" } }, {}],
    ["whose content type begins like JSON", { ...whole, headers: { "content-type": "application/jsonl" } }, {}]
  ])("a file %s is downloaded", ([, played, options]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* run(hostOf(played), options), { text: "0123456789", error: undefined })
    }))

  it.effect("the RequestInit of an application is used, but no redirect is followed", () =>
    Effect.gen(function*() {
      const inits: Array<unknown> = []
      const fetch: typeof globalThis.fetch = (_, { headers, keepalive, redirect } = {}) => {
        inits.push({ keepalive, redirect, gateway: new Headers(headers).get("x-gateway") })
        return Promise.resolve(new Response(file))
      }
      yield* Stream.runDrain(RecordingDownload.download({ uri })).pipe(
        Effect.provide(FetchHttpClient.layer),
        Effect.provideService(FetchHttpClient.Fetch, fetch),
        Effect.provideService(FetchHttpClient.RequestInit, {
          headers: { "x-gateway": "1" },
          keepalive: true,
          redirect: "follow"
        })
      )
      assert.deepStrictEqual(inits, [{ keepalive: true, redirect: "manual", gateway: "1" }])
    }))

  it.effect("a file is downloaded over plain http", () =>
    Effect.gen(function*() {
      const { text } = yield* run(hostOf(whole), {}, { uri: "http://files.example/recording.mp4" })
      assert.strictEqual(text, "0123456789")
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

  it.effect.each<readonly [sent: string, strong: string | undefined]>([
    ["\"v1\"", "\"v1\""],
    ["\"\"", "\"\""],
    ["\"\xe9\"", "\"\xe9\""],
    ["W/\"v1\"", undefined],
    ["w/\"v1\"", undefined],
    ["", undefined],
    ["v1", undefined],
    ["\"v 1\"", undefined],
    ["\"v1\", \"v2\"", undefined]
  ])(
    "of the etag %j of a host, an error has %j, with which the next download continues",
    ([etag, strong]) =>
      Effect.gen(function*() {
        const host = hostOf(
          { ...cut, headers: { "content-length": "10", etag } },
          { ...from(4), headers: { ...from(4).headers, etag } }
        )
        const recording = { uri, size_in_bytes: 10 }
        const { error } = yield* run(host, { maxRetries: 0 }, recording)
        assert.deepInclude(error, { received: 4, etag: strong })
        const next = yield* run(host, { resumeFrom: error?.received, etag: error?.etag }, recording)
        assert.deepStrictEqual(next, { text: "456789", error: undefined })
        assert.strictEqual(host.requests[1]?.["if-range"], strong)
      })
  )

  it.effect("an etag that became weak does not end a download while its text is the same", () =>
    Effect.gen(function*() {
      const host = hostOf(cut, { ...from(4), headers: { ...from(4).headers, etag: "W/\"v1\"" } })
      assert.deepStrictEqual(yield* run(host), { text: "0123456789", error: undefined })
    }))

  it.effect.each<readonly [what: string, etag: string | undefined]>([
    ["no etag", undefined],
    ["a weak etag", "W/\"v1\""]
  ])("the etag of the options does not identify the file of a response with %s", ([, etag]) =>
    Effect.gen(function*() {
      const headers = { ...from(4).headers, ...(etag === undefined ? {} : { etag }) }
      const host = hostOf({ ...from(4), headers })
      const options = { resumeFrom: 4, etag: "\"v1\"" }
      const { error, text } = yield* run(host, options)
      assert.deepInclude(error, { reason: "Unidentified", received: 4 })
      assert.strictEqual(text, "")
      assert.strictEqual((yield* run(host, options, { uri, size_in_bytes: 10 })).text, "456789")
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
    ["larger than the recording, from a host that does not tell its size", { status: 200, body: file }, 9],
    ["for a recording that has none", whole, 0]
  ])(
    "a file %s is DownloadError SizeMismatch, and nothing of it is given",
    ([, played, size_in_bytes]) =>
      Effect.gen(function*() {
        const { error, text } = yield* run(hostOf(played), {}, { uri, size_in_bytes })
        assert.deepInclude(error, { _tag: "SignalWireDownloadError", reason: "SizeMismatch", received: 0 })
        assert.strictEqual(text, "")
      })
  )

  it.effect.each<readonly [reason: RecordingDownload.DownloadError["reason"], Played["headers"], size: number | null]>([
    ["SizeMismatch", {}, 10],
    ["Changed", { "content-length": "10" }, null]
  ])(
    "a host that sends more than the known size is DownloadError %s with the chunk that exceeds it",
    ([reason, headers, size]) =>
      Effect.gen(function*() {
        const endless = () => new ReadableStream({ pull: controller => controller.enqueue(file.slice(0, 4)) })
        const host = ofClient(request =>
          Effect.succeed(HttpClientResponse.fromWeb(request, new Response(endless(), { headers: headers ?? {} })))
        )
        const { error, text } = yield* run(host, { maxBytes: 1000 }, { uri, size_in_bytes: size })
        assert.deepInclude(error, { reason, received: 8 })
        assert.strictEqual(text, "01230123")
      })
  )

  it.effect.each<
    readonly [what: string, options: RecordingDownload.Options, reason: RecordingDownload.DownloadError["reason"]]
  >([
    ["the size of the recording", { resumeFrom: 11 }, "SizeMismatch"],
    ["maxBytes", { maxBytes: 5, resumeFrom: 6 }, "TooLarge"]
  ])(
    "a download that starts after %s is a DownloadError, and nothing is sent",
    ([, options, reason]) =>
      Effect.gen(function*() {
        const host = hostOf(whole)
        assert.deepInclude((yield* run(host, options, { uri, size_in_bytes: 10 })).error, { reason })
        assert.lengthOf(host.requests, 0)
      })
  )

  it.effect("a file that ends before the size of the recording is SizeMismatch where its host says so by the status 416", () =>
    Effect.gen(function*() {
      const host = hostOf({ status: 416, headers: { "content-range": "bytes */4" } })
      assert.deepInclude((yield* run(host, { resumeFrom: 4 }, { uri, size_in_bytes: 10 })).error, {
        reason: "SizeMismatch",
        received: 4
      })
    }))

  it.effect.each<readonly [size: string, ending: "breaks" | "stalls", Played["headers"], size_in_bytes: number | null]>(
    [
      ["of the recording", "breaks", {}, 10],
      ["of the recording", "stalls", {}, 10],
      ["that the host tells", "breaks", { "content-length": "10" }, null],
      ["that the host tells", "stalls", { "content-length": "10" }, null]
    ]
  )("a download with all bytes of the size %s is complete without a further request, though its response %s", ([
    ,
    ending,
    headers,
    size_in_bytes
  ]) =>
    Effect.gen(function*() {
      const host = hostOf({ status: 200, body: file, ...(headers && { headers }), ending })
      const result = yield* run(host, { maxRetries: 0 }, { uri, size_in_bytes })
      assert.deepStrictEqual(result, { text: "0123456789", error: undefined })
      assert.lengthOf(host.requests, 1)
    }))

  it.effect("a download that starts at the size of the recording is complete, and nothing is sent", () =>
    Effect.gen(function*() {
      const host = hostOf({ status: 403 })
      const result = yield* run(host, { resumeFrom: 10 }, { uri, size_in_bytes: 10 })
      assert.deepStrictEqual(result, { text: "", error: undefined })
      assert.lengthOf(host.requests, 0)
    }))

  it.effect.each([-1, 0.5, Number.NaN])(
    "resumeFrom %d is DownloadError InvalidOptions, and nothing is sent",
    resumeFrom =>
      Effect.gen(function*() {
        const host = hostOf(whole)
        assert.deepInclude((yield* run(host, { resumeFrom })).error, {
          reason: "InvalidOptions",
          parameter: "resumeFrom",
          message: "the recording cannot be downloaded: resumeFrom is not valid: expected a whole number of at least 0"
        })
        assert.strictEqual(host.requests.length, 0)
      })
  )

  const names = "resumeFrom, etag, maxBytes, idleTimeout, maxRetries, onProgress"

  it.effect.each<readonly [options: unknown, parameter: string, expected: string]>([
    [null, "options", `an object with ${names}`],
    [7, "options", `an object with ${names}`],
    [{ maxByte: 5 }, "maxByte", `one of ${names}`],
    [{ etag: 5 }, "etag", "the etag of an error of a download"],
    [{ etag: "two\r\nlines" }, "etag", "the etag of an error of a download"],
    [{ etag: "W/\"v1\"" }, "etag", "the etag of an error of a download"],
    [{ etag: "v1" }, "etag", "the etag of an error of a download"],
    [{ maxBytes: Number.NaN }, "maxBytes", "a whole number of at least 1"],
    [{ maxBytes: "10MB" }, "maxBytes", "a whole number of at least 1"],
    [{ maxBytes: null }, "maxBytes", "a whole number of at least 1"],
    [{ idleTimeout: uri }, "idleTimeout", "a duration such as \"10 seconds\""],
    [{ idleTimeout: null }, "idleTimeout", "a duration such as \"10 seconds\""],
    [{ idleTimeout: -1 }, "idleTimeout", "a duration above zero and below 2^31 ms"],
    [{ idleTimeout: "30 days" }, "idleTimeout", "a duration above zero and below 2^31 ms"],
    [{ maxRetries: "two" }, "maxRetries", "a whole number of at least 0"],
    [{ onProgress: 5 }, "onProgress", "a function that returns an Effect"]
  ])(
    "the options %j, in code without types, are DownloadError InvalidOptions that names the option, and nothing is sent",
    ([options, parameter, expected]) =>
      Effect.gen(function*() {
        const host = hostOf(whole)
        const called: ReturnType<typeof run> = Reflect.apply(run, undefined, [host, options])
        const { error } = yield* called
        const message = `the recording cannot be downloaded: ${parameter} is not valid: expected ${expected}`
        assert.deepInclude(error, { reason: "InvalidOptions", received: 0, parameter, expected, message })
        assert.notInclude(JSON.stringify(error), "SECRETSIGNATURE")
        assert.strictEqual(host.requests.length, 0)
      })
  )

  const size = "a whole number of at least 0, or null"

  it.effect.each<readonly [recording: unknown, parameter: string, expected: string]>([
    [null, "uri", "the uri of a recording"],
    [7, "uri", "the uri of a recording"],
    [{ size_in_bytes: 10 }, "uri", "the uri of a recording"],
    [{ uri, size_in_bytes: "10" }, "size_in_bytes", size],
    [{ uri, size_in_bytes: Number.NaN }, "size_in_bytes", size]
  ])(
    "the recording %j, in code without types, is DownloadError InvalidRecording, and nothing is sent",
    ([recording, parameter, expected]) =>
      Effect.gen(function*() {
        const host = hostOf(whole)
        const called: ReturnType<typeof run> = Reflect.apply(run, undefined, [host, {}, recording])
        const { error } = yield* called
        assert.deepInclude(error, { reason: "InvalidRecording", received: 0, parameter, expected })
        assert.notInclude(JSON.stringify(error), "SECRETSIGNATURE")
        assert.strictEqual(host.requests.length, 0)
      })
  )

  it.effect("a recording whose uri cannot be read is DownloadError InvalidRecording", () =>
    Effect.gen(function*() {
      const recording = {
        get uri(): string {
          throw new Error("no uri")
        }
      }
      const { error } = yield* run(hostOf(whole), {}, recording)
      assert.deepInclude(error, { reason: "InvalidRecording", parameter: "uri" })
    }))

  it.effect("a file of which no etag, date or size is known is Unidentified, and not continued with bytes of another one", () =>
    Effect.gen(function*() {
      const other = { ...from(4), headers: { "content-range": "bytes 4-9/*" } }
      const host = hostOf({ status: 200, body: file.slice(0, 4), ending: "breaks" }, other)
      const { error, text } = yield* run(host)
      assert.deepInclude(error, { reason: "Unidentified", received: 4, isRetryable: false })
      assert.strictEqual(text, "0123")
      assert.strictEqual(host.requests.length, 2)
      assert.deepInclude((yield* run(hostOf(from(4)), { resumeFrom: 4 })).error, { reason: "Unidentified" })
    }))

  it.effect("a file of which only the date is known is continued where the host sends it for that date", () =>
    Effect.gen(function*() {
      const date = "Tue, 24 Nov 2026 09:00:00 GMT"
      const host = hostOf(
        { ...cut, headers: { "last-modified": date } },
        { ...from(4), headers: { "content-range": "bytes 4-9/*" } }
      )
      assert.deepStrictEqual(yield* run(host), { text: "0123456789", error: undefined })
      assert.deepInclude(host.requests[1], { "if-range": date })
    }))

  it.effect("the rest of a file that is larger than its host said before is DownloadError Changed", () =>
    Effect.gen(function*() {
      const host = hostOf({ ...cut, headers: { "content-length": "10" } }, {
        status: 206,
        headers: { "content-range": "bytes 4-11/*" },
        body: new Uint8Array(8)
      })
      const { error, text } = yield* run(host)
      assert.deepInclude(error, { reason: "Changed", received: 4 })
      assert.strictEqual(text, "0123")
    }))

  it.effect("a file that its host replaces before the first byte arrives is downloaded, and continued by its own etag", () =>
    Effect.gen(function*() {
      const old: Played = {
        status: 200,
        headers: { "content-length": "12", etag: "\"v0\"" },
        ending: "breaks"
      }
      const host = hostOf(old, cut, from(4))
      assert.deepStrictEqual(yield* run(host), { text: "0123456789", error: undefined })
      assert.deepInclude(host.requests[2], { range: "bytes=4-", "if-range": "\"v1\"" })
    }))

  const coded = (code: string) => Object.assign(new Error(`${uri} has an error`), { code })

  /** A client over which no request has a response. */
  const failing = (cause: unknown, reason: "Transport" | "Encode" = "Transport") => {
    const host = ofClient(request => {
      host.requests.push({})
      return Effect.fail(new HttpClientError.RequestError({ request, reason, cause }))
    })
    return host
  }

  it.effect.each<readonly [code: string, reason: RecordingDownload.DownloadError["reason"]]>([
    ["ECONNREFUSED", "Incomplete"],
    ["ECONNRESET", "Incomplete"],
    ["EAI_AGAIN", "Incomplete"],
    ["UND_ERR_CONNECT_TIMEOUT", "Incomplete"],
    ["ENOTFOUND", "Transport"],
    ["CERT_HAS_EXPIRED", "Transport"],
    ["UND_ERR_PRX_TLS", "Transport"],
    ["HPE_INVALID_CONSTANT", "Transport"],
    ["UND_ERR_DESTROYED", "Transport"],
    ["ERR_OF_A_BUG", "Transport"]
  ])(
    "an error of the connection with the code %s is DownloadError %s, retried as one of a call is",
    ([code, reason]) =>
      Effect.gen(function*() {
        const host = failing(coded(code))
        const { error } = yield* run(host, { maxRetries: 3 })
        assert.deepInclude(error, { reason, code, received: 0, isRetryable: reason === "Incomplete" })
        assert.include(error?.message, `(${code})`)
        assert.notInclude(JSON.stringify(error), "SECRETSIGNATURE")
        assert.lengthOf(host.requests, reason === "Incomplete" ? 4 : 1)
      })
  )

  it.effect.each<readonly [what: string, makeHost: () => ReturnType<typeof hostOf>]>([
    ["cannot write the request", () => failing(new Error(uri), "Encode")],
    ["has a defect", () => ofClient(() => Effect.die(new Error(uri)))],
    [
      "has a defect in the body",
      () =>
        ofClient(request =>
          Effect.sync(() => {
            const response = new Response(file)
            response.body?.getReader()
            return HttpClientResponse.fromWeb(request, response)
          })
        )
    ]
  ])("a client that %s is DownloadError Transport, without the link", ([, makeHost]) =>
    Effect.gen(function*() {
      const { error } = yield* run(makeHost())
      assert.deepInclude(error, { reason: "Transport", isRetryable: false })
      assert.notInclude(JSON.stringify(error), "SECRETSIGNATURE")
    }))

  it.effect.each<readonly [what: string, code: string, body: Uint8Array, expected: readonly [string, unknown]]>([
    ["is not HTTP any more", "HPE_INVALID_CHUNK_SIZE", file.slice(0, 4), ["0123", "Transport"]],
    ["is not HTTP after the last byte", "HPE_INVALID_CHUNK_SIZE", file, ["0123456789", undefined]],
    ["ends with its connection", "ECONNRESET", file.slice(0, 4), ["0123456789", undefined]]
  ])("a response that %s gives the bytes before", ([, code, body, [text, reason]]) =>
    Effect.gen(function*() {
      const first = ofClient(request =>
        Effect.succeed(HttpClientResponse.fromWeb(
          request,
          new Response(
            new ReadableStream({
              start: controller => controller.enqueue(body),
              pull: controller => controller.error(coded(code))
            }),
            { headers: whole.headers ?? {} }
          )
        ))
      )
      const others = hostOf(from(4))
      const client = HttpClient.make(request =>
        request.headers["range"] === undefined ? first.client.execute(request) : others.client.execute(request)
      )
      const result = yield* run({ ...first, client })
      assert.strictEqual(result.text, text)
      assert.strictEqual(result.error?._tag === "SignalWireDownloadError" ? result.error.reason : undefined, reason)
    }))

  it.effect("a proxy that asks undici for credentials is DownloadError Status 407", () =>
    Effect.gen(function*() {
      const { error } = yield* run(failing(new TypeError("fetch failed", { cause: new Error("") })))
      assert.deepInclude(error, { reason: "Status", status: 407, isRetryable: false })
    }))

  it.effect("a response without a body is a file without bytes", () =>
    Effect.gen(function*() {
      const host = ofClient(request => Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null))))
      assert.deepStrictEqual(yield* run(host), { text: "", error: undefined })
      assert.deepInclude((yield* run(host, {}, { uri, size_in_bytes: 10 })).error, { reason: "Incomplete" })
    }))

  it.effect("an expired link is LinkExpired under HttpClient.filterStatusOk of an application", () =>
    Effect.gen(function*() {
      const host = hostOf({ status: 403 })
      const { error } = yield* run({ ...host, client: HttpClient.filterStatusOk(host.client) })
      assert.deepInclude(error, { _tag: "SignalWireLinkExpired" })
    }))

  it.effect("a download starts at resumeFrom", () =>
    Effect.gen(function*() {
      const host = hostOf(from(7))
      const { text } = yield* run(host, { resumeFrom: 7 }, { uri, size_in_bytes: 10 })
      assert.strictEqual(text, "789")
      assert.deepInclude(host.requests[0], { range: "bytes=7-" })
      const large = hostOf({
        status: 206,
        headers: { "content-range": "bytes 120-122/123", etag: "\"v1\"" },
        body: file.slice(7)
      })
      assert.deepStrictEqual(yield* run(large, { resumeFrom: 120, etag: "\"v1\"" }), { text: "789", error: undefined })
    }))

  it.effect.each<readonly [what: string, known: Played | undefined, total: number]>([
    ["more of it than was received", undefined, 10],
    ["less of it than before", cut, 4]
  ])(
    "a host that has no rest of a file, but %s, is DownloadError Status",
    ([, known, total]) =>
      Effect.gen(function*() {
        const none: Played = { status: 416, headers: { "content-range": `bytes */${total}` } }
        const host = known === undefined ? hostOf(none) : hostOf(known, none)
        const { error } = yield* run(host, known === undefined ? { resumeFrom: 4, etag: "\"v1\"" } : {})
        assert.deepInclude(error, {
          reason: "Status",
          received: 4,
          message: "the recording cannot be downloaded: its host responded with another status (status 416)"
        })
      })
  )

  it.effect("an expired link is LinkExpired, with the received bytes, and is not requested again", () =>
    Effect.gen(function*() {
      const host = hostOf({ ...whole, body: file.slice(0, 4), ending: "breaks" }, { status: 403 })
      const { error } = yield* run(host)
      assert.deepInclude(error, {
        _tag: "SignalWireLinkExpired",
        received: 4,
        etag: "\"v1\"",
        message: "the link of the recording has expired (status 403): get the recording again for a new one"
      })
      assert.strictEqual(host.requests.length, 2)
    }))

  it.effect.each<readonly [RecordingDownload.DownloadError["reason"], ReturnType<typeof hostOf>, requests: number]>([
    ["Changed", hostOf({ ...whole, body: file.slice(0, 4), ending: "breaks" }, { ...whole, headers: {} }), 2],
    ["Changed", hostOf({ ...whole, body: file.slice(0, 4), ending: "breaks" }, from(3)), 2],
    ["Changed", hostOf(cut, { ...from(4), status: 200 }), 2],
    ["Changed", hostOf({ ...from(0), headers: { "content-range": "bytes 0-9/10" } }), 1],
    // the host ignores If-Range
    ["Changed", hostOf(cut, { ...from(4), headers: { ...from(4).headers, etag: "\"v2\"" } }), 2],
    ["Changed", hostOf(cut, { ...from(4), headers: { ...from(4).headers, etag: "W/\"v2\"" } }), 2],
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
    ["Status", hostOf({ status: 408 }), 4],
    ["Status", hostOf({ status: 429 }), 4],
    ["Status", hostOf({ status: 404 }), 1],
    ["Incomplete", hostOf("refused"), 4]
  ])("a download fails with DownloadError %s", ([reason, host, requests]) =>
    Effect.gen(function*() {
      const { error, text } = yield* run(host, { maxBytes: 20, maxRetries: 3 })
      assert.deepInclude(error, { _tag: "SignalWireDownloadError", reason })
      assert.strictEqual(text, reason === "Changed" && requests > 1 ? "0123" : "")
      assert.strictEqual(host.requests.length, requests)
      assert.notInclude(`${String(error)} ${JSON.stringify(error)}`, "SECRETSIGNATURE")
    }))

  it.effect.each<readonly [RecordingDownload.DownloadError["reason"], uri: string | null]>([
    ["NoFile", null],
    ["InvalidLink", "file:///etc/passwd"],
    ["InvalidLink", "xhttps://files.example/recording.mp4"],
    ["InvalidLink", "no link"],
    ["InvalidLink", "https://user@files.example/recording.mp4"],
    ["InvalidLink", "https://:SECRETSIGNATURE@files.example/recording.mp4"]
  ])(
    "a download fails with DownloadError %s for the link %j, and sends nothing",
    ([reason, link]) =>
      Effect.gen(function*() {
        const host = hostOf(whole)
        const { error } = yield* run(host, {}, { uri: link })
        assert.deepInclude(error, { _tag: "SignalWireDownloadError", reason })
        assert.notInclude(JSON.stringify(error), "SECRETSIGNATURE")
        assert.strictEqual(host.requests.length, 0)
      })
  )

  describe.each<readonly [name: string, withRandom: typeof shortestDelays, seconds: ReadonlyArray<number>]>([
    ["shortest", shortestDelays, [0.15, 0.3, 0.6, 1.2, 2.4, 4.8, 9.6, 15, 15]],
    ["longest", longestDelays, [0.3, 0.6, 1.2, 2.4, 4.8, 9.6, 19.2, 30, 30]]
  ])("the %s delays", (_, withRandom, seconds) => {
    it.effect("the delays of a download double with each retry, up to half a minute, and start anew when bytes arrive", () =>
      Effect.gen(function*() {
        const host = hostOf("refused", "refused", cut, ...seconds.map(() => "refused" as const), from(4))
        const { text } = yield* withRandom(run(host))
        assert.strictEqual(text, "0123")
        const long = hostOf(...seconds.map(() => "refused" as const), whole)
        assert.strictEqual((yield* withRandom(run(long, { maxRetries: 15 }))).text, "0123456789")
        const expected = seconds.map(second => second * 1000)
        assert.deepStrictEqual(gaps(long), expected)
        assert.deepStrictEqual(gaps(host), [...expected.slice(0, 2), ...expected.slice(0, 5)])
      }))
  })

  it.effect("a retry comes after the delay that the host asks for, and at most a tenth later", () =>
    Effect.gen(function*() {
      for (const [withRandom, millis] of [[shortestDelays, 120_000], [longestDelays, 132_000]] as const) {
        const busy: Played = { status: 503, headers: { "retry-after": "120" } }
        const host = hostOf(busy, busy, whole)
        assert.strictEqual((yield* withRandom(run(host))).text, "0123456789")
        assert.deepStrictEqual(gaps(host), [millis, millis])
      }
    }))

  it.effect("a host that asks for a delay of five minutes is asked again", () =>
    Effect.gen(function*() {
      const host = hostOf({ status: 503, headers: { "retry-after": "300" } }, whole)
      assert.strictEqual((yield* shortestDelays(run(host))).text, "0123456789")
    }))

  it.effect("a host that asks for a delay of more than five minutes is not asked again, and the error has the delay", () =>
    Effect.gen(function*() {
      const host = hostOf({ status: 503, headers: { "retry-after": "301" } }, whole)
      const { error } = yield* run(host)
      assert.deepInclude(error, { reason: "Status", status: 503, isRetryable: true })
      assert(error?._tag === "SignalWireDownloadError" && error.retryAfter !== undefined)
      assert.strictEqual(Duration.toSeconds(error.retryAfter), 301)
      assert.lengthOf(host.requests, 1)
    }))

  it.effect.each<readonly [error: RecordingDownload.DownloadError | RecordingDownload.LinkExpired, boolean]>([
    [new RecordingDownload.DownloadError({ reason: "Incomplete", received: 0 }), true],
    [new RecordingDownload.DownloadError({ reason: "Transport", code: "ENOTFOUND", received: 0 }), false],
    [new RecordingDownload.DownloadError({ reason: "Status", status: 500, received: 0 }), true],
    [new RecordingDownload.DownloadError({ reason: "Status", status: 404, received: 0 }), false],
    [new RecordingDownload.DownloadError({ reason: "Changed", received: 0 }), false],
    [new RecordingDownload.LinkExpired({ received: 0, etag: undefined }), false]
  ])(
    "isRetryable of %s is %s",
    ([error, expected]) => Effect.sync(() => assert.strictEqual(error.isRetryable, expected))
  )

  const stalling: Played = { ...whole, body: file.slice(0, 4), ending: "stalls" }
  it.effect.each<readonly [name: string, received: number, makeHost: () => ReturnType<typeof hostOf>]>([
    ["sends no headers", 0, () => ofClient(() => Effect.never)],
    ["sends nothing after its headers", 0, () => hostOf({ ...stalling, body: new Uint8Array() })],
    ["sends nothing after some bytes", 4, () => hostOf(stalling)],
    ["is requested by an uninterruptible client", 0, () => ofClient(() => Effect.uninterruptible(Effect.never))],
    [
      "is requested by a client that never releases a response",
      4,
      () =>
        ofClient(request =>
          Effect.succeed(HttpClientResponse.fromWeb(
            request,
            new Response(
              new ReadableStream({
                start: controller => controller.enqueue(file.slice(0, 4)),
                pull: () => new Promise(() => {}),
                cancel: () => new Promise(() => {})
              })
            )
          ))
        )
    ]
  ])(
    "an uninterruptible download from a host that %s ends after the idle time, in a fiber that was interrupted too",
    ([, received, makeHost]) =>
      Effect.gen(function*() {
        const exits: Array<Exit.Exit<void, unknown>> = []
        const download = RecordingDownload.download({ uri }, { idleTimeout: "10 seconds", maxRetries: 0 }).pipe(
          Stream.runDrain,
          Effect.exit,
          Effect.map(exit => void exits.push(exit)),
          Effect.provideService(HttpClient.HttpClient, makeHost().client)
        )
        // no child of the test, which would wait for its end
        const fiber = yield* Effect.forkDaemon(Effect.uninterruptible(download))
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.interruptFork(fiber)
        yield* TestClock.adjust("4999 millis")
        assert.deepStrictEqual(exits, [])
        yield* TestClock.adjust("1 millis")
        assert.isTrue(Option.isSome(yield* Fiber.poll(fiber)))
        const error = exits.map(exit =>
          Exit.isFailure(exit) ? Option.getOrUndefined(Cause.failureOption(exit.cause)) : exit
        )
        assert.deepInclude(error[0], { reason: "Incomplete", received })
      })
  )

  it.effect("a download that is interrupted aborts its request, and releases the response", () =>
    Effect.gen(function*() {
      const ended: Array<string> = []
      const waiting = ofClient(() =>
        Effect.onInterrupt(Effect.never, () => Effect.sync(() => void ended.push("request")))
      )
      const reading = ofClient(request =>
        Effect.succeed(HttpClientResponse.fromWeb(
          request,
          new Response(new ReadableStream({ pull: () => new Promise(() => {}), cancel: () => void ended.push("body") }))
        ))
      )
      for (const { client } of [waiting, reading]) {
        const fiber = yield* Effect.fork(
          Stream.runDrain(RecordingDownload.download({ uri })).pipe(
            Effect.provideService(HttpClient.HttpClient, client)
          )
        )
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 second")
      }
      assert.deepStrictEqual(ended, ["request", "body"])
    }))

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
