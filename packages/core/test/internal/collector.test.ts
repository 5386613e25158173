import { RequestPolicy } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import type { Headers } from "../../src/Transport.ts"
import { Collector, header, type Received } from "../../src/internal/response/collector.ts"

const policy = { ...RequestPolicy.defaults, maxBodyBytes: 100, maxErrorBodyBytes: 10 }

/** A collector, and what it calls on its attempt. */
const make = () => {
  const settled: Array<Received> = []
  const errorHeaders: Array<true> = []
  const observer = {
    onConnection: () => {},
    onQueued: () => {},
    onErrorHeaders: () => void errorHeaders.push(true),
    onSettled: (received: Received) => void settled.push(received)
  }
  return { collector: new Collector(policy, observer, false, 200), settled, errorHeaders }
}

const only = (settled: ReadonlyArray<Received>): Received => {
  assert.strictEqual(settled.length, 1)
  const [received] = settled
  if (received === undefined) throw new Error("nothing was received")
  return received
}

const response = (settled: ReadonlyArray<Received>) => {
  const received = only(settled)
  if (received._tag !== "Response") throw new Error(`not a response: ${received._tag}`)
  return received.response
}

const json = { "content-type": "application/json" }
const size = (chunks: ReadonlyArray<Uint8Array>) => chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)

