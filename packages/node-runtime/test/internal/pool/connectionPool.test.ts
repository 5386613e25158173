import { assert, describe, it } from "@effect/vitest"
import { Metric } from "effect"
import { once } from "node:events"
import * as http from "node:http"
import type { Duplex } from "node:stream"
import { setImmediate as nextTurn } from "node:timers/promises"
import { buildConnector, type Dispatcher, request } from "undici"
import { ConnectionPool, type Options } from "../../../src/internal/pool/connectionPool.ts"
import { direct } from "../../../src/internal/pool/connector.ts"
import type { Options as RequestOptions } from "../../../src/internal/pool/pooledRequest.ts"

type Controller = Dispatcher.DispatchController

const poolOf = (options: Partial<Options> = {}): ConnectionPool =>
  new ConnectionPool({
    connect: direct(buildConnector({ timeout: 0 }), 3000),
    maxConnections: 2,
    hasMetrics: true,
    maxHeaderBytes: 16_384,
    maxAge: 60_000,
    ...options
  })

interface Server {
  readonly server: http.Server
  readonly origin: string
  /** Methods and connections of the requests, such as `GET 1`. */
  readonly requests: ReadonlyArray<string>
}

/** Runs a scenario with a server, and closes both at its end. */
const withPool =
  (scenario: (server: Server, pool: ConnectionPool) => Promise<void>, options?: Partial<Options>) => async () => {
    const requests: Array<string> = []
    const connections: Array<Duplex> = []
    const note = (method: string | undefined, socket: Duplex) => {
      if (!connections.includes(socket)) connections.push(socket)
      requests.push(`${method} ${connections.indexOf(socket) + 1}`)
    }
    const server = http.createServer((request, response) => {
      note(request.method, request.socket)
      response.end("{}")
    })
    server.on("connect", (request, socket) => {
      note(request.method, socket)
      socket.on("error", () => {})
      socket.write("HTTP/1.1 200 OK\r\n\r\n")
    })
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const pool = poolOf(options)
    try {
      await scenario({ server, origin: `http://127.0.0.1:${port}`, requests }, pool)
    } finally {
      await pool.destroy()
      server.closeAllConnections()
      server.close()
    }
  }

interface Callbacks {
  readonly onStart?: (controller: Controller) => void
  readonly onHeaders?: (controller: Controller) => void
  readonly onData?: () => void
}

interface Call {
  readonly controller: Controller
  readonly settled: Promise<"response" | Duplex | Error>
}

const dispatch = (
  pool: Dispatcher,
  options: Partial<RequestOptions>,
  { onData, onHeaders, onStart }: Callbacks = {}
): Call => {
  let controller: Controller | undefined
  const settled = new Promise<"response" | Duplex | Error>(resolve => {
    pool.dispatch({ path: "/", method: "GET", ...options }, {
      onRequestStart: started => {
        controller = started
        onStart?.(started)
      },
      onRequestUpgrade: (_, __, ___, socket) => resolve(socket),
      onResponseStart: () => controller === undefined ? undefined : onHeaders?.(controller),
      onResponseData: () => onData?.(),
      onResponseEnd: () => resolve("response"),
      onResponseError: (_, error) => resolve(error)
    })
  })
  assert.isDefined(controller)
  return { controller, settled }
}

const codeOf = (result: unknown): unknown => Reflect.get(Object(result), "code")

const lengthMismatch = "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH"

/** The number of origins that the pool has. */
const sizeOf = (pool: ConnectionPool): unknown => {
  const origins: unknown = Reflect.get(pool, "origins")
  return Reflect.get(Object(origins), "size")
}

