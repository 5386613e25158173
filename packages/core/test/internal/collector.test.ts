import { RequestPolicy } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import type { Headers } from "../../src/Transport.ts"
import { Collector, header, type Received } from "../../src/internal/response/collector.ts"

const policy = { ...RequestPolicy.defaults, maxBodyBytes: 100, maxErrorBodyBytes: 10 }

/** A collector, and how often and with what it was settled. */
const begin = () => {
  const settled: Array<Received> = []
  const errorHeaders: Array<true> = []
  const observer = {
    onConnection: () => {},
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

describe("a 200", () => {
  it("is read to its end", () => {
    const { collector, settled } = begin()
    assert.isTrue(collector.onHeaders(200, json))
    assert.isTrue(collector.onData(new Uint8Array(60)))
    assert.isTrue(collector.onData(new Uint8Array(40)))
    assert.deepStrictEqual(settled, [])
    collector.onEnd()
    assert.strictEqual(size(response(settled).chunks), 100)
    assert.isUndefined(response(settled).rejected)
  })

  it("beyond the limit is not read further, and no byte above it is kept in memory", () => {
    const { collector, settled } = begin()
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
    [{ ...json, "content-encoding": Array.from({ length: 1000 }, () => "gzip") }, "UnsupportedEncoding"],
    [{ ...json, "content-encoding": "identity, gzip" }, "UnsupportedEncoding"]
  ])("with the headers %j is rejected unread as %s", (headers: Headers, reason) => {
    const { collector, settled } = begin()
    assert.isFalse(collector.onHeaders(200, headers))
    assert.isFalse(collector.onData(new Uint8Array(1)))
    assert.strictEqual(response(settled).rejected, reason)
    assert.deepStrictEqual(response(settled).chunks, [])
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
  ])("with the headers %j is read", (headers: Headers) => assert.isTrue(begin().collector.onHeaders(200, headers)))

  it("that is cut off or takes too long is no response", () => {
    const cause = new Error("reset")
    const broken = begin()
    broken.collector.onHeaders(200, json)
    broken.collector.onData(new Uint8Array(1))
    broken.collector.onError(cause)
    assert.deepStrictEqual(only(broken.settled), { _tag: "ConnectionError", cause, status: 200, requestsSent: 0 })
    const slow = begin()
    slow.collector.onHeaders(200, json)
    slow.collector.onTimeout("attempt")
    assert.deepStrictEqual(only(slow.settled), { _tag: "TimedOut", phase: "attempt", status: 200, requestsSent: 0 })
  })
})

describe("an error status", () => {
  it.each<readonly [string, (collector: Collector) => void, arrived: number]>([
    ["ends", collector => collector.onEnd(), 5],
    ["is cut off", collector => collector.onError(new Error("reset")), 5],
    ["takes too long", collector => collector.onTimeout("attempt"), 5],
    ["is too large", collector => collector.onData(new Uint8Array(20)), 10]
  ])("counts with what arrived, up to its limit, when its body %s", (_, happen, arrived) => {
    const { collector, settled } = begin()
    assert.isTrue(collector.onHeaders(500, { "content-type": "text/html", "content-encoding": "gzip" }))
    assert.isTrue(collector.onData(new Uint8Array(5)))
    happen(collector)
    assert.strictEqual(response(settled).status, 500)
    assert.strictEqual(size(response(settled).chunks), arrived)
  })

  it("is told to the attempt once, with its headers, and a 200 is not", () => {
    const error = begin()
    error.collector.onHeaders(404, json)
    error.collector.onData(new Uint8Array(5))
    error.collector.onEnd()
    error.collector.onHeaders(404, json)
    assert.strictEqual(error.errorHeaders.length, 1)
    const session = begin()
    session.collector.onHeaders(200, json)
    assert.strictEqual(session.errorHeaders.length, 0)
  })
})

describe("no headers", () => {
  it("is no response", () => {
    const cause = new Error("rejected")
    const broken = begin()
    broken.collector.onError(cause)
    assert.deepStrictEqual(only(broken.settled), { _tag: "ConnectionError", cause, status: 0, requestsSent: 0 })
    const silent = begin()
    silent.collector.onTimeout("attempt")
    assert.deepStrictEqual(only(silent.settled), { _tag: "TimedOut", phase: "attempt", status: 0, requestsSent: 0 })
  })
})

it("what comes after the end of a response changes nothing", () => {
  const { collector, settled } = begin()
  collector.onHeaders(200, json)
  collector.onEnd()
  collector.onError(new Error("late"))
  collector.onTimeout("attempt")
  collector.onEnd()
  assert.isFalse(collector.onHeaders(500, {}))
  assert.isFalse(collector.onData(new Uint8Array(1)))
  assert.strictEqual(response(settled).status, 200)
})

it("a header that came more than once is its lines joined", () => {
  assert.strictEqual(header({ a: ["1", "2"] }, "a"), "1, 2")
  assert.strictEqual(header({ a: "1" }, "a"), "1")
  assert.isUndefined(header({}, "a"))
})
