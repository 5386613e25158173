/** A TCP server that runs a script for each request, so that it can do what no HTTP server does. */
import { Effect, Fiber, type Scope } from "effect"
import * as net from "node:net"

/** A request, and its connection. */
export interface ServerRequest {
  readonly socket: net.Socket
  /** Request line and headers, as they were received. */
  readonly head: string
  /** From 1, over all connections of the server. */
  readonly number: number
}

/** What the server does to a request; interrupted when the connection closes. */
export type Script = (request: ServerRequest) => Effect.Effect<void>

export type Scripts = readonly [Script, ...ReadonlyArray<Script>]

export interface Server {
  readonly port: number
  readonly baseUrl: string
  /** Connections so far. */
  readonly connections: () => number
  /** Heads of the requests so far. */
  readonly requests: ReadonlyArray<string>
  /** When each request was received, in milliseconds of `performance.now()`. */
  readonly times: ReadonlyArray<number>
  /** Connections that are open now. */
  readonly open: () => number
  /** Bytes that were received so far. */
  readonly received: () => number
}

export interface Options {
  /** What happens on a new connection, before any request. */
  readonly onConnection?: ((socket: net.Socket) => void) | undefined
  /** Default `net.createServer()`; a TLS server announces its connections by `secureConnection`. */
  readonly create?: (() => net.Server) | undefined
  readonly connectionEvent?: "connection" | "secureConnection" | undefined
  /** Whether heads and times of requests are recorded; default true. */
  readonly recordsRequests?: boolean | undefined
}

const listen = (server: net.Server): Effect.Effect<number> =>
  Effect.async<number>(resume => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** Runs the n-th script for request n, and the last script for all further requests. */
export const make = (scripts: Scripts, options: Options = {}): Effect.Effect<Server, never, Scope.Scope> =>
  Effect.gen(function*() {
    const sockets = new Set<net.Socket>()
    const requests: Array<string> = []
    const times: Array<number> = []
    let count = 0
    let connections = 0
    let received = 0

    const runScript = (socket: net.Socket, head: string) => {
      const number = ++count
      if (options.recordsRequests !== false) {
        times.push(performance.now())
        requests.push(head)
      }
      const script = scripts[Math.min(number, scripts.length) - 1] ?? scripts[0]
      const fiber = Effect.runFork(script({ socket, head, number }))
      const interrupt = () => void Effect.runFork(Fiber.interrupt(fiber))
      socket.once("close", interrupt)
      fiber.addObserver(() => socket.off("close", interrupt))
    }

    const server = yield* Effect.acquireRelease(
      Effect.sync(() => options.create?.() ?? net.createServer()),
      made =>
        Effect.async<void>(resume => {
          for (const socket of sockets) socket.destroy()
          made.close(() => resume(Effect.void))
        })
    )
    server.on("connection", (socket: net.Socket) => {
      connections++
      sockets.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => sockets.delete(socket))
    })
    server.on(options.connectionEvent ?? "connection", (socket: net.Socket) => {
      let unread = ""
      socket.on("error", () => {})
      socket.on("data", bytes => {
        received += bytes.byteLength
        unread += bytes.toString("latin1")
        for (let end = unread.indexOf("\r\n\r\n"); end >= 0; end = unread.indexOf("\r\n\r\n")) {
          const head = unread.slice(0, end)
          unread = unread.slice(end + 4)
          runScript(socket, head)
        }
      })
      options.onConnection?.(socket)
    })
    const port = yield* listen(server)
    return {
      port,
      baseUrl: `http://127.0.0.1:${port}`,
      connections: () => connections,
      requests,
      times,
      open: () => sockets.size,
      received: () => received
    }
  })

/** The base URL of a port without a listener; a client socket occupies it, so that no listener can take it meanwhile. */
export const closedPort: Effect.Effect<string, never, Scope.Scope> = Effect.gen(function*() {
  const { port } = yield* make([() => Effect.never])
  const socket = yield* Effect.acquireRelease(
    Effect.async<net.Socket>(resume => {
      const made = net.connect(port, "127.0.0.1", () => resume(Effect.succeed(made)))
    }),
    made => Effect.sync(() => void made.destroy())
  )
  return `http://127.0.0.1:${socket.localPort}`
})
