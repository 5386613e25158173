/** The response of a `Transport` as a response of an `HttpClient`, for transforms. */
import * as Cookies from "@effect/platform/Cookies"
import * as Headers from "@effect/platform/Headers"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Headers as TransportHeaders } from "../../Transport.ts"
import { inThisContext } from "../inThisContext.ts"
import { header } from "../response/collector.ts"

type Read<A> = Effect.Effect<A, HttpClientError.ResponseError>

/**
 * A response whose status can be any number, unlike that of a web `Response`. Its body can be read several times, since a
 * transform may read it before the client does; the size limits of the client bound what is held for that.
 */
export class TransportResponse extends Inspectable.Class implements HttpClientResponse.HttpClientResponse {
  readonly [HttpIncomingMessage.TypeId]: HttpIncomingMessage.TypeId = HttpIncomingMessage.TypeId
  readonly [HttpClientResponse.TypeId]: HttpClientResponse.TypeId = HttpClientResponse.TypeId
  readonly remoteAddress = Option.none<string>()
  readonly request: HttpClientRequest.HttpClientRequest
  readonly status: number
  readonly headers: Headers.Headers
  readonly cookies: Cookies.Cookies
  readonly #chunks: Array<Uint8Array> = []
  #isOpen = true
  #error: HttpClientError.ResponseError | undefined
  #waiting: Array<() => void> = []

  constructor(request: HttpClientRequest.HttpClientRequest, status: number, headers: TransportHeaders) {
    super()
    this.request = request
    this.status = status
    this.headers = Headers.fromInput(
      Object.fromEntries(Object.keys(headers).map(name => [name, header(headers, name)]))
    )
    const cookies = headers["set-cookie"] ?? []
    this.cookies = Cookies.fromSetCookie(typeof cookies === "string" ? [cookies] : cookies)
  }

  push(chunk: Uint8Array): void {
    if (!this.#isOpen) return
    this.#chunks.push(chunk)
    this.#notify()
  }

  end(): void {
    this.#isOpen = false
    this.#notify()
  }

  /** Ends the body with an error, and returns it. */
  fail(cause: unknown): HttpClientError.ResponseError {
    this.#error = this.#decodeError(cause)
    this.end()
    return this.#error
  }

  get stream(): Stream.Stream<Uint8Array, HttpClientError.ResponseError> {
    return Stream.unfoldChunkEffect(0, index => this.#read(index))
  }

  get arrayBuffer(): Read<ArrayBuffer> {
    return Effect.map(this.#bytes, ({ buffer }) => buffer)
  }

  get text(): Read<string> {
    return Effect.map(this.#bytes, bytes => new TextDecoder().decode(bytes))
  }

  get json(): Read<unknown> {
    return Effect.flatMap(this.text, text => this.#try((): unknown => text === "" ? null : JSON.parse(text)))
  }

  get urlParamsBody(): Read<UrlParams.UrlParams> {
    return Effect.flatMap(this.text, text => this.#try(() => UrlParams.fromInput(new URLSearchParams(text))))
  }

  get formData(): Read<FormData> {
    const headers = { "content-type": this.headers["content-type"] ?? "" }
    return Effect.flatMap(this.#bytes, bytes =>
      Effect.tryPromise({
        try: () => new Response(bytes, { headers }).formData(),
        catch: cause => this.#decodeError(cause)
      }))
  }

  toJSON(): unknown {
    return HttpIncomingMessage.inspect(this, {
      _id: "@effect/platform/HttpClientResponse",
      request: this.request.toJSON(),
      status: this.status
    })
  }

  get #bytes(): Read<Uint8Array<ArrayBuffer>> {
    return Effect.map(Stream.runCollect(this.stream), chunks => {
      const bytes = new Uint8Array(Chunk.reduce(chunks, 0, (sum, chunk) => sum + chunk.byteLength))
      let offset = 0
      for (const chunk of chunks) {
        bytes.set(chunk, offset)
        offset += chunk.byteLength
      }
      return bytes
    })
  }

  /** The chunks from an index on, once there are any; none at the end. */
  #read(index: number): Read<Option.Option<readonly [Chunk.Chunk<Uint8Array>, number]>> {
    return Effect.suspend(() => {
      const length = this.#chunks.length
      if (index < length) {
        return Effect.succeed(Option.some([Chunk.unsafeFromArray(this.#chunks.slice(index)), length] as const))
      }
      if (this.#error !== undefined) return Effect.fail(this.#error)
      if (!this.#isOpen) return Effect.succeed(Option.none())
      const changed = Effect.async<void>(resume => {
        this.#waiting.push(inThisContext(() => resume(Effect.void)))
      })
      return Effect.zipRight(changed, this.#read(index))
    })
  }

  #notify(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }

  #try<A>(evaluate: () => A): Read<A> {
    return Effect.try({ try: evaluate, catch: cause => this.#decodeError(cause) })
  }

  #decodeError(cause: unknown): HttpClientError.ResponseError {
    return new HttpClientError.ResponseError({ request: this.request, response: this, reason: "Decode", cause })
  }
}
