import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { calls, type Scenario, scenarios, type Tally } from "../soak/scenarios.ts"
import * as servers from "../soak/servers.ts"
import { once } from "./harness/once.ts"

const share = 1 / 50

/** Enough for what does not hang, on any machine; what hangs is met by a part of the calls only. */
const times = { attemptTimeout: "2 seconds", deadline: "4 seconds" } as const

/** A part of the soak, in which at least these ends were met; what it leaves behind is looked for as in every row. */
const part = (row: Scenario["row"], ends: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const scenario = scenarios.find(scenario => scenario.row === row)
    assert.isDefined(scenario)
    const count = scenario.count * share
    const tally: Tally = new Map()
    yield* calls(scenario, 1, count + 1, tally).pipe(Effect.provide(scenario.layer(yield* servers.make, times)))
    assert.includeMembers([...tally.keys()], [...ends])
    assert.strictEqual([...tally.values()].reduce((sum, number) => sum + number, 0), count)
  })

describe("Soak", () => {
  once(
    91,
    part(91, [
      "success",
      "SignalWireBadRequest",
      "SignalWireNotFound",
      "SignalWireUnexpectedStatus",
      "SignalWireInvalidResponse",
      "SignalWireTransportError",
      "SignalWireRequestTimeout",
      "SignalWireInvalidRequest"
    ])
  )

  once(92, part(92, ["SignalWireTransportError"]))

  once(93, part(93, ["SignalWireBadRequest"]))
})
