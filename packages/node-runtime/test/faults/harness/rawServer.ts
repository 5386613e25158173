/** A TCP server that does what no HTTP server would: each request has its response by a script of ours. */
import { Effect, Fiber, type Scope } from "effect"
import * as net from "node:net"

/** One request, and the connection that it came by. */
export interface Exchange {
  readonly socket: net.Socket
  /** Request line and headers, as they came. */
  readonly head: string
  /** From 1, over all connections of the server. */
  readonly number: number
}

/** What the server does about a request; ended when its connection closes. */
export type Script = (exchange: Exchange) => Effect.Effect<void>

export type Scripts = readonly [Script, ...ReadonlyArray<Script>]

export interface Server {
  readonly port: number
  readonly baseUrl: string
  /** Connections so far. */
  readonly connections: () => number
  /** Heads of the requests so far. */
  readonly requests: ReadonlyArray<string>
  /** When each request came, in milliseconds of `performance.now()`. */
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
  /** Whether heads and times of requests are kept; default true. */
  readonly keepsRequests?: boolean | undefined
}

const listen = (server: net.Server): Effect.Effect<number> =>
  Effect.async<number>(resume => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** Answers request number n by the n-th script, and all further ones by the last. */
export const make = (scripts: Scripts, options: Options = {}): Effect.Effect<Server, never, Scope.Scope> =>
  Effect.gen(function*() {
    const sockets = new Set<net.Socket>()
    const requests: Array<string> = []
    const times: Array<number> = []
    let count = 0
    let connections = 0
    let received = 0

    const response = (socket: net.Socket, head: string) => {
      const number = ++count
      if (options.keepsRequests !== false) {
        times.push(performance.now())
        requests.push(head)
      }
      const script = scripts[Math.min(number, scripts.length) - 1] ?? scripts[0]
      const fiber = Effect.runFork(script({ socket, head, number }))
      const end = () => void Effect.runFork(Fiber.interrupt(fiber))
      socket.once("close", end)
      fiber.addObserver(() => socket.off("close", end))
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
          response(socket, head)
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

/** The base URL of a port that nobody listens on, and that nobody else gets meanwhile: a connection has it as its own. */
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
