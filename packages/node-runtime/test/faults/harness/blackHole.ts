/** A port without a SYN-ACK: it listens, accepts nothing, and its backlog is full. */
import { Effect, type Scope } from "effect"
import * as net from "node:net"
import { Worker } from "node:worker_threads"

/** The thread blocks as soon as it listens, so that it never accepts. */
const listener = `
  const { createServer } = require("node:net")
  const { parentPort } = require("node:worker_threads")
  const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })
`

/** More than a backlog of one takes: the first are connected, the others wait. */
const fillers = 4

const connectFor = (port: number, millis: number): Effect.Effect<boolean, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => net.connect(port, "127.0.0.1").on("error", () => {})),
    socket => Effect.sync(() => void socket.destroy())
  ).pipe(
    Effect.delay(0),
    Effect.flatMap(socket => Effect.delay(Effect.sync(() => !socket.connecting), millis))
  )

/** The port, or undefined where the system completes a handshake in spite of a full backlog. */
export const make: Effect.Effect<number | undefined, never, Scope.Scope> = Effect.gen(function*() {
  const worker = yield* Effect.acquireRelease(
    Effect.sync(() => new Worker(listener, { eval: true })),
    made => Effect.promise(() => made.terminate())
  )
  const port = yield* Effect.async<number>(resume => {
    worker.once("message", (listening: number) => resume(Effect.succeed(listening)))
  })
  yield* Effect.replicateEffect(connectFor(port, 50), fillers)
  return (yield* connectFor(port, 200)) ? undefined : port
})
