/** Servers on loopback. */
import { once } from "node:events"
import { createServer, type RequestListener, type Server } from "node:http"
import { createServer as createTlsServer, type Server as TlsServer } from "node:https"
import { generate } from "selfsigned"

export interface Listening {
  readonly port: number
  readonly close: () => void
}

const listen = async (server: Server | TlsServer): Promise<Listening> => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The server has no port")
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { port: address.port, close }
}

export const serve = (listener: RequestListener): Promise<Listening> => listen(createServer(listener))

/** Starts a server with a self-signed certificate. */
export const serveUntrusted = async (): Promise<Listening> => {
  const { cert, private: key } = await generate([{ name: "commonName", value: "127.0.0.1" }], { keySize: 2048 })
  return listen(createTlsServer({ cert, key }, (_, response) => void response.end()))
}
