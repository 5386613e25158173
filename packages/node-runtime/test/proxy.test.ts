import { SignalWireClient, Transport } from "@effect-signalwire/core"
import { NodeSignalWire, UndiciTransport } from "@effect-signalwire/node-runtime"
import { HttpClient, HttpClientRequest } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { queryObjects } from "node:v8"
import { ConnectionPool } from "../src/internal/pool/connectionPool.ts"
import { get } from "./faults/harness/call.ts"
import * as rawServer from "./faults/harness/rawServer.ts"
import { fin, ok, send, sequence, withRequest } from "./faults/harness/scripts.ts"
import { until } from "./faults/harness/until.ts"

/** A proxy that is the server of all origins as well. */
const proxyFor = (script: rawServer.Script) =>
  rawServer.make([
    withRequest(({ head }) => (head.startsWith("CONNECT ") ? send("HTTP/1.1 200 OK\r\n\r\n") : script))
  ])

/** The hosts of the requests in the tunnels. */
const hostsOf = ({ requests }: rawServer.Server): ReadonlyArray<string | undefined> =>
  requests.filter(head => head.startsWith("GET ")).map(head => /^host: (.*)$/im.exec(head)?.[1]?.trim())

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

  it.scopedLive("a transform that alternates between two origins sends each of them its own Host", () =>
    Effect.gen(function*() {
      const proxy = yield* proxyFor(ok)
      const client = NodeSignalWire.layer({
        baseUrl: "http://127.0.0.1:1",
        projectId: "p",
        apiToken: Redacted.make("PT0123456789"),
        proxy: proxy.baseUrl
      })
      const elsewhere = SignalWireClient.withTransform(
        HttpClient.mapRequest(request => HttpClientRequest.setUrl(request, "http://127.0.0.1:2/"))
      )
      yield* Effect.all([elsewhere(get), get, elsewhere(get), get]).pipe(Effect.provide(client))
      assert.deepStrictEqual(hostsOf(proxy), ["127.0.0.1:2", "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:1"])
    }))
})
