/** A raw server behind TLS. */
import { Effect, type Scope } from "effect"
import type { Socket } from "node:net"
import * as tls from "node:tls"
import * as certificates from "./certificates.ts"
import * as rawServer from "./rawServer.ts"

export const make = (
  certificate: certificates.Certificate,
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

/** A server with a certificate of its own authority, which a client has to trust. */
export const withAuthority = (
  scripts: rawServer.Scripts
): Effect.Effect<rawServer.Server & { readonly ca: string }, never, Scope.Scope> =>
  Effect.gen(function*() {
    const authority = yield* certificates.authority
    const server = yield* make(yield* certificates.make({ by: authority }), scripts)
    return { ...server, ca: authority.cert }
  })
