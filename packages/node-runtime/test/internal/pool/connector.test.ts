import { afterEach, assert, beforeEach, describe, it, vi } from "@effect/vitest"
import { once } from "node:events"
import * as net from "node:net"
import { setImmediate as nextTurn } from "node:timers/promises"
import { buildConnector } from "undici"
import { direct } from "../../../src/internal/pool/connector.ts"

const timeout = "UND_ERR_CONNECT_TIMEOUT"

const listening = async () => {
  const server = net.createServer(socket => {
    socket.on("error", () => {})
    socket.resume()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  return { server, port: typeof address === "object" && address !== null ? String(address.port) : "0" }
}

type Resolve = (addresses: ReadonlyArray<string>, error?: Error) => void

/** Connects, with a second for a connection. `settled` has the socket, or the code of the error. */
const connecting = (port: string, { hostname = "space.example", protocol = "http:" } = {}) => {
  const lookups: Array<Resolve> = []
  const lookup: net.LookupFunction = (_, __, callback) =>
    void lookups.push((addresses, error) => callback(error ?? null, addresses.map(address => ({ address, family: 4 }))))
  const settled: Array<net.Socket | string> = []
  direct(buildConnector({ timeout: 0, lookup }), 1000)(
    { hostname, host: hostname, protocol, port },
    (...[error, socket]) => settled.push(error === null ? socket : String(Reflect.get(error, "code")))
  )
  return { lookups, settled }
}

const settle = async (settled: ReadonlyArray<unknown>) => {
  // oxlint-disable-next-line no-await-in-loop -- a turn of the event loop after the other
  while (settled.length === 0) await nextTurn()
}

/** A loop of the event loop, for what follows a timer. */
const pass = async (millis: number) => {
  vi.advanceTimersByTime(millis)
  await nextTurn()
  await nextTurn()
}

describe("a direct connection", () => {
  // not the timers of the network, which are those of Node itself
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }))
  afterEach(() => void vi.useRealTimers())

  it("a lookup has twice the time of the connection after it", async () => {
    const { port, server } = await listening()
    const { lookups, settled } = connecting(port)
    await pass(1999)
    lookups[0]?.(["127.0.0.1"])
    await settle(settled)
    const [socket] = settled
    assert.instanceOf(socket, net.Socket)
    await pass(10_000)
    assert.strictEqual(socket.destroyed, false)
    socket.destroy()
    server.close()
  })

  it("a lookup that takes longer is the error of a connection that takes too long", async () => {
    const { settled } = connecting("1")
    await pass(1999)
    assert.deepStrictEqual(settled, [])
    await pass(1)
    await settle(settled)
    assert.deepStrictEqual(settled, [timeout])
  })

  it("a connection has its time from the end of the lookup on", async () => {
    const { port, server } = await listening()
    // the server sends nothing, so that the handshake does not end
    const { lookups, settled } = connecting(port, { protocol: "https:" })
    await pass(500)
    lookups[0]?.(["127.0.0.1"])
    await pass(999)
    assert.deepStrictEqual(settled, [])
    await pass(1)
    await settle(settled)
    assert.deepStrictEqual(settled, [timeout])
    server.close()
  })

  it("a connection to an address, which has no lookup, has the time of a connection", async () => {
    const { port, server } = await listening()
    const { lookups, settled } = connecting(port, { hostname: "127.0.0.1", protocol: "https:" })
    await pass(999)
    assert.deepStrictEqual(settled, [])
    await pass(1)
    await settle(settled)
    assert.deepStrictEqual(settled, [timeout])
    assert.lengthOf(lookups, 0)
    server.close()
  })

  it("a lookup that fails is the error of the connection", async () => {
    const { lookups, settled } = connecting("1")
    lookups[0]?.([], Object.assign(new Error(), { code: "ENOTFOUND" }))
    await settle(settled)
    assert.deepStrictEqual(settled, ["ENOTFOUND"])
  })
})
