import { RoomSessions, SignalWireClient, Transport } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { fork } from "node:child_process"
import { apiToken, id, projectId, text } from "./dist/session.js"
const mode = process.argv[2],
  inFlight = Number(process.argv[3] ?? 16),
  rounds = Number(process.argv[4] ?? 60),
  per = Number(process.argv[5] ?? 3000)
const body = Buffer.from(text)
const headers = { "content-type": "application/json" }
const instant = Layer.succeed(Transport.Transport, {
  dispatch: (_, h) => {
    h.onConnection()
    h.onRequestSent()
    if (h.onHeaders(200, headers) && h.onData(body)) h.onEnd()
    return () => {}
  },
  closed: Effect.never,
  mayDecompress: false
})
let origin = "http://127.0.0.1:9"
let child
if (mode === "sockets") {
  child = fork(new URL("./dist/server.js", import.meta.url))
  const port = await new Promise(r => child.once("message", r))
  origin = `http://127.0.0.1:${port}`
}
const make = metrics =>
  Effect.runPromise(Effect.gen(function*() {
    const scope = yield* Scope.make()
    const options = { baseUrl: origin, projectId, apiToken: Redacted.make(apiToken), metrics }
    const live = mode === "sockets" ?
      NodeSignalWire.layer(options)
      : RoomSessions.layer.pipe(
        Layer.provide(SignalWireClient.layerTransport({ ...options, decoder: FastDecoder.make })),
        Layer.provide(instant)
      )
    const sessions = yield* Effect.provide(RoomSessions.RoomSessions, yield* Scope.extend(Layer.build(live), scope))
    return sessions.get(id)
  }))
const on = await make(true), off = await make(false)
const drive = async once => {
  globalThis.gc?.()
  let started = 0
  const cpu = process.cpuUsage()
  const loop = Effect.whileLoop({ while: () => started++ < per, body: () => once, step: () => undefined })
  await Effect.runPromise(
    Effect.all(Array.from({ length: inFlight }, () => loop), { concurrency: "unbounded", discard: true })
  )
  const { user, system } = process.cpuUsage(cpu)
  return (user + system) / per
}
for (let i = 0; i < 12; i++) {
  await drive(on)
  await drive(off)
}
const A = [], B = [], R = []
for (let i = 0; i < rounds; i++) {
  let a, b
  if (i % 2) {
    a = await drive(on)
    b = await drive(off)
  } else {
    b = await drive(off)
    a = await drive(on)
  }
  A.push(a)
  B.push(b)
  R.push(a / b)
}
const median = xs => xs.toSorted((x, y) => x - y)[xs.length >> 1]
const q = (xs, p) => xs.toSorted((x, y) => x - y)[Math.floor(xs.length * p)]
console.log(
  mode,
  inFlight,
  "on",
  median(A).toFixed(2),
  "off",
  median(B).toFixed(2),
  "ratio of medians",
  (median(A) / median(B)).toFixed(4),
  "median ratio",
  median(R).toFixed(4),
  "q25-q75",
  q(R, .25).toFixed(3),
  q(R, .75).toFixed(3)
)
child?.disconnect()
