/** This library with its defaults: it has no options other than the credentials. */
import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Call, Make } from "../effectDriver.ts"
import { apiToken, id, projectId } from "../session.ts"
import type { Target } from "../target.ts"

type Options = Pick<NodeSignalWire.Options, "metrics">

/** The layer is not closed before the process ends. */
const make =
  (call: (sessions: RoomSessions.Service) => Call, options: Options = {}): Make => ({ ca, origin }: Target) =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const live = NodeSignalWire.layer({
        baseUrl: origin,
        projectId,
        apiToken: Redacted.make(apiToken),
        ca,
        ...options
      })
      const sessions = yield* Effect.provide(RoomSessions.RoomSessions, yield* Scope.extend(Layer.build(live), scope))
      return call(sessions)
    })

export const ours = make(({ get }) => get(id))

export const oursWithoutMetrics = make(({ get }) => get(id), { metrics: false })

/** Reads so many pages of a list, and returns the last session. */
export const list = (pages: number): Make =>
  make(({ list }) =>
    list({ page_size: 1000 }).pipe(Stream.take(pages * 1000), Stream.runLast, Effect.flatMap(session => session))
  )

const concurrency = 32

const ids = (total: number): ReadonlyArray<string> =>
  Array.from({ length: total }, (_, index) => id.slice(0, -8) + index.toString(16).padStart(8, "0"))

/** Finds so many sessions by `getMany`, and returns the last result. */
export const getMany = (total: number): Make =>
  make(({ getMany }) =>
    getMany(ids(total), { concurrency }).pipe(
      Stream.runLast,
      Effect.flatMap(last => last),
      Effect.flatMap(({ result }) => result)
    )
  )

/** Finds so many sessions by `get` in a loop, and returns the session of another call. */
export const getInLoop = (total: number): Make =>
  make(({ get }) => Effect.zipRight(Effect.forEach(ids(total), id => get(id), { concurrency, discard: true }), get(id)))
