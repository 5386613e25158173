/** The calls of the soak: each is a session or a typed error, and together they leak nothing. */
import { type RequestPolicy, RoomSessions, type SignalWireError } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect, Exit, Layer } from "effect"
import { isSuccessOrError } from "../faults/harness/callExit.ts"
import type { soak } from "../faults/harness/matrix/soak.ts"
import { nasty } from "../faults/harness/secrets.ts"

export const maxConnections = 32

/** Where the servers of a soak are. */
export interface Servers {
  /** Responds by `faults.byId`. */
  readonly faults: string
  /** Uses TLS with a certificate that is not trusted. */
  readonly untrusted: string
  /** Responds by `faults.unread`. */
  readonly unread: string
}

/** How many calls had which result: "success", or the tag of their error. */
export type Tally = Map<string, number>

export interface Scenario {
  /** In the fault matrix. */
  readonly sentence: keyof typeof soak
  /** How many calls a whole soak makes. */
  readonly count: number
  /** Default: the timeouts of a whole soak. */
  readonly layer: (servers: Servers, timeouts?: Timeouts) => Layer.Layer<RoomSessions.RoomSessions>
  /** Call number n, from 1. */
  readonly call: (n: number) => Effect.Effect<unknown, SignalWireError.SignalWireError, RoomSessions.RoomSessions>
}

type Timeouts = Required<Pick<RequestPolicy.Options, "attemptTimeout" | "deadline">>

/** Short for faults that hang, or the soak would take hours. */
const short: Timeouts = { attemptTimeout: "100 millis", deadline: "250 millis" }
const long: Timeouts = { attemptTimeout: "30 seconds", deadline: "1 minute" }

const layer = (baseUrl: string, timeouts: Timeouts) =>
  NodeSignalWire.layer({
    baseUrl,
    projectId: nasty.projectId,
    apiToken: nasty.apiToken,
    policy: {
      ...timeouts,
      baseDelay: "5 millis",
      maxDelay: "20 millis",
      retryBudget: null,
      maxConnections
    }
  }).pipe(Layer.orDie)

const get = (id: string) => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))

/** Some calls are interrupted by their caller, and some have an invalid id. */
const mixedCall = (n: number): ReturnType<Scenario["call"]> => {
  const call = get(RoomSessionFixture.id(n))
  if (n % 17 === 0) return get("no id")
  if (n % 13 === 0) return Effect.timeoutTo(call, { duration: n % 40, onTimeout: () => "timeout", onSuccess: () => "" })
  if (n % 11 === 0) return Effect.race(call, Effect.as(Effect.sleep(n % 20), "lost"))
  return call
}

export const scenarios: ReadonlyArray<Scenario> = [
  {
    sentence: "20,000 mixed calls over all faults grow no heap, leave no timers and stay within the connection limit",
    count: 20_000,
    layer: ({ faults }, timeouts = short) => layer(faults, timeouts),
    call: mixedCall
  },
  {
    sentence: "10,000 failed TLS handshakes grow no heap",
    count: 10_000,
    layer: ({ untrusted }, timeouts = long) => layer(untrusted, timeouts),
    call: n => get(RoomSessionFixture.id(n))
  },
  {
    sentence: "5,000 error responses with unread bodies stay within the connection limit",
    count: 5000,
    layer: ({ unread }, timeouts = long) => layer(unread, timeouts),
    call: n => get(RoomSessionFixture.id(n))
  }
]

/** Makes the calls from number `from` to `to`, exclusive; a defect of one is a defect of the effect. */
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
        const name = Exit.match(exit, {
          onSuccess: () => "success",
          onFailure: cause => (cause._tag === "Fail" ? cause.error._tag : cause._tag)
        })
        tally.set(name, (tally.get(name) ?? 0) + 1)
        return isSuccessOrError(exit) ? Effect.void : Effect.dieMessage(`call ${n}: ${String(exit)}`)
      }),
    { concurrency: 64, discard: true }
  )
