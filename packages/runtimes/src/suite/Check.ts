/** The parts of a check: a call against a behavior of the server, and its observation. */
import { RoomSessions, type SignalWireClient, type SignalWireError } from "@effect-signalwire/core"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Observation } from "./Report.ts"
import type { Behavior, Target } from "./Target.ts"

/** The client under test: core over fetch, or node-runtime. */
export type Subject = (
  options: SignalWireClient.Options
) => Layer.Layer<RoomSessions.RoomSessions, ConfigError.ConfigError>

export type Check = (target: Target, subject: Subject) => Effect.Effect<Observation>

type Policy = NonNullable<SignalWireClient.Options["policy"]>

/** Three attempts with short delays, since the checks do not measure time. */
const policy: Policy = { attemptTimeout: "10 seconds", maxRetries: 2, baseDelay: "2 millis", retryBudget: null }

/** Makes a client for a base URL. */
export const sessionsAt = (target: Target, subject: Subject, baseUrl: string, changes: Policy = {}) =>
  subject({
    baseUrl,
    projectId: target.addresses.projectId,
    apiToken: Redacted.make(target.addresses.apiToken),
    policy: { ...policy, ...changes }
  })

export const get = (id: string) => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))

type CallError = SignalWireError.SignalWireError | ConfigError.ConfigError

/** The parts of an error that an application reads. */
export const describe = (error: CallError): Observation => {
  if (!("isRetryable" in error)) return { tag: "ConfigError", kind: error._op }
  return {
    tag: error._tag,
    attempts: error.attempts,
    isRetryable: error.isRetryable,
    ...("reason" in error ? { reason: error.reason } : {}),
    ...("code" in error && error.code !== undefined ? { code: error.code } : {}),
    ...("status" in error ? { status: error.status } : {}),
    ...("phase" in error ? { phase: error.phase } : {})
  }
}

/** Observes one call of a new client. */
export const call = (
  target: Target,
  subject: Subject,
  baseUrl: string,
  changes?: Policy,
  id: string = target.addresses.sessionId
): Effect.Effect<Observation> =>
  get(id).pipe(
    Effect.provide(sessionsAt(target, subject, baseUrl, changes)),
    Effect.either,
    Effect.map(Either.match({
      onLeft: describe,
      onRight: session => ({
        session: session.id === id ? "as requested" : session.id,
        name: session.name ?? undefined
      })
    }))
  )

/** Observes one call of a new client, and the requests that the server received. */
export const calls = (behavior: Behavior, changes?: Policy): Check => (target, subject) =>
  Effect.zipWith(
    call(target, subject, target.baseUrl(behavior), changes),
    target.seenOnce(behavior, seen => seen.open === 0),
    (observed, seen) => ({ ...observed, ...seen })
  )