describe("the collector", () => {
  it("a 200 is read to its end", () => {
    const { collector, settled } = make()
    assert.isTrue(collector.onHeaders(200, json))
    assert.isTrue(collector.onData(new Uint8Array(60)))
    assert.isTrue(collector.onData(new Uint8Array(40)))
    assert.deepStrictEqual(settled, [])
    collector.onEnd()
    assert.strictEqual(size(response(settled).chunks), 100)
    assert.isUndefined(response(settled).rejected)
  })

  it("a 200 above maxBodyBytes is rejected as TooLarge, and the chunk above it is not held in memory", () => {
    const { collector, settled } = make()
    collector.onHeaders(200, json)
    assert.isTrue(collector.onData(new Uint8Array(100)))
    assert.isFalse(collector.onData(new Uint8Array(1)))
    assert.isFalse(collector.onData(new Uint8Array(1)))
    assert.strictEqual(response(settled).rejected, "TooLarge")
    assert.strictEqual(size(response(settled).chunks), 100)
  })

  it.each([
    [{ ...json, "content-length": "101" }, "TooLarge"],
    [{ ...json, "content-length": "62914560" }, "TooLarge"],
    [{ "content-type": "text/html" }, "UnexpectedContentType"],
    [{ "content-type": "text/plain; charset=utf-8" }, "UnexpectedContentType"],
    [{ "content-type": "application/jsonp" }, "UnexpectedContentType"],
    [{ "content-type": "application/json; charset=utf-16" }, "UnexpectedContentType"],
    [{ "content-type": "application/json;charset=\"iso-8859-1\"" }, "UnexpectedContentType"],
    [{ ...json, "content-encoding": "gzip" }, "UnsupportedEncoding"],
    [{ ...json, "content-encoding": "br" }, "UnsupportedEncoding"],
    [{ ...json, "content-encoding": "identity, gzip" }, "UnsupportedEncoding"]
  ])("a 200 with the headers %j is rejected as %s, and its body is not read", (headers: Headers, reason) => {
    const { collector, settled } = make()
    assert.isFalse(collector.onHeaders(200, headers))
    assert.isFalse(collector.onData(new Uint8Array(1)))
    assert.strictEqual(response(settled).rejected, reason)
    assert.deepStrictEqual(response(settled).chunks, [])
  })

  it("a 200 with 1,000 lines of content-encoding is rejected as UnsupportedEncoding, and its body is not read", () => {
    const { collector, settled } = make()
    assert.isFalse(
      collector.onHeaders(200, { ...json, "content-encoding": Array.from({ length: 1000 }, () => "gzip") })
    )
    assert.isFalse(collector.onData(new Uint8Array(1)))
    assert.strictEqual(response(settled).rejected, "UnsupportedEncoding")
  })

  it.each([
    {},
    { "content-type": "application/json" },
    { "content-type": "Application/JSON" },
    { "content-type": "application/json; charset=utf-8" },
    { "content-type": "application/json;charset=\"UTF-8\"" },
    { "content-type": "application/json; charset=utf8; profile=x" },
    { "content-type": "application/json; charset=us-ascii" },
    { "content-type": "application/vnd.api+json" },
    { ...json, "content-encoding": "identity" },
    { ...json, "content-encoding": "IDENTITY" },
    { ...json, "content-encoding": "" },
    { ...json, "content-length": "100" },
    { ...json, "content-length": "nonsense" }
  ])("a 200 with the headers %j is read", (headers: Headers) => assert.isTrue(make().collector.onHeaders(200, headers)))

  it("a 200 whose connection ends within the body is ConnectionError", () => {
    const cause = new Error("reset")
    const { collector, settled } = make()
    collector.onHeaders(200, json)
    collector.onData(new Uint8Array(1))
    collector.onError(cause)
    assert.deepStrictEqual(only(settled), {
      _tag: "ConnectionError",
      cause,
      status: 200,
      headers: json,
      requestsSent: 1
    })
  })

  it("a 200 whose body takes too long is TimedOut", () => {
    const { collector, settled } = make()
    collector.onHeaders(200, json)
    collector.onTimeout("attempt")
    assert.deepStrictEqual(only(settled), {
      _tag: "TimedOut",
      phase: "attempt",
      status: 200,
      headers: json,
      requestsSent: 1
    })
  })

  it.each<readonly [what: string, bytes: number, end: (collector: Collector) => void]>([
    ["ends normally", 5, collector => collector.onEnd()],
    ["ends with a connection error", 5, collector => collector.onError(new Error("reset"))],
    ["takes too long", 5, collector => collector.onTimeout("attempt")],
    ["is above maxErrorBodyBytes", 10, collector => collector.onData(new Uint8Array(20))]
  ])("a 500 whose body %s is a response with %d bytes of it", (_, bytes, end) => {
    const { collector, settled } = make()
    assert.isTrue(collector.onHeaders(500, { "content-type": "text/html", "content-encoding": "gzip" }))
    assert.isTrue(collector.onData(new Uint8Array(5)))
    end(collector)
    assert.strictEqual(response(settled).status, 500)
    assert.strictEqual(size(response(settled).chunks), bytes)
  })

  it("the headers of a 404 call onErrorHeaders once", () => {
    const { collector, errorHeaders } = make()
    collector.onHeaders(404, json)
    collector.onData(new Uint8Array(5))
    collector.onEnd()
    collector.onHeaders(404, json)
    assert.strictEqual(errorHeaders.length, 1)
  })

  it("the headers of a 200 do not call onErrorHeaders", () => {
    const { collector, errorHeaders } = make()
    collector.onHeaders(200, json)
    assert.strictEqual(errorHeaders.length, 0)
  })

  it("a connection error before the headers is ConnectionError with the status 0", () => {
    const cause = new Error("rejected")
    const { collector, settled } = make()
    collector.onError(cause)
    assert.deepStrictEqual(only(settled), { _tag: "ConnectionError", cause, status: 0, headers: {}, requestsSent: 0 })
  })

  it("a timeout before the headers is TimedOut with the status 0", () => {
    const { collector, settled } = make()
    collector.onTimeout("attempt")
    assert.deepStrictEqual(only(settled), {
      _tag: "TimedOut",
      phase: "attempt",
      status: 0,
      headers: {},
      requestsSent: 0
    })
  })

  it("a response that has ended is settled once, whatever the transport calls afterwards", () => {
    const { collector, settled } = make()
    collector.onHeaders(200, json)
    collector.onEnd()
    collector.onError(new Error("late"))
    collector.onTimeout("attempt")
    collector.onEnd()
    assert.isFalse(collector.onHeaders(500, {}))
    assert.isFalse(collector.onData(new Uint8Array(1)))
    assert.strictEqual(response(settled).status, 200)
  })

  it("a header with several lines is their values, joined by commas", () => {
    assert.strictEqual(header({ a: ["1", "2"] }, "a"), "1, 2")
    assert.strictEqual(header({ a: "1" }, "a"), "1")
    assert.isUndefined(header({}, "a"))
  })
})
