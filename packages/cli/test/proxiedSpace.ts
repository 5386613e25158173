/** A space over TLS whose name only an authenticating proxy can resolve. */
import { RoomSession } from "@effect-signalwire/core"
import { Effect, Schema, type Scope } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import * as http from "node:http"
import * as https from "node:https"
import { connect, type Server, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { generate } from "selfsigned"

/** No name server resolves it (RFC 6761). */
const host = "acme.invalid"

const password = "proxy-secret"

export interface ProxiedSpace {
  /** The variables of the space, without a proxy. */
  readonly env: Readonly<Record<string, string>>
  /** The address of the proxy, with user and password. */
  readonly proxy: string
  /** The same with a wrong password. */
  readonly wrongProxy: string
  readonly password: string
  /** The address of the space on this machine. */
  readonly loopback: string
  /** The targets of the CONNECT requests that the proxy received. */
  readonly tunnels: ReadonlyArray<string>
}

const listening = <S extends Server>(make: () => S): Effect.Effect<{ server: S; port: number }, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.async<{ server: S; port: number; sockets: ReadonlySet<Socket> }>(resume => {
      const server = make()
      const sockets = new Set<Socket>()
      server.on("connection", socket => sockets.add(socket.on("error", () => {})))
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = address !== null && typeof address === "object" ? address.port : 0
        resume(Effect.succeed({ server, port, sockets }))
      })
    }),
    ({ server, sockets }) =>
      Effect.async<void>(resume => {
        server.close(() => resume(Effect.void))
        for (const socket of sockets) socket.destroy()
      })
  )

const certificate = () =>
  generate([{ name: "commonName", value: host }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: host }, { type: 7, ip: "127.0.0.1" }] }]
  })

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "proxied-space-"))),
  path => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** @param status the status of each response */
export const make = (
  session: RoomSession.RoomSessionSummary,
  status = 200
): Effect.Effect<ProxiedSpace, never, Scope.Scope> =>
  Effect.gen(function*() {
    const { cert, private: key } = yield* Effect.promise(certificate)
    const file = join(yield* folder, "authority.pem")
    writeFileSync(file, cert)

    const body = JSON.stringify(Schema.encodeSync(RoomSession.RoomSessionSummary)(session))
    const space = yield* listening(() =>
      https.createServer({ cert, key }, (_, response) => {
        response.writeHead(status, { "content-type": "application/json" }).end(body)
      })
    )

    const tunnels: Array<string> = []
    const credentials = `Basic ${Buffer.from(`someone:${password}`).toString("base64")}`
    const proxy = yield* listening(() =>
      http.createServer().on("connect", (request, client, head) => {
        tunnels.push(request.url ?? "")
        if (request.headers["proxy-authorization"] !== credentials) {
          client.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
          return
        }
        const upstream = connect(space.port, "127.0.0.1", () => {
          client.write("HTTP/1.1 200 Connection established\r\n\r\n")
          upstream.write(head)
          upstream.pipe(client).pipe(upstream)
        })
        upstream.on("error", () => client.destroy())
        client.on("error", () => upstream.destroy())
      })
    )

    const proxyFor = (secret: string) => `http://someone:${secret}@127.0.0.1:${proxy.port}`
    return {
      env: {
        SIGNALWIRE_REST_BASE_URL: `https://${host}`,
        SIGNALWIRE_REST_CA_FILE: file,
        SIGNALWIRE_PROJECT_ID: "p",
        SIGNALWIRE_API_TOKEN: "t"
      },
      proxy: proxyFor(password),
      wrongProxy: proxyFor(`${password}-of-yesterday`),
      password,
      loopback: `https://127.0.0.1:${space.port}`,
      tunnels
    }
  })
