import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { calls, type Scenario, scenarios, type Tally } from "../soak/scenarios.ts"
import * as servers from "../soak/servers.ts"
import { once } from "./harness/once.ts"

const share = 1 / 50

/** A part of the soak, in which at least these ends were met; what it leaves behind is looked for as in every row. */
const part = (row: Scenario["row"], ends: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const scenario = scenarios.find(scenario => scenario.row === row)
    assert.isDefined(scenario)
    const count = scenario.count * share
    const tally: Tally = new Map()
    yield* calls(scenario, 1, count + 1, tally).pipe(Effect.provide(scenario.layer(yield* servers.make)))
    assert.includeMembers([...tally.keys()], [...ends])
    assert.strictEqual([...tally.values()].reduce((sum, number) => sum + number, 0), count)
  })

describe("Soak", () => {
  once(
    91,
    part(91, [
      "success",
      "BadRequest",
      "NotFound",
      "UnexpectedStatus",
      "InvalidResponse",
      "TransportError",
      "RequestTimeout",
      "InvalidRoomSessionId"
    ])
  )

  once(92, part(92, ["TransportError"]))

  once(93, part(93, ["BadRequest"]))
})
