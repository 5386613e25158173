import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import dns from "node:dns"
import * as rawServer from "./harness/rawServer.ts"
import { against, assertOutcome, call, cases, row } from "./harness/row.ts"
import { head, json, ok, send, sequence } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import { timed } from "./harness/transports.ts"

const closedPort = Effect.scoped(Effect.map(rawServer.make([ok]), ({ baseUrl }) => baseUrl))

type Told = (error: Error) => void

/** Lookups of names are told nothing while the effect runs, and fail when it is over. */
const withSilentNames = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const original = dns.lookup
      const waiting: Array<Told> = []
      Reflect.set(dns, "lookup", (_: string, __: unknown, told: Told) => void waiting.push(told))
      return { original, waiting }
    }),
    () => effect,
    ({ original, waiting }) =>
      Effect.sync(() => {
        Reflect.set(dns, "lookup", original)
        for (const told of waiting) told(new Error("The name server said nothing"))
      })
  )

describe("Errors that say more", () => {
  row(105, transport =>
    Effect.gen(function*() {
      const refused = yield* call(transport, { baseUrl: yield* closedPort, requests: [] })
      assertOutcome(refused, 0, {
        failure: { _tag: "SignalWireTransportError", reason: "Refused", attempts: 3, requestsSent: 0 }
      }, `a refused connection over ${transport}`)

      const silent = yield* withSilentNames(
        call(transport, { baseUrl: `https://silent.${transport.replace(":", "-")}.invalid`, requests: [] }, {
          scale: timed
        })
      )
      assertOutcome(silent, 0, {
        failure: { _tag: "SignalWireRequestTimeout", attempts: 3, requestsSent: transport === "undici" ? 0 : 3 }
      }, `DNS silence over ${transport}`)

      const closing = yield* rawServer.make([ok], { onConnection: socket => socket.end() })
      const closed = yield* call(transport, closing)
      assertOutcome(closed, 0, {
        failure: { _tag: "SignalWireTransportError", reason: "Reset", attempts: 3, requestsSent: 3 }
      }, `FIN at accept over ${transport}`)
      assert.strictEqual(closing.connections(), 3)
    }), { sequential: true })

  cases(
    120,
    Object.fromEntries([407, 421].map(status => [
      String(status),
      {
        scripts: [json(status, "{}")] as const,
        expected: {
          failure: { _tag: "SignalWireUnexpectedStatus", status, attempts: 1, requestsSent: 1 },
          requests: 1
        },
        except: {
          fetch: {
            failure: { _tag: "SignalWireUnexpectedStatus", status, attempts: 1, requestsSent: 1 },
            requests: status === 421 ? 2 : 1
          }
        }
      }
    ]))
  )

  against(
    121,
    [sequence(
      send(
        head(200, { "content-type": "application/json", "content-length": String(session().length) }, "x".repeat(1e6))
      ),
      send(session())
    )],
    { failure: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 }, requests: 1 },
    { except: { fetch: { requests: 1 } } }
  )
})
