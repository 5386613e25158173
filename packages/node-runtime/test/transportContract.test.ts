import { Transport } from "@effect-signalwire/core"
import { UndiciTransport } from "@effect-signalwire/node-runtime"
import { FetchHttpClient } from "@effect/platform"
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Socket } from "node:net"
import { setImmediate as nextTurn } from "node:timers/promises"
import * as rawServer from "./faults/harness/rawServer.ts"
import { head, send, sequence, stall } from "./faults/harness/scripts.ts"
import { until } from "./faults/harness/until.ts"

const layers = [
  ["undici", UndiciTransport.layer()],
  ["node:http", Layer.provide(Transport.layerHttpClient, NodeHttpClient.layer)],
  ["fetch", Layer.provide(Transport.layerHttpClient, FetchHttpClient.layer)]
] as const

type Callback = "onRequestSent" | "onHeaders" | "onData"

/** When the client no longer needs the response: it aborts the request in or after a callback, or returns false from it. */
const ends: ReadonlyArray<readonly [what: string, by: "abort" | "later" | "false", where: Callback]> = [
  ["aborted before the headers", "later", "onRequestSent"],
  ["aborted in onHeaders", "abort", "onHeaders"],
  ["aborted in onData", "abort", "onData"],
  ["aborted between two parts of the body", "later", "onData"],
  ["for which onHeaders returned false", "false", "onHeaders"],
  ["for which onData returned false", "false", "onData"]
]

/** A response whose body does not end. */
const response = sequence(send(head(200, { "content-type": "application/json", "content-length": "9" }), "{"), stall)

describe("the contract of Transport", () => {
  for (const [name, layer] of layers) {
    it.scopedLive.each(ends)(
      `over ${name}, a request %s gets no further call, and its connection closes`,
      ([, by, where]) =>
        Effect.gen(function*() {
          let socket: Socket | undefined
          const script = where === "onRequestSent" ? stall : response
          const target = yield* rawServer.make([request => {
            socket = request.socket
            return script(request)
          }])
          const transport = yield* Transport.Transport
          const calls: Array<string> = []
          let abort = () => {}
          const note = (callback: Callback): boolean => {
            calls.push(callback)
            if (callback === where && by === "abort") abort()
            return !(callback === where && by === "false")
          }
          const request = { method: "GET", path: "/", headers: {}, body: null, freshConnection: false } as const
          const abortWith = transport.dispatch({ ...request, origin: target.baseUrl }, {
            onConnection: () => calls.push("onConnection"),
            onRequestSent: () => note("onRequestSent"),
            onHeaders: () => note("onHeaders"),
            onData: () => note("onData"),
            onEnd: () => calls.push("onEnd"),
            onError: cause => calls.push(`onError ${String(cause)}`)
          })
          abort = () => {
            abortWith("interruption")
            calls.push("aborted")
          }
          yield* until(() => socket !== undefined && calls.includes(where))
          if (by === "later") abort()
          yield* until(() => socket?.destroyed === true)
          for (let turn = 0; turn < 5; turn++) yield* Effect.promise(() => nextTurn())
          const expected = ["onConnection", "onRequestSent", "onHeaders", "onData"]
          assert.deepStrictEqual(calls, [
            ...expected.slice(0, expected.indexOf(where) + 1),
            ...(by === "false" ? [] : ["aborted"])
          ])
        }).pipe(Effect.provide(layer))
    )
  }
})
