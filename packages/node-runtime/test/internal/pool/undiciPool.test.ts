/**
 * The faults of undici's `Pool` for which this library has a connection pool of its own. A test fails when undici no longer has
 * its fault; the decision record on the connection pool is then revised.
 */
import { assert, describe, it } from "@effect/vitest"
import { once } from "node:events"
import * as net from "node:net"
import { setImmediate as nextTurn } from "node:timers/promises"
import { buildConnector, Client, type Dispatcher, Pool } from "undici"

interface RawRequest {
  readonly socket: net.Socket
  /** Which connection this is, from 1. */
  readonly connection: number
}

/** Hands over every request, in the order in which they arrive. */
class RawServer {
  readonly sockets = new Set<net.Socket>()
  connections = 0
  readonly #server: net.Server
  readonly #arrived: Array<RawRequest> = []
  readonly #expected: Array<(request: RawRequest) => void> = []

  constructor() {
    this.#server = net.createServer(socket => {
      const connection = ++this.connections
      this.sockets.add(socket)
      socket.on("close", () => this.sockets.delete(socket)).on("error", () => {})
      socket.on("data", () => {
        const request = { socket, connection }
        const expected = this.#expected.shift()
        if (expected === undefined) this.#arrived.push(request)
        else expected(request)
      })
      this.#server.emit("opened")
    })
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1")
    await once(this.#server, "listening")
    const address = this.#server.address()
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`
  }

  request(): Promise<RawRequest> {
    const arrived = this.#arrived.shift()
    return arrived === undefined ? new Promise(resolve => this.#expected.push(resolve)) : Promise.resolve(arrived)
  }

  async connected(count: number): Promise<void> {
    while (this.connections < count) await once(this.#server, "opened")
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, "close")
  }
}

const respond = ({ socket }: RawRequest): void => {
  socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
}

/** One request and its result. */
class Call implements Dispatcher.DispatchHandler {
  readonly settled: Promise<"response" | Error>
  controller: Dispatcher.DispatchController | undefined
  isSettled = false
  #settle: (result: "response" | Error) => void = () => {}

  constructor(dispatcher: Dispatcher) {
    this.settled = new Promise(resolve => {
      this.#settle = result => {
        this.isSettled = true
        resolve(result)
      }
    })
    dispatcher.dispatch({ path: "/", method: "GET" }, this)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
  }

  onResponseEnd(): void {
    this.#settle("response")
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#settle(error)
  }
}

/** Runs a scenario against a server and closes everything that is left of it. */
const withServer =
  (scenario: (server: RawServer, origin: string, open: (options: Pool.Options) => Pool) => Promise<void>) =>
  async () => {
    const server = new RawServer()
    const pools: Array<Pool> = []
    try {
      const origin = await server.listen()
      await scenario(server, origin, options => {
        const pool = new Pool(origin, { pipelining: 1, ...options })
        pools.push(pool)
        return pool
      })
    } finally {
      await Promise.all(pools.map(pool => pool.destroy()))
      await server.close()
    }
  }

/** Each client of a pool emits 'drain' when it can take the next request. */
const drainingClients = () => {
  const clients: Array<Client> = []
  return {
    clients,
    factory: (origin: URL, options: object): Dispatcher => {
      const client = new Client(origin, options)
      clients.push(client)
      return client
    },
    drained: async (count: number): Promise<void> => {
      await Promise.all(clients.slice(0, count).map(client => once(client, "drain")))
    }
  }
}

/** Two requests at once, so that a pool has two idle connections. */
const twoIdleConnections = async (
  server: RawServer,
  pool: Pool,
  drained: (count: number) => Promise<void>
): Promise<void> => {
  const calls = [new Call(pool), new Call(pool)]
  const requests = [await server.request(), await server.request()]
  const bothDrained = drained(2)
  requests.forEach(respond)
  await Promise.all(calls.map(call => call.settled))
  await bothDrained
}

describe("undici's Pool", () => {
  it(
    "Pool prefers a client without a connection to an idle connection, so that a fresh client beside it exceeds the limit",
    withServer(async (server, origin, open) => {
      const { drained, factory } = drainingClients()
      const pool = open({ connections: 2, factory })
      await twoIdleConnections(server, pool, drained)

      // the server resets the connection when it is used again
      const reset = new Call(pool)
      const failing = await server.request()
      failing.socket.resetAndDestroy()
      assert.instanceOf(await reset.settled, Error)

      // the request is sent again on a connection that was not used before: one idle and one new connection are two
      const fresh = new Client(origin, { pipelining: 1 })
      const replayed = new Call(fresh)
      const onFresh = await server.request()
      assert.strictEqual(server.connections, 3)
      assert.strictEqual(server.sockets.size, 2)

      // one connection is idle, but the next request opens another one
      const next = new Call(pool)
      const onNext = await server.request()
      assert.strictEqual(onNext.connection, 4)
      assert.strictEqual(server.sockets.size, 3, "connections, where two are allowed")

      respond(onFresh)
      respond(onNext)
      await Promise.all([replayed.settled, next.settled])
      await fresh.destroy()
    })
  )

  it(
    "Pool keeps a destroyed client in its list, so that one of its idle connections cannot be replaced",
    withServer(async (server, _, open) => {
      const { clients, drained, factory } = drainingClients()
      const pool = open({ connections: 2, factory })
      await twoIdleConnections(server, pool, drained)

      await clients[0]?.destroy()
      const call = new Call(pool)
      const result = await call.settled
      assert.strictEqual(result instanceof Error && "code" in result ? result.code : result, "UND_ERR_DESTROYED")
    })
  )

  it(
    "Pool leaves a request without a connection when all its clients are older than clientTtl",
    withServer(async (server, _, open) => {
      const { clients, drained, factory } = drainingClients()
      const pool = open({ connections: 1, clientTtl: 1, factory })
      const first = new Call(pool)
      const request = await server.request()
      const isDrained = drained(1)
      respond(request)
      await first.settled
      await isDrained
      const connectedAt = Date.now()
      while (Date.now() - connectedAt <= 2) await nextTurn()

      const clientDestroyed = once(request.socket, "close")
      const unserved = new Call(pool)
      await clientDestroyed
      // the old client is closed and its place is free, but nothing gives the place to the request
      for (let turn = 0; turn < 100; turn++) await nextTurn()
      assert.isFalse(unserved.isSettled)
      assert.strictEqual(server.connections, 1)
      assert.strictEqual(clients.length, 1)
      assert.strictEqual(pool.stats.queued, 1)

      // only another request makes it proceed
      const next = new Call(pool)
      respond(await server.request())
      respond(await server.request())
      await Promise.all([unserved.settled, next.settled])
    })
  )

  it(
    "Pool gives a waiting request to a client that it dropped after a connection error, so that it opens too many connections",
    withServer(async (server, _, open) => {
      const connect = buildConnector({})
      let attempts = 0
      const pool = open({
        connections: 1,
        connect: (options, callback) => {
          if (++attempts > 1) connect(options, callback)
          else setImmediate(() => callback(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }), null))
        }
      })
      const refused = new Call(pool)
      const waiting = new Call(pool)
      assert.instanceOf(await refused.settled, Error)
      const onDropped = await server.request()

      const next = new Call(pool)
      const onSecond = await server.request()
      assert.notStrictEqual(onSecond.connection, onDropped.connection)
      assert.strictEqual(server.sockets.size, 2, "connections, where one is allowed")

      respond(onSecond)
      await next.settled
      // and destroying the pool does not end the request
      await pool.destroy()
      await nextTurn()
      assert.isFalse(waiting.isSettled)
      assert.isFalse(onDropped.socket.destroyed)
      respond(onDropped)
      assert.strictEqual(await waiting.settled, "response")
    })
  )

  it(
    "Pool never settles a request that waits while the certificate is for another host",
    withServer(async (_, __, open) => {
      const pool = open({
        connections: 1,
        connect: (_, callback) => {
          setImmediate(() =>
            callback(Object.assign(new Error("another host"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" }), null)
          )
        }
      })
      const rejected = new Call(pool)
      const waiting = new Call(pool)
      assert.instanceOf(await rejected.settled, Error)
      for (let turn = 0; turn < 100; turn++) await nextTurn()
      assert.isFalse(waiting.isSettled)
      assert.strictEqual(pool.stats.queued, 1)
    })
  )

  it(
    "Pool opens a connection again for a request that was aborted",
    withServer(async (server, _, open) => {
      const pool = open({ connections: 1 })
      const call = new Call(pool)
      await server.request()
      call.controller?.abort(new Error("aborted"))
      assert.instanceOf(await call.settled, Error)
      await server.connected(2)
      assert.strictEqual(pool.stats.queued, 0, "requests that wait")
    })
  )

  it(
    "Pool gives a request no controller while it connects or waits, so that it cannot be aborted",
    withServer(async (_, __, open) => {
      let isConnecting = false
      const pool = open({
        connections: 1,
        connect: () => {
          isConnecting = true
        }
      })
      const connecting = new Call(pool)
      const waiting = new Call(pool)
      await nextTurn()
      assert.isTrue(isConnecting)
      assert.isUndefined(connecting.controller)
      assert.isUndefined(waiting.controller)
    })
  )

  it(
    "Pool reconnects without an end when the connector fails with a code of undici's own, and the request does not settle",
    withServer(async (_, __, open) => {
      let attempts = 0
      const pool = open({
        connections: 1,
        connect: (_, callback) => {
          attempts++
          // the end of this test: an error of any other code
          const code = attempts < 50 ? "UND_ERR_SOCKET" : "ECONNREFUSED"
          setImmediate(() => callback(Object.assign(new Error("closed by the proxy"), { code }), null))
        }
      })
      const call = new Call(pool)
      const result = await call.settled
      assert.strictEqual(result instanceof Error && "code" in result ? result.code : result, "ECONNREFUSED")
      assert.strictEqual(attempts, 50)
    })
  )
})
