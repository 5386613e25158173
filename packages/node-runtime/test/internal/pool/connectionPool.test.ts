import { assert, describe, it } from "@effect/vitest"
import { once } from "node:events"
import * as http from "node:http"
import { buildConnector, request } from "undici"
import { ConnectionPool } from "../../../src/internal/pool/connectionPool.ts"
import { direct } from "../../../src/internal/pool/connector.ts"

const listening = async (): Promise<{ readonly server: http.Server; readonly origin: string }> => {
  const server = http.createServer((_, response) => response.end("{}"))
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  return { server, origin: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}` }
}

describe("ConnectionPool", () => {
  it("the pool forgets an origin when its last connection has closed, and connects to it again", async () => {
    const pool = new ConnectionPool({
      connect: direct(buildConnector({})),
      maxConnections: 2,
      hasMetrics: true,
      maxHeaderBytes: 16_384,
      maxAge: 60_000
    })
    const { origin, server } = await listening()
    const origins = (): unknown => Reflect.get(pool, "origins")
    const size = (): unknown => Reflect.get(Object(origins()), "size")
    try {
      for (let round = 0; round < 2; round++) {
        // oxlint-disable-next-line no-await-in-loop -- the second connection is made after the first has closed
        const { body, statusCode } = await request(origin, { dispatcher: pool.compose(dispatch => dispatch) })
        assert.strictEqual(statusCode, 200)
        // oxlint-disable-next-line no-await-in-loop
        await body.dump()
        assert.strictEqual(size(), 1)
        server.closeAllConnections()
        // oxlint-disable-next-line no-await-in-loop
        while (size() !== 0) await new Promise(resolve => setImmediate(resolve))
      }
    } finally {
      await pool.destroy()
      server.close()
    }
  })
})
