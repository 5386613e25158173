import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { calls, type Scenario, scenarios, type Tally } from "../soak/scenarios.ts"
import * as servers from "../soak/servers.ts"
import { once } from "./harness/faultTest.ts"

const share = 1 / 50

/** Enough for what does not hang, on any machine; only a part of the calls hang. */
const timeouts = { attemptTimeout: "2 seconds", deadline: "4 seconds" } as const

/** A share of the scenario of a fault, in which at least these results occur. */
const shareOf = (sentence: Scenario["sentence"], results: ReadonlyArray<string>) =>
  once(
    sentence,
    Effect.gen(function*() {
      const scenario = scenarios.find(scenario => scenario.sentence === sentence)
      assert.isDefined(scenario)
      const count = scenario.count * share
      const tally: Tally = new Map()
      yield* calls(scenario, 1, count + 1, tally).pipe(Effect.provide(scenario.layer(yield* servers.make, timeouts)))
      assert.includeMembers([...tally.keys()], [...results])
      assert.strictEqual([...tally.values()].reduce((sum, number) => sum + number, 0), count)
    })
  )

describe("Soak", () => {
  shareOf("20,000 mixed calls over all faults grow no heap, leave no timers and stay within the connection limit", [
    "success",
    "SignalWireBadRequest",
    "SignalWireNotFound",
    "SignalWireUnexpectedStatus",
    "SignalWireInvalidResponse",
    "SignalWireTransportError",
    "SignalWireRequestTimeout",
    "SignalWireInvalidRequest"
  ])

  shareOf("10,000 failed TLS handshakes grow no heap", ["SignalWireTransportError"])

  shareOf("5,000 error responses with unread bodies stay within the connection limit", ["SignalWireBadRequest"])
})
