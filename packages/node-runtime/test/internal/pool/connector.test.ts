import { assert, describe, it } from "@effect/vitest"
import type { LookupFunction } from "node:net"
import * as net from "node:net"
import { buildConnector } from "undici"
import { type Connect, direct } from "../../../src/internal/pool/connector.ts"

const listening = async () => {
  const server = net.createServer(socket => socket.resume())
  await new Promise<void>(resolve => void server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return { server, port: typeof address === "object" && address !== null ? address.port : 0 }
}

/** The socket of a connection, or the code of its error, to a host. */
const connected = (connect: Connect, port: number, hostname = "space.example") =>
  new Promise<net.Socket | string>(resolve => {
    connect(
      { hostname, host: hostname, protocol: "http:", port: String(port) },
      (...[error, socket]) => resolve(error === null ? socket : String(Reflect.get(error, "code")))
    )
  })

const connector = (lookup: LookupFunction, timeoutMillis: number) =>
  direct(buildConnector({ timeout: 0, lookup }), timeoutMillis)

describe("a direct connection", () => {
  it("a lookup that takes longer than a connection may take, up to twice its time, leaves the connection its time", async () => {
    const { port, server } = await listening()
    const slow: LookupFunction = (_, __, callback) => {
      setTimeout(() => callback(null, [{ address: "127.0.0.1", family: 4 }]), 1300)
    }
    const socket = await connected(connector(slow, 1000), port)
    assert.instanceOf(socket, net.Socket)
    socket.destroy()
    server.close()
  })

  it("a lookup that never ends fails with the code of a connection that took too long", async () => {
    assert.strictEqual(await connected(connector(() => {}, 100), 1), "UND_ERR_CONNECT_TIMEOUT")
  })

  it("a lookup that fails is the error of the connection", async () => {
    const failing: LookupFunction = (_, __, callback) => callback(Object.assign(new Error(), { code: "ENOTFOUND" }), "")
    assert.strictEqual(await connected(connector(failing, 1000), 1), "ENOTFOUND")
  })

  it("an address, which has no lookup, is connected to", async () => {
    const { port, server } = await listening()
    const never: LookupFunction = () => assert.fail("a lookup of an address")
    const socket = await connected(connector(never, 1000), port, "127.0.0.1")
    assert.instanceOf(socket, net.Socket)
    socket.destroy()
    server.close()
  })
})
