/** A client that buffers the bodies of its successful responses, for `--raw`. */
import { RoomRecordings, RoomSessions, SignalWireClient, Transport } from "@effect-signalwire/core"
import { UndiciTransport } from "@effect-signalwire/node-runtime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as format from "./format.ts"
import type { ClientLayer } from "./target.ts"
import { Streams } from "./terminal.ts"

/** The bodies that were received and not printed yet. */
export interface Bodies {
  readonly received: Array<Uint8Array>
}

/**
 * Prints the bodies that were received, with a line break between two of them. On a terminal, what controls it or the text direction is
 * escaped.
 */
export const print = (bodies: Bodies, isFirst: boolean) =>
  Effect.flatMap(Streams, ({ isOutputTerminal, write }) => {
    const texts = bodies.received.splice(0)
    const parts = texts.flatMap((text, i) => isFirst && i === 0 ? [text] : [Buffer.from("\n"), text])
    if (parts.length === 0) return Effect.void
    const bytes = Buffer.concat(parts)
    return write(isOutputTerminal ? Buffer.from(format.escaped(bytes.toString())) : bytes)
  })

/** Only whole bodies of the status 200 are buffered, so a retried attempt leaves none. */
const buffering = (transport: Transport.Service, { received }: Bodies): Transport.Service => ({
  ...transport,
  dispatch: (request, handler) => {
    let chunks: Array<Uint8Array> | undefined
    return transport.dispatch(request, {
      onConnection: () => handler.onConnection(),
      onRequestSent: () => handler.onRequestSent(),
      onHeaders: (status, headers) => {
        chunks = status === 200 ? [] : undefined
        return handler.onHeaders(status, headers)
      },
      onData: chunk => {
        chunks?.push(chunk)
        return handler.onData(chunk)
      },
      onEnd: () => {
        if (chunks !== undefined) received.push(Buffer.concat(chunks))
        handler.onEnd()
      },
      onError: (cause, wasSent) => handler.onError(cause, wasSent)
    })
  }
})

/** As `NodeSignalWire.layerConfig`, with the transport between. */
export const clientLayer = (bodies: Bodies): ClientLayer => ({ ca, proxy, ...options }) =>
  Layer.merge(RoomSessions.layer, RoomRecordings.layer).pipe(
    Layer.provide(SignalWireClient.layerTransportConfig(options)),
    Layer.provide(
      Layer.effect(Transport.Transport, Effect.map(Transport.Transport, transport => buffering(transport, bodies)))
    ),
    Layer.provide(UndiciTransport.layerConfig({ policy: options.policy, ca, proxy }))
  )
