import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Duration, Effect } from "effect"

/** At most 20 requests in any second, for all calls of the client. */
export const policy = { rateLimit: { limit: 20, interval: "1 second" } } as const

export const live = NodeSignalWire.layerConfig({ policy })

/** The response of a web service to a caller that has to wait. */
const retryLater = (delay: Duration.Duration) => ({ status: 503, retryAfter: Math.ceil(Duration.toSeconds(delay)) })

export const sessionStatus = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
    Effect.map(session => ({ status: 200, body: session.status })),
    Effect.catchTags({
      // from the service, or, without a request, because the service has told another call
      SignalWireRateLimited: ({ retryAfter = Duration.minutes(1) }) => Effect.succeed(retryLater(retryAfter)),
      // without an attempt when the call has waited for the rate limit until its deadline
      SignalWireRequestTimeout: () => Effect.succeed({ status: 504 })
    })
  )
