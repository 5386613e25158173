/** A Node server. When the scope closes, it stops immediately and closes all connections. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type * as HttpServer from "@effect/platform/HttpServer"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { randomUUID } from "node:crypto"
import * as Http from "node:http"
import * as Https from "node:https"
import type { Socket } from "node:net"
import type { Duplex } from "node:stream"
import { inUrl } from "../host.ts"
import type { Certificate } from "./certificate.ts"
import { reasonBody } from "./errorResponse.ts"

/**
 * The sandbox could not listen on its port. `PortInUse`, `NotPermitted` and `UnknownHost` are `EADDRINUSE`, `EACCES` and `EADDRNOTAVAIL`
 * or `ENOTFOUND` of the operating system, or an empty host; `InvalidPort` is not a whole number from 0 to 65535.
 *
 * @since 1.0.0
 * @category errors
 * @example
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 * import { Layer } from "effect"
 *
 * const fixedOrFree = SandboxSpace.layer({ port: 4080 }).pipe(
 *   Layer.catchAll(error =>
 *     SandboxSpace.layer({ port: error._tag === "ListenError" && error.reason === "PortInUse" ? 0 : 4081 })
 *   )
 * )
 */
export class ListenError extends Data.TaggedError("ListenError")<{
  /** The requested port. */
  readonly port: number
  /** The requested host, such as `127.0.0.1`. */
  readonly host: string
  /** Why the sandbox cannot listen. */
  readonly reason: "PortInUse" | "NotPermitted" | "InvalidPort" | "UnknownHost" | "Other"
}> {
  override get message(): string {
    switch (this.reason) {
      case "PortInUse":
        return `Port ${this.port} of ${this.host} is in use; choose another one, or 0 for any free port`
      case "NotPermitted":
        return `Listening on port ${this.port} of ${this.host} is not permitted; choose one above 1023`
      case "InvalidPort":
        return `Port ${this.port} does not exist; expected a whole number from 0 to 65535`
      case "UnknownHost":
        return `${
          this.host === "" ? "An empty host" : this.host
        } is no address of this machine; choose 127.0.0.1, or 0.0.0.0 for all addresses`
      case "Other":
        return `Cannot listen on port ${this.port} of ${this.host}`
    }
  }
}

const reasons: ReadonlyMap<unknown, ListenError["reason"]> = new Map([
  ["EADDRINUSE", "PortInUse"],
  ["EACCES", "NotPermitted"],
  ["EADDRNOTAVAIL", "UnknownHost"],
  ["ENOTFOUND", "UnknownHost"]
])

const reasonOf = (cause: unknown): ListenError["reason"] =>
  reasons.get(cause instanceof Error && "code" in cause ? cause.code : undefined) ?? "Other"

/** Closes every connection, including those with a request in progress. */
const close = (server: Http.Server, sockets: ReadonlySet<Socket>): Effect.Effect<void> =>
  Effect.async<void>(resume => {
    server.close(() => resume(Effect.void))
    for (const socket of sockets) socket.destroy()
  })

const statusOf = ({ code }: NodeJS.ErrnoException): number =>
  code === "HPE_HEADER_OVERFLOW" ? 431 : code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400

/** Responds to invalid HTTP and to headers above the limit, which do not reach the application. Node's own response has no body. */
const rejectInvalid = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy()
  const status = statusOf(error)
  const body = reasonBody(status)
  const headers = [
    `HTTP/1.1 ${status} ${Http.STATUS_CODES[status]}`,
    "connection: close",
    "content-type: application/json",
    `content-length: ${body.length}`,
    `x-request-id: ${randomUUID()}`
  ]
  socket.end(`${headers.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy())
}

/** A server that listens. */
export interface Listener {
  readonly server: HttpServer.HttpServer
  /** The address without a path, by which a client on this machine reaches it. */
  readonly url: string
  /** Resets the connection of a socket of the server. */
  readonly reset: (socket: Socket) => void
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Without one, the server has no TLS. */
  readonly certificate: Certificate | undefined
}

/** Over TLS, the socket of a request is not that of the connection. */
const connectionOf = (socket: Socket, connections: ReadonlySet<Socket>): Socket =>
  connections.has(socket)
    ? socket
    : [...connections].find(({ remoteAddress, remotePort }) =>
      remotePort === socket.remotePort && remoteAddress === socket.remoteAddress
    ) ?? socket

/** The socket of TLS closes with its connection. If it is destroyed too, Node fails when the server is closed. */
const reset = (socket: Socket, connections: ReadonlySet<Socket>): void => {
  connectionOf(socket, connections).resetAndDestroy()
}

/** All addresses include that of loopback. */
const urlOf = (server: HttpServer.HttpServer, { certificate, host, port }: ListenOptions): string => {
  const local = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host
  const actual = server.address._tag === "TcpAddress" ? server.address.port : port
  return `${certificate === undefined ? "http" : "https"}://${inUrl(local)}:${actual}`
}

export const listen = (options: ListenOptions): Effect.Effect<Listener, ListenError, Scope.Scope> => {
  const { certificate, host, port } = options
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    return Effect.fail(new ListenError({ port, host, reason: "InvalidPort" }))
  }
  // Node would listen on all addresses
  if (host.trim() === "") return Effect.fail(new ListenError({ port, host, reason: "UnknownHost" }))
  const server = certificate === undefined ? Http.createServer() : Https.createServer(certificate)
  const sockets = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  server.on("clientError", rejectInvalid)
  return NodeHttpServer.make(() => server, { host, port }).pipe(
    Effect.mapError(({ cause }) => new ListenError({ port, host, reason: reasonOf(cause) })),
    // runs before the platform's own finalizer, which waits until the last connection is closed
    Effect.tap(() => Effect.addFinalizer(() => close(server, sockets))),
    Effect.map(server => ({ server, url: urlOf(server, options), reset: socket => reset(socket, sockets) }))
  )
}