describe("ConnectionPool", () => {
  it(
    "the pool forgets an origin when its last connection has closed, and connects to it again",
    withPool(async ({ origin, server }, pool) => {
      for (let round = 0; round < 2; round++) {
        // oxlint-disable-next-line no-await-in-loop -- the second connection is made after the first has closed
        const { body, statusCode } = await request(origin, { dispatcher: pool.compose(dispatch => dispatch) })
        assert.strictEqual(statusCode, 200)
        // oxlint-disable-next-line no-await-in-loop
        await body.dump()
        assert.strictEqual(sizeOf(pool), 1)
        server.closeAllConnections()
        // oxlint-disable-next-line no-await-in-loop
        while (sizeOf(pool) !== 0) await nextTurn()
      }
    })
  )

  it(
    "a closed pool rejects requests",
    withPool(async ({ origin, requests }, pool) => {
      await pool.close()
      assert.throws(
        () => pool.dispatch({ origin, path: "/", method: "GET" }, {}),
        "The layer of this client was closed"
      )
      assert.isEmpty(requests)
    })
  )

  it(
    "a request without an origin is rejected",
    withPool(async (_, pool) => {
      assert.throws(() => pool.dispatch({ path: "/", method: "GET" }, {}), "Invalid URL")
    })
  )

  it(
    "a request that is aborted in onRequestStart opens no connection",
    withPool(async ({ origin, requests, server }, pool) => {
      const reason = new Error("not needed")
      const { controller, settled } = dispatch(pool, { origin }, { onStart: started => started.abort(reason) })
      assert.strictEqual(await settled, reason)
      assert.isTrue(controller.aborted)
      assert.strictEqual(controller.reason, reason)
      const connections = await new Promise(resolve => server.getConnections((_, count) => resolve(count)))
      assert.deepStrictEqual([requests, connections], [[], 0])
      while (sizeOf(pool) !== 0) await nextTurn()
    })
  )

  it(
    "a pool emits connect before its first connection, and disconnect when all are closed, with undici's arguments",
    withPool(async ({ origin, requests, server }, pool) => {
      const events: Array<readonly [name: string, url: string, targets: ReadonlyArray<Dispatcher>]> = []
      pool.on("connect", (url, targets) => {
        assert.isEmpty(requests)
        events.push(["connect", url.origin, targets])
      })
      pool.on("disconnect", (url, targets, error) => {
        assert.strictEqual(sizeOf(pool), 0)
        assert.instanceOf(error, Error)
        events.push(["disconnect", url.origin, targets])
      })
      const opened = ["connect", origin, [pool]] as const
      await Promise.all([dispatch(pool, { origin }).settled, dispatch(pool, { origin }).settled])
      assert.deepStrictEqual(events, [opened])
      server.closeAllConnections()
      while (sizeOf(pool) !== 0) await nextTurn()
      assert.deepStrictEqual(events, [opened, ["disconnect", origin, [pool]]])
    })
  )

  it(
    "a request that is aborted after its response leaves its connection to the next one",
    withPool(async ({ origin, requests }, pool) => {
      const { controller, settled } = dispatch(pool, { origin })
      assert.strictEqual(await settled, "response")
      controller.abort(new Error("too late"))
      assert.isFalse(controller.aborted)
      await dispatch(pool, { origin }).settled
      assert.deepStrictEqual(requests, ["GET 1", "GET 1"])
    })
  )

  it(
    "a paused request receives its body when it is resumed, and a queued one is not paused",
    withPool(async ({ origin }, pool) => {
      let chunks = 0
      const first = dispatch(pool, { origin }, {
        onHeaders: controller => {
          controller.pause()
          assert.isTrue(controller.paused)
        },
        onData: () => chunks++
      })
      const queued = dispatch(pool, { origin })
      queued.controller.pause()
      queued.controller.resume()
      assert.isFalse(queued.controller.paused)
      while (!first.controller.paused) await nextTurn()
      for (let turn = 0; turn < 20; turn++) await nextTurn()
      assert.strictEqual(chunks, 0)
      first.controller.resume()
      assert.strictEqual(await first.settled, "response")
      assert.strictEqual(chunks, 1)
      assert.strictEqual(await queued.settled, "response")
    }, { maxConnections: 1 })
  )

  it(
    "requests are queued without metrics too",
    withPool(async ({ origin, requests }, pool) => {
      await Promise.all([1, 2, 3].map(() => dispatch(pool, { origin }).settled))
      assert.deepStrictEqual(requests, ["GET 1", "GET 1", "GET 1"])
    }, { maxConnections: 1, hasMetrics: false })
  )

  it.each<readonly [method: Dispatcher.HttpMethod, body: string | undefined, isResent: boolean]>([
    ["GET", undefined, true],
    ["HEAD", undefined, true],
    ["OPTIONS", undefined, true],
    ["GET", "{}", false],
    ["POST", undefined, false]
  ])(
    "a %s request with the body %s, on a reused connection that the server resets, is sent again: %s",
    async (method, body, isResent) => {
      await withPool(async ({ origin, requests, server }, pool) => {
        await dispatch(pool, { origin }).settled
        server.prependOnceListener("request", ({ socket }: http.IncomingMessage) => socket.resetAndDestroy())
        const result = await dispatch(pool, { origin, method, ...(body === undefined ? {} : { body }) }).settled
        assert.strictEqual(isResent ? result : codeOf(result), isResent ? "response" : "ECONNRESET")
        assert.deepStrictEqual(requests, ["GET 1", `${method} 1`, ...(isResent ? [`${method} 2`] : [])])
      })()
    }
  )

  it.each<readonly [what: string, options: Partial<RequestOptions>, code: string]>([
    ["the value of a header", { headers: { "x-tenant": "Łódź" } }, "UND_ERR_INVALID_ARG"],
    ["the header expect", { headers: { expect: "100-continue" } }, "UND_ERR_NOT_SUPPORTED"],
    ["the length of the body", { method: "POST", body: "{}", headers: { "content-length": "5" } }, lengthMismatch]
  ])("a request that undici rejects for %s leaves its connection to the next one", async (_, options, code) => {
    await withPool(async ({ origin, requests }, pool) => {
      for (let round = 0; round < 3; round++) {
        // oxlint-disable-next-line no-await-in-loop -- the connection is idle before the next request
        await dispatch(pool, { origin }).settled
        // oxlint-disable-next-line no-await-in-loop
        assert.strictEqual(codeOf(await dispatch(pool, { origin, ...options }).settled), code)
      }
      assert.deepStrictEqual(requests, ["GET 1", "GET 1", "GET 1"])
    })()
  })

  it(
    "queued requests that undici rejects leave the connection to those after them, and then it is idle",
    withPool(async ({ origin, requests }, pool) => {
      const headers = { "x-tenant": "Łódź" }
      const calls = [
        dispatch(pool, { origin }),
        ...Array.from({ length: 5000 }, () => dispatch(pool, { origin, headers })),
        dispatch(pool, { origin })
      ]
      const results = await Promise.all(calls.map(({ settled }) => settled))
      assert.strictEqual(results.filter(result => codeOf(result) === "UND_ERR_INVALID_ARG").length, 5000)
      assert.strictEqual(codeOf(await dispatch(pool, { origin, headers }).settled), "UND_ERR_INVALID_ARG")
      await dispatch(pool, { origin }).settled
      assert.deepStrictEqual(requests, ["GET 1", "GET 1", "GET 1"])
    }, { maxConnections: 1 })
  )

  it(
    "a request that undici rejects for the length of its body leaves the new connection to a queued one",
    withPool(async ({ origin, requests, server }, pool) => {
      let connections = 0
      server.on("connection", () => connections++)
      const rejected = dispatch(pool, { origin, method: "POST", body: "{}", headers: { "content-length": "5" } })
      const queued = dispatch(pool, { origin })
      assert.strictEqual(codeOf(await rejected.settled), lengthMismatch)
      assert.strictEqual(await queued.settled, "response")
      assert.deepStrictEqual([requests, connections], [["GET 1"], 1])
    }, { maxConnections: 1 })
  )

  it(
    "the pool forgets an origin to which undici has rejected the only request",
    withPool(async ({ origin }, pool) => {
      const { settled } = dispatch(pool, { origin, headers: { "x-tenant": "Łódź" } })
      assert.strictEqual(codeOf(await settled), "UND_ERR_INVALID_ARG")
      while (sizeOf(pool) !== 0) await nextTurn()
    })
  )

  it(
    "a tunnel closes when the signal of its request is aborted, and stays open without a signal",
    withPool(async ({ origin }, pool) => {
      const abortion = new AbortController()
      const tunnelOptions = { origin, method: "CONNECT", path: "host:1" } as const
      const withSignal = Object.assign({}, tunnelOptions, { signal: abortion.signal })
      const [tunnel, other] = await Promise.all([
        dispatch(pool, withSignal).settled,
        dispatch(pool, tunnelOptions).settled
      ])
      if (typeof tunnel === "string" || tunnel instanceof Error) assert.fail(String(tunnel))
      if (typeof other === "string" || other instanceof Error) assert.fail(String(other))
      abortion.abort()
      assert.deepStrictEqual([tunnel.destroyed, other.destroyed], [true, false])
      other.destroy()
    })
  )

  it("the metrics of an origin without a port have the port of its scheme", async () => {
    const failing: buildConnector.connector = (_, settled) => settled(new Error("no connection"), null)
    const pool = poolOf({ connect: direct(failing, 3000) })
    const ports = () =>
      Metric.unsafeSnapshot().flatMap(({ metricKey: { tags } }) =>
        tags.some(({ value }) => value === "ports.example")
          ? tags.flatMap(({ key, value }) => key === "server.port" ? [value] : [])
          : []
      )
    for (const [scheme, port] of [["http", "80"], ["https", "443"]]) {
      // oxlint-disable-next-line no-await-in-loop -- the metrics of one origin after the other
      await dispatch(pool, { origin: `${scheme}://ports.example` }).settled
      assert.include(ports(), port)
    }
    await pool.destroy()
  })

  it("a request is settled when the pool is destroyed, also where its connection cannot be aborted", async () => {
    // as a connector that returns no socket
    const pool = poolOf({ connect: direct(() => {}, 3000) })
    const { settled } = dispatch(pool, { origin: "http://127.0.0.1" })
    await pool.destroy()
    assert.strictEqual(codeOf(await settled), "UND_ERR_DESTROYED")
  })
})
