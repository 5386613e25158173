/** A real forward proxy, and what it received. */
import { Effect, type Scope } from "effect"
import * as http from "node:http"
import type { Socket } from "node:net"
import { createProxy } from "proxy"

export interface ProxyServer {
  readonly url: string
  readonly port: number
  /** Request lines. */
  readonly requests: ReadonlyArray<string>
  /** Headers of all requests to the proxy itself; what goes through a tunnel is not in them. */
  readonly heads: () => string
  readonly open: () => number
}

/**
 * @param authenticate whether a request with this `proxy-authorization` may pass; default any
 */
export const make = (
  authenticate?: (credentials: string | undefined) => boolean
): Effect.Effect<ProxyServer, never, Scope.Scope> =>
  Effect.gen(function*() {
    const requests: Array<string> = []
    const heads: Array<string> = []
    const sockets = new Set<Socket>()
    const note = (request: http.IncomingMessage) => {
      requests.push(`${request.method} ${request.url}`)
      heads.push(request.rawHeaders.join("\n"))
    }
    const server = yield* Effect.acquireRelease(
      Effect.sync(() => {
        const made = createProxy(http.createServer())
        if (authenticate !== undefined) {
          made.authenticate = request => authenticate(request.headers["proxy-authorization"])
        }
        return made
      }),
      made =>
        Effect.async<void>(resume => {
          for (const socket of sockets) socket.destroy()
          made.close(() => resume(Effect.void))
        })
    )
    server.on("connection", (socket: Socket) => {
      sockets.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => sockets.delete(socket))
    })
    server.prependListener("connect", note)
    server.prependListener("request", note)
    const port = yield* Effect.async<number>(resume => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
      })
    })
    return { url: `http://127.0.0.1:${port}`, port, requests, heads: () => heads.join("\n"), open: () => sockets.size }
  })
