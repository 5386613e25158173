/** Records the calls of a client. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberRef from "effect/FiberRef"
import * as Option from "effect/Option"
import type * as Endpoint from "../../Endpoint.ts"
import type * as SignalWireClient from "../../SignalWireClient.ts"
import type { SignalWireError } from "../../SignalWireError.ts"
import type { Parameters } from "../../internal/request/parameters.ts"
import type { Call, Result, Service } from "../CallJournal.ts"
import type { Operation } from "../Script.ts"

interface Entry {
  readonly operation: string
  readonly parameters: Parameters
  readonly startMillis: number
  /** The number of requests; undefined where no scripted transport counts them. */
  requests: number | undefined
  end: { readonly millis: number; readonly exit: Exit.Exit<unknown, SignalWireError> } | undefined
}

const currentEntry = FiberRef.unsafeMake<Entry | undefined>(undefined)

/** Counts a request for the call that the running fiber belongs to. */
export const countRequest: Effect.Effect<void> = Effect.map(FiberRef.get(currentEntry), entry => {
  if (entry !== undefined) entry.requests = (entry.requests ?? 0) + 1
})

const errorOf = (exit: Exit.Exit<unknown, SignalWireError>): Option.Option<SignalWireError> =>
  Exit.isFailure(exit) ? Cause.failureOption(exit.cause) : Option.none()

const resultOf = (exit: Exit.Exit<unknown, SignalWireError> | undefined): Result => {
  if (exit === undefined) return "Pending"
  if (Exit.isSuccess(exit)) return "Success"
  return Option.match(errorOf(exit), {
    onNone: () => Cause.isInterruptedOnly(exit.cause) ? "Interrupt" : "Die",
    onSome: error => error._tag
  })
}

/** Where no transport counts requests, the attempts are those of the error, or one. */
const attemptsOf = ({ end, requests }: Entry): number =>
  requests ?? Option.match(end === undefined ? Option.none() : errorOf(end.exit), {
    onNone: () => 1,
    onSome: error => error.attempts
  })

const toCall = (entry: Entry, now: number): Call => {
  const call = {
    operation: entry.operation,
    parameters: entry.parameters,
    attempts: attemptsOf(entry),
    startedAt: DateTime.unsafeMake(entry.startMillis),
    elapsed: Duration.millis((entry.end?.millis ?? now) - entry.startMillis),
    result: resultOf(entry.end?.exit),
    exit: entry.end?.exit
  }
  // operation, parameters and exit are those of one call, so their types correspond
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return call as Call
}

export interface Journal {
  readonly service: Service
  /** Returns the effect of a call with its recording. */
  readonly record: <A, E extends SignalWireError>(
    operation: string,
    parameters: Parameters,
    call: Effect.Effect<A, E>
  ) => Effect.Effect<A, E>
  readonly recordCallsOf: (client: SignalWireClient.Service) => SignalWireClient.Service
}

/**
 * @param countsRequests whether a scripted transport counts requests; then a call without a counted request has made none
 */
export const make = ({ countsRequests }: { readonly countsRequests: boolean }): Journal => {
  const entries: Array<Entry> = []
  const record: Journal["record"] = (operation, parameters, call) =>
    Effect.flatMap(Clock.currentTimeMillis, startMillis => {
      const entry: Entry = {
        operation,
        parameters,
        startMillis,
        requests: countsRequests ? 0 : undefined,
        end: undefined
      }
      entries.push(entry)
      return call.pipe(
        Effect.onExit(exit =>
          Effect.map(Clock.currentTimeMillis, millis => {
            entry.end = { millis, exit }
          })
        ),
        Effect.locally(currentEntry, entry)
      )
    })
  const calls = Effect.map(Clock.currentTimeMillis, now => entries.map(entry => toCall(entry, now)))
  const callsOf: Service["callsOf"] = <O extends Operation>(operation: O) =>
    Effect.map(
      calls,
      all => all.filter((call): call is Extract<Call, { readonly operation: O }> => call.operation === operation)
    )
  return {
    service: { calls, callsOf },
    record,
    recordCallsOf: client => ({
      prepare: <S extends Endpoint.Spec>(endpoint: Endpoint.Endpoint<S>) => {
        const call = client.prepare(endpoint)
        return (input: Endpoint.Input<S>) => record(endpoint.name, input, call(input))
      }
    })
  }
}
