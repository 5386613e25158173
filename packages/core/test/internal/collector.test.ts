import { RequestPolicy } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import type { Headers } from "../../src/Exchange.ts"
import { Collector, header, type Received } from "../../src/internal/response/collector.ts"

const policy = { ...RequestPolicy.defaults, maxBodyBytes: 100, maxErrorBodyBytes: 10 }

/** A reception, and how often and with what it was settled. */
const begin = () => {
  const settled: Array<Received> = []
  const errorHeads: Array<true> = []
  return {
    reception: new Collector(policy, received => settled.push(received), () => {}, () => errorHeads.push(true)),
    settled,
    errorHeads
  }
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
  it("is taken in to its end", () => {
    const { reception, settled } = begin()
    assert.isTrue(reception.head(200, json))
    assert.isTrue(reception.data(new Uint8Array(60)))
    assert.isTrue(reception.data(new Uint8Array(40)))
    assert.deepStrictEqual(settled, [])
    reception.end()
    assert.strictEqual(size(response(settled).chunks), 100)
    assert.isUndefined(response(settled).rejected)
  })

  it("beyond the limit is given up, and no byte above it is kept", () => {
    const { reception, settled } = begin()
    reception.head(200, json)
    assert.isTrue(reception.data(new Uint8Array(100)))
    assert.isFalse(reception.data(new Uint8Array(1)))
    assert.isFalse(reception.data(new Uint8Array(1)))
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
    const { reception, settled } = begin()
    assert.isFalse(reception.head(200, headers))
    assert.isFalse(reception.data(new Uint8Array(1)))
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
  ])("with the headers %j is read", (headers: Headers) => assert.isTrue(begin().reception.head(200, headers)))

  it("that breaks off or takes too long is no response", () => {
    const cause = new Error("reset")
    const broken = begin()
    broken.reception.head(200, json)
    broken.reception.data(new Uint8Array(1))
    broken.reception.fail(cause)
    assert.deepStrictEqual(only(broken.settled), { _tag: "Failed", cause, status: 200, requestsSent: 0 })
    const slow = begin()
    slow.reception.head(200, json)
    slow.reception.timeOut("attempt")
    assert.deepStrictEqual(only(slow.settled), { _tag: "TimedOut", phase: "attempt", status: 200, requestsSent: 0 })
  })
})

describe("an error status", () => {
  it.each<readonly [string, (reception: Collector) => void, arrived: number]>([
    ["ends", reception => reception.end(), 5],
    ["breaks off", reception => reception.fail(new Error("reset")), 5],
    ["takes too long", reception => reception.timeOut("attempt"), 5],
    ["is too large", reception => reception.data(new Uint8Array(20)), 10]
  ])("counts with what arrived, up to its limit, when its body %s", (_, happen, arrived) => {
    const { reception, settled } = begin()
    assert.isTrue(reception.head(500, { "content-type": "text/html", "content-encoding": "gzip" }))
    assert.isTrue(reception.data(new Uint8Array(5)))
    happen(reception)
    assert.strictEqual(response(settled).status, 500)
    assert.strictEqual(size(response(settled).chunks), arrived)
  })

  it("is announced once, with its head, and a 200 is not", () => {
    const error = begin()
    error.reception.head(404, json)
    error.reception.data(new Uint8Array(5))
    error.reception.end()
    error.reception.head(404, json)
    assert.strictEqual(error.errorHeads.length, 1)
    const session = begin()
    session.reception.head(200, json)
    assert.strictEqual(session.errorHeads.length, 0)
  })
})

describe("no head", () => {
  it("is no response", () => {
    const cause = new Error("rejected")
    const broken = begin()
    broken.reception.fail(cause)
    assert.deepStrictEqual(only(broken.settled), { _tag: "Failed", cause, status: 0, requestsSent: 0 })
    const silent = begin()
    silent.reception.timeOut("attempt")
    assert.deepStrictEqual(only(silent.settled), { _tag: "TimedOut", phase: "attempt", status: 0, requestsSent: 0 })
  })
})

it("what comes after the end changes nothing", () => {
  const { reception, settled } = begin()
  reception.head(200, json)
  reception.end()
  reception.fail(new Error("late"))
  reception.timeOut("attempt")
  reception.end()
  assert.isFalse(reception.head(500, {}))
  assert.isFalse(reception.data(new Uint8Array(1)))
  assert.strictEqual(response(settled).status, 200)
})

it("a header that came more than once is its lines joined", () => {
  assert.strictEqual(header({ a: ["1", "2"] }, "a"), "1, 2")
  assert.strictEqual(header({ a: "1" }, "a"), "1")
  assert.isUndefined(header({}, "a"))
})
