/** The client's side of connections to servers of the tests, over every transport. */
import { Effect } from "effect"
import diagnostics from "node:diagnostics_channel"
import type { Socket } from "node:net"
import { until } from "./until.ts"

/** Sockets that are connected, by the port of the server. */
const connected = new Map<number, Set<Socket>>()

const openSockets = (port: number): ReadonlyArray<Socket> =>
  [...connected.get(port) ?? []].filter(({ destroyed }) => !destroyed)

const isMessage = (message: unknown): message is { readonly socket: Socket } =>
  typeof message === "object" && message !== null && "socket" in message

diagnostics.subscribe("net.client.socket", message => {
  if (!isMessage(message)) return
  const { socket } = message
  socket.once("connect", () => {
    const port = socket.remotePort
    if (port === undefined) return
    const sockets = connected.get(port) ?? new Set()
    connected.set(port, sockets.add(socket))
    socket.once("close", () => {
      sockets.delete(socket)
      if (sockets.size === 0) connected.delete(port)
    })
  })
})

/** How many connections to a port the client has open now. */
export const openCount = (port: number): number => openSockets(port).length

/** Waits until the client has read every byte that the server wrote to a connection, or has closed it. */
export const hasRead = (server: Socket): Effect.Effect<void> => {
  const { localPort, remotePort } = server
  const client = openSockets(localPort ?? 0).find(socket => socket.localPort === remotePort)
  return client === undefined
    ? Effect.void
    : until(() => client.destroyed || client.bytesRead >= server.bytesWritten)
}
