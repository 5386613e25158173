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
    socket.once("error", fail)
    socket.once(event, () => {
      socket.off("error", fail)
      resolve(socket)
    })
  })

const plain = (url: URL, timeout: number): Promise<net.Socket> =>
  opened(net.connect({ host: hostOf(url), port: portOf(url) }), "connect", timeout)

const secure = (url: URL, socket: net.Socket, timeout: number, ca?: string): Promise<tls.TLSSocket> =>
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

/** A connection to the origin, through the proxy if there is one. */
export const connect = async (origin: URL, proxy: Proxy | undefined, timeout: number): Promise<net.Socket> => {
  if (proxy === undefined) return plain(origin, timeout)
  const toProxy = await plain(proxy.url, timeout)
  const socket = proxy.url.protocol === "https:" ? await secure(proxy.url, toProxy, timeout) : toProxy
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
  socket.destroy()
  throw Object.assign(new Error("proxy"), { code: `status ${tunnel.status}` })
}

/** What is known of a secure connection. */
export interface Secure {
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
  try {
    const { date, status } = await receive(socket, { path, headers: { host: origin.host, connection: "close" } })
    return { status, date: date === undefined ? undefined : new Date(date) }
  } finally {
    socket.destroy()
  }
}
