import { Transport } from "@effect-signalwire/core"
import { UndiciTransport } from "@effect-signalwire/node-runtime"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { queryObjects } from "node:v8"
import { ConnectionPool } from "../src/internal/pool/connectionPool.ts"
import * as rawServer from "./faults/harness/rawServer.ts"
import { fin, ok, send, sequence, withRequest } from "./faults/harness/scripts.ts"
import { until } from "./faults/harness/until.ts"

/** A proxy that is the server of all origins as well. */
const proxyFor = (script: rawServer.Script) =>
  rawServer.make([
    withRequest(({ head }) => (head.startsWith("CONNECT ") ? send("HTTP/1.1 200 OK\r\n\r\n") : script))
  ])

describe("a proxy", () => {
  it.scopedLive("no pool remains for the origins whose connections have closed, and every request has its response", () =>
    Effect.gen(function*() {
      const proxy = yield* proxyFor(sequence(ok, fin))
      const origins = Array.from({ length: 50 }, (_, index) => `http://host-${index}.example`)
      const request = { method: "GET", path: "/", headers: {}, body: null, freshConnection: false } as const
      const pools = () => queryObjects(ConnectionPool, { format: "count" })
      yield* Effect.gen(function*() {
        const transport = yield* Transport.Transport
        const onlyProxy = pools()
        const statuses = yield* Effect.forEach(
          [...origins, ...origins, ...origins],
          origin =>
            Effect.async<number, unknown>(resume => {
              let status = 0
              transport.dispatch({ ...request, origin }, {
                onConnection: () => {},
                onRequestSent: () => {},
                onHeaders: received => {
                  status = received
                  return true
                },
                onData: () => true,
                onEnd: () => resume(Effect.succeed(status)),
                onError: cause => resume(Effect.fail(cause))
              })
            }),
          { concurrency: 20 }
        )
        assert.isTrue(statuses.every(status => status === 200))
        yield* until(() => pools() === onlyProxy)
      }).pipe(Effect.provide(UndiciTransport.layer({ proxy: proxy.baseUrl })))
    }))
})
