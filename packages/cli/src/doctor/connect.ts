/** One request without credentials, as a client of the space would send it, step by step. */
import { lookup } from "node:dns/promises"
import * as http from "node:http"
import * as net from "node:net"
import * as tls from "node:tls"

export interface Proxy {
  readonly url: URL
}

/** The port of a URL, also where it is that of its scheme. */
export const portOf = ({ port, protocol }: URL): number =>
  port === "" ? (protocol === "https:" ? 443 : 80) : Number(port)

/** The host without the brackets of IPv6. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "")

export const resolve = async (url: URL): Promise<ReadonlyArray<string>> =>
  (await lookup(hostOf(url), { all: true })).map(({ address }) => address)

/** Settles with the first event, and closes the socket on an error or at the timeout. */
const opened = <S extends net.Socket>(socket: S, event: "connect" | "secureConnect", timeout: number): Promise<S> =>
  new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    socket.setTimeout(timeout, () => fail(Object.assign(new Error("timeout"), { code: "ETIMEDOUT" })))
    // also later: an error between two steps would end the process
    socket.on("error", fail)
    socket.once(event, () => resolve(socket))
  })

const secure = (url: URL, socket: net.Socket, timeout: number, ca: string | undefined): Promise<tls.TLSSocket> =>
  opened(
    tls.connect({
      socket,
      ...(net.isIP(hostOf(url)) === 0 ? { servername: hostOf(url) } : { host: hostOf(url) }),
      ...(ca === undefined ? {} : { ca })
    }),
    "secureConnect",
    timeout
  )

const receive = (
  socket: net.Socket,
  options: http.RequestOptions
): Promise<{ readonly status: number; readonly date: string | undefined; readonly socket: net.Socket }> =>
  new Promise((resolve, reject) => {
    const request = http.request({ ...options, createConnection: () => socket })
    request.once("error", reject)
    request.once(
      "connect",
      ({ headers, statusCode = 0 }, tunnel) => resolve({ status: statusCode, date: headers.date, socket: tunnel })
    )
    request.once("response", response => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, date: response.headers.date, socket })
    })
    socket.once("timeout", () => reject(Object.assign(new Error("timeout"), { code: "ETIMEDOUT" })))
    request.end()
  })

/** The code of the error of a proxy that responds, but makes no tunnel. */
const codeOfStatus = (status: number): string => `status ${status}`

/** The status in the code of an error; undefined where no proxy responded. */
export const statusOf = (code: string): number | undefined => {
  const [, status] = /^status (\d+)$/.exec(code) ?? []
  return status === undefined ? undefined : Number(status)
}

/**
 * Connects to the origin, through the proxy if there is one.
 *
 * @param first a new socket, which becomes that of the origin or of the proxy
 */
export const connect = async (
  origin: URL,
  proxy: Proxy | undefined,
  first: net.Socket,
  timeout: number,
  ca: string | undefined
): Promise<net.Socket> => {
  const target = proxy?.url ?? origin
  await opened(first.connect({ host: hostOf(target), port: portOf(target) }), "connect", timeout)
  if (proxy === undefined) return first
  const socket = proxy.url.protocol === "https:" ? await secure(proxy.url, first, timeout, ca) : first
  const authority = `${origin.hostname}:${portOf(origin)}`
  const { password, username } = proxy.url
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
  const tunnel = await receive(socket, {
    method: "CONNECT",
    path: authority,
    headers: {
      host: authority,
      ...(username === "" ? {} : { "proxy-authorization": `Basic ${credentials.toString("base64")}` })
    }
  })
  if (tunnel.status === 200) return tunnel.socket
  throw Object.assign(new Error("proxy"), { code: codeOfStatus(tunnel.status) })
}

/** What is known of a secure connection. */
interface Secure {
  readonly socket: tls.TLSSocket
  readonly protocol: string
  readonly issuer: string
  readonly validTo: Date
}

export const handshake = async (
  origin: URL,
  connection: net.Socket,
  timeout: number,
  ca: string | undefined
): Promise<Secure> => {
  const socket = await secure(origin, connection, timeout, ca)
  const { issuer, valid_to } = socket.getPeerCertificate()
  return {
    socket,
    protocol: socket.getProtocol() ?? "unknown",
    issuer: [issuer.O, issuer.CN].flat().find(name => name !== undefined && name !== "") ?? "an unknown authority",
    validTo: new Date(valid_to)
  }
}

/** The status and the date of a response to a request without credentials. */
export const request = async (origin: URL, path: string, socket: net.Socket) => {
  const { date, status } = await receive(socket, { path, headers: { host: origin.host, connection: "close" } })
  return { status, date: date === undefined ? undefined : new Date(date) }
}
