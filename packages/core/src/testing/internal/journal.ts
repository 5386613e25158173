/** Writes the journal of calls around a service. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberRef from "effect/FiberRef"
import * as Option from "effect/Option"
import type { RoomSessionSummary } from "../../RoomSession.ts"
import type { GetError, Service } from "../../RoomSessions.ts"
import { get } from "../../endpoints/roomSessions.ts"
import type { Call, Outcome, Service as Journal } from "../CallJournal.ts"

interface Entry {
  readonly id: string
  readonly startMillis: number
  /** Counted by a transport of this kit; undefined where there is none. */
  requests: number | undefined
  end: { readonly millis: number; readonly exit: Exit.Exit<RoomSessionSummary, GetError> } | undefined
}

const currentEntry = FiberRef.unsafeMake<Entry | undefined>(undefined)

/** Counts a request for the call that the running fiber belongs to. */
export const countRequest: Effect.Effect<void> = Effect.map(FiberRef.get(currentEntry), entry => {
  if (entry !== undefined) entry.requests = (entry.requests ?? 0) + 1
})

const outcomeOf = (exit: Exit.Exit<RoomSessionSummary, GetError> | undefined): Outcome => {
  if (exit === undefined) return "Pending"
  if (Exit.isSuccess(exit)) return "Success"
  const failure = Cause.failureOption(exit.cause)
  if (Option.isSome(failure)) return failure.value._tag
  return Cause.isInterruptedOnly(exit.cause) ? "Interrupted" : "Died"
}

/** A failure tells its attempts; anything else counts as one where no transport counts. */
const attemptsOf = ({ end, requests }: Entry): number => {
  if (requests !== undefined) return requests
  const failure = end !== undefined && Exit.isFailure(end.exit) ? Cause.failureOption(end.exit.cause) : Option.none()
  return Option.match(failure, { onNone: () => 1, onSome: error => error.attempts })
}

const toCall = (entry: Entry, now: number): Call => ({
  operation: get.name,
  id: entry.id,
  attempts: attemptsOf(entry),
  startedAt: DateTime.unsafeMake(entry.startMillis),
  elapsed: Duration.millis((entry.end?.millis ?? now) - entry.startMillis),
  outcome: outcomeOf(entry.end?.exit),
  exit: entry.end?.exit
})

export interface Observed {
  readonly service: Service
  readonly journal: Journal
}

/**
 * @param hasTransport whether requests are counted, so that a call without one has made none
 */
export const observe = (service: Service, { hasTransport }: { readonly hasTransport: boolean }): Observed => {
  const entries: Array<Entry> = []
  return {
    service: {
      get: id =>
        Effect.flatMap(Clock.currentTimeMillis, startMillis => {
          const entry: Entry = { id: String(id), startMillis, requests: hasTransport ? 0 : undefined, end: undefined }
          entries.push(entry)
          return service.get(id).pipe(
            Effect.onExit(exit =>
              Effect.map(Clock.currentTimeMillis, millis => {
                entry.end = { millis, exit }
              })
            ),
            Effect.locally(currentEntry, entry)
          )
        })
    },
    journal: {
      calls: Effect.map(Clock.currentTimeMillis, now => entries.map(entry => toCall(entry, now)))
    }
  }
}
