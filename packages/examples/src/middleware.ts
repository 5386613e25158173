import { RoomSessions, SignalWireClient, Transport } from "@effect-signalwire/core"
import { UndiciTransport } from "@effect-signalwire/node-runtime"
import { FetchHttpClient, HttpClient } from "@effect/platform"
import { Effect, Layer } from "effect"

type Middleware = (client: HttpClient.HttpClient) => HttpClient.HttpClient

/** Middleware of the `HttpClient` is below the client, so it sees the requests with the credentials. */
export const overFetchWith = (middleware: Middleware) =>
  RoomSessions.layer.pipe(
    Layer.provide(SignalWireClient.layerConfig()),
    Layer.provide(Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, middleware))),
    Layer.provide(FetchHttpClient.layer)
  )

/** A transport around that of undici: it sees the requests with the credentials too, and adds no fiber and no stream. */
export const overUndiciWith = (onRequest: (request: Transport.Request) => void) =>
  RoomSessions.layer.pipe(
    Layer.provide(SignalWireClient.layerTransportConfig()),
    Layer.provide(Layer.effect(
      Transport.Transport,
      Effect.map(Transport.Transport, inner => ({
        ...inner,
        dispatch: (request: Transport.Request, handler: Transport.ResponseHandler) => {
          onRequest(request)
          return inner.dispatch(request, handler)
        }
      }))
    )),
    Layer.provide(UndiciTransport.layer())
  )
