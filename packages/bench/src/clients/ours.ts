/** This library with its defaults: it has no options other than the credentials. */
import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import type { Call } from "../effectDriver.ts"
import { apiToken, id, projectId } from "../session.ts"

/** The layer is not closed before the process ends. */
const ofOptions =
  (options: Pick<NodeSignalWire.Options, "metrics">) => (origin: string): Effect.Effect<Call, unknown> =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const live = NodeSignalWire.layer({ baseUrl: origin, projectId, apiToken: Redacted.make(apiToken), ...options })
      const sessions = yield* Effect.provide(RoomSessions.RoomSessions, yield* Scope.extend(Layer.build(live), scope))
      return sessions.get(id)
    })

export const ours = ofOptions({})

export const oursWithoutMetrics = ofOptions({ metrics: false })
