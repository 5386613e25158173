/** What the soak does: many calls, of which each is held to be typed and the sum to leave nothing behind. */
import { type RequestPolicy, RoomSessions, type SignalWireError } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect, Exit, Layer } from "effect"
import { nasty } from "../faults/harness/secrets.ts"
import { isTyped } from "../faults/harness/typed.ts"

export const maxConnections = 32

/** Where the servers of a soak are. */
export interface Servers {
  /** Answers by `faults.byId`. */
  readonly faults: string
  /** Speaks TLS with a certificate that nobody trusts. */
  readonly untrusted: string
  /** Answers by `faults.unread`. */
  readonly unread: string
}

/** How many calls came to which end. */
export type Tally = Map<string, number>

export interface Scenario {
  /** Of the fault matrix. */
  readonly row: 91 | 92 | 93
  readonly name: string
  /** How many calls a whole soak makes. */
  readonly count: number
  /** With the times of a whole soak, if no others are given. */
  readonly layer: (servers: Servers, times?: Times) => Layer.Layer<RoomSessions.RoomSessions>
  /** Call number n, from 1. */
  readonly call: (n: number) => Effect.Effect<unknown, SignalWireError.SignalWireError, RoomSessions.RoomSessions>
}

type Times = Required<Pick<RequestPolicy.Options, "attemptTimeout" | "deadline">>

/** Faults that hang are met with little patience, or the soak would take hours. */
const impatient: Times = { attemptTimeout: "100 millis", deadline: "250 millis" }
const patient: Times = { attemptTimeout: "30 seconds", deadline: "1 minute" }

const layer = (baseUrl: string, times: Times) =>
  NodeSignalWire.layer({
    baseUrl,
    projectId: nasty.projectId,
    apiToken: nasty.apiToken,
    policy: {
      ...times,
      baseDelay: "5 millis",
      maxDelay: "20 millis",
      retryBudget: null,
      maxConnections
    }
  }).pipe(Layer.orDie)

const get = (id: string) => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))

/** Every so often the caller itself is the fault: it loses interest, or has no id. */
const mixedCall = (n: number): ReturnType<Scenario["call"]> => {
  const call = get(RoomSessionFixture.id(n))
  if (n % 17 === 0) return get("no id")
  if (n % 13 === 0) return Effect.timeoutTo(call, { duration: n % 40, onTimeout: () => "gone", onSuccess: () => "" })
  if (n % 11 === 0) return Effect.race(call, Effect.as(Effect.sleep(n % 20), "lost"))
  return call
}

export const scenarios: ReadonlyArray<Scenario> = [
  {
    row: 91,
    name: "mixed faults",
    count: 20_000,
    layer: ({ faults }, times = impatient) => layer(faults, times),
    call: mixedCall
  },
  {
    row: 92,
    name: "failed TLS handshakes",
    count: 10_000,
    layer: ({ untrusted }, times = patient) => layer(untrusted, times),
    call: n => get(RoomSessionFixture.id(n))
  },
  {
    row: 93,
    name: "error replies nobody reads",
    count: 5000,
    layer: ({ unread }, times = patient) => layer(unread, times),
    call: n => get(RoomSessionFixture.id(n))
  }
]

/** Calls number `from` up to, and without, `to`; a defect of any of them is one of the whole. */
export const calls = (
  { call }: Scenario,
  from: number,
  to: number,
  tally: Tally
): Effect.Effect<void, never, RoomSessions.RoomSessions> =>
  Effect.forEach(
    Array.from({ length: to - from }, (_, index) => from + index),
    n =>
      Effect.flatMap(Effect.exit(call(n)), exit => {
        const end = Exit.match(exit, {
          onSuccess: () => "success",
          onFailure: cause => (cause._tag === "Fail" ? cause.error._tag : cause._tag)
        })
        tally.set(end, (tally.get(end) ?? 0) + 1)
        return isTyped(exit) ? Effect.void : Effect.dieMessage(`call ${n}: ${String(exit)}`)
      }),
    { concurrency: 64, discard: true }
  )
