/** A raw server behind TLS. */
import { Effect, type Scope } from "effect"
import type { Socket } from "node:net"
import * as tls from "node:tls"
import type { Certificate } from "./certificates.ts"
import * as rawServer from "./rawServer.ts"

export const make = (
  certificate: Certificate,
  scripts: rawServer.Scripts,
  options: tls.TlsOptions = {},
  /** Called with each connection below TLS. */
  onTcpConnection: (socket: Socket) => void = () => {}
): Effect.Effect<rawServer.Server, never, Scope.Scope> =>
  Effect.map(
    rawServer.make(scripts, {
      create: () =>
        tls.createServer({ ...certificate, ...options })
          .on("tlsClientError", () => {})
          .on("connection", onTcpConnection),
      connectionEvent: "secureConnection"
    }),
    server => ({ ...server, baseUrl: `https://127.0.0.1:${server.port}` })
  )
