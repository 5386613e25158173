import { SignalWireClient, Transport } from "@effect-signalwire/core"
import { NodeSignalWire, UndiciTransport } from "@effect-signalwire/node-runtime"
import { HttpClient, HttpClientRequest } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { createServer, type Server } from "node:http"
import { connect, type Socket } from "node:net"
import { pipeline } from "node:stream"
import { queryObjects } from "node:v8"
import { ConnectionPool } from "../src/internal/pool/connectionPool.ts"
import { get } from "./faults/harness/call.ts"
import * as certificates from "./faults/harness/certificates.ts"
import type * as rawServer from "./faults/harness/rawServer.ts"
import { fin, ok, sequence } from "./faults/harness/scripts.ts"
import * as tlsServer from "./faults/harness/tlsServer.ts"
import { until } from "./faults/harness/until.ts"

/** A proxy whose tunnels all lead to one server, with a certificate for every host of `test.example`. */
const make = (script: rawServer.Script) =>
  Effect.gen(function*() {
    const authority = yield* certificates.authority
    const certificate = yield* certificates.make({ by: authority, host: "*.test.example" })
    const server = yield* tlsServer.make(certificate, [script])
    const proxy = yield* Effect.acquireRelease(
      Effect.async<Server>(resume => {
        const made = createServer().on("connect", (_, socket: Socket) => {
          const tunnel = connect(server.port, "127.0.0.1", () => {
            socket.write("HTTP/1.1 200 OK\r\n\r\n")
            pipeline(socket, tunnel, socket, () => {})
          })
        })
        made.listen(0, "127.0.0.1", () => resume(Effect.succeed(made)))
      }),
      made =>
        Effect.sync(() => {
          made.close()
          made.closeAllConnections()
        })
    )
    const address = proxy.address()
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`
    return { server, options: { proxy: url, ca: authority.cert } }
  })

/** The hosts of the requests in the tunnels. */
const hostsOf = ({ requests }: rawServer.Server): ReadonlyArray<string | undefined> =>
  requests.map(head => /^host: (.*)$/im.exec(head)?.[1]?.trim())

describe("a proxy", () => {
  it.scopedLive("no pool remains for the origins whose connections have closed, and every request has its response", () =>
    Effect.gen(function*() {
      const { options } = yield* make(sequence(ok, fin))
      const origins = Array.from({ length: 15 }, (_, index) => `https://host-${index}.test.example`)
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
      }).pipe(Effect.provide(UndiciTransport.layer(options)))
    }))

  it.scopedLive("a transform that alternates between two origins sends each of them its own Host", () =>
    Effect.gen(function*() {
      const { options, server } = yield* make(ok)
      const client = NodeSignalWire.layer({
        ...options,
        baseUrl: "https://a.test.example",
        projectId: "p",
        apiToken: Redacted.make("PT0123456789")
      })
      const elsewhere = SignalWireClient.withTransform(
        HttpClient.mapRequest(request => HttpClientRequest.setUrl(request, "https://b.test.example/"))
      )
      yield* Effect.all([elsewhere(get), get, elsewhere(get), get]).pipe(Effect.provide(client))
      const [a, b] = ["a.test.example", "b.test.example"]
      assert.deepStrictEqual(hostsOf(server), [b, a, b, a])
    }))
})
