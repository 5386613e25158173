import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { HttpClient, HttpClientRequest } from "@effect/platform"
import { DateTime, Effect, Redacted } from "effect"
import { createHmac } from "node:crypto"

/** A header of every request, such as the name of the application for a gateway. */
export const withHeader = NodeSignalWire.layerConfig({
  transformClient: HttpClient.mapRequest(HttpClientRequest.setHeader("x-application", "billing"))
})

/** A log line for every response, retries included, with the log annotations of the call. */
export const withLogLine = NodeSignalWire.layerConfig({
  transformClient: HttpClient.tap(({ request, status }) => Effect.log(`${request.method} ${request.url}: ${status}`))
})

/** The signature that a gateway expects. Its key is not a credential of SignalWire. */
export const sign = (key: Redacted.Redacted) =>
  HttpClient.mapRequestEffect((request: HttpClientRequest.HttpClientRequest) =>
    Effect.map(DateTime.now, now => {
      const date = DateTime.formatIso(now)
      const text = `${request.method} ${request.url} ${date}`
      const signature = createHmac("sha256", Redacted.value(key)).update(text).digest("hex")
      return HttpClientRequest.setHeaders(request, { "x-date": date, "x-signature": signature })
    })
  )

/** A header of the requests of one effect. */
export const onBehalfOf = (tenant: string) =>
  SignalWireClient.withTransform(HttpClient.mapRequest(HttpClientRequest.setHeader("x-tenant", tenant)))

/** A session. The log has what the support of SignalWire needs to find the request. */
export const getWithLog = (id: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const { info, result } = yield* SignalWireClient.withResponseInfo(sessions.get(id))
    if (info !== undefined) {
      const { attempts, requestId, status } = info
      yield* Effect.log("SignalWire responded").pipe(Effect.annotateLogs({ attempts, requestId, status }))
    }
    return yield* result
  })

/** The name of a session, or null where there is none: `result` has the errors of the call in its type. */
export const nameOf = (id: string) =>
  getWithLog(id).pipe(
    Effect.map(({ name }) => name),
    Effect.catchTag("SignalWireNotFound", () => Effect.succeed(null))
  )

/** A session. Only an error is logged, with what the support of SignalWire needs. */
export const getWithErrorLog = (id: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const { info, result } = yield* SignalWireClient.withResponseInfo(sessions.get(id))
    return yield* Effect.tapError(result, error =>
      Effect.logError(error.message).pipe(
        Effect.annotateLogs({ requestId: info?.requestId, status: info?.status })
      ))
  })
