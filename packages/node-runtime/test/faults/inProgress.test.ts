import { RoomSession } from "@effect-signalwire/core"
import { RoomSessionArbitrary, RoomSessionFixture } from "@effect-signalwire/core/testing"
import { assert, describe } from "@effect/vitest"
import { Duration, Effect, FastCheck, Schema } from "effect"
import { call } from "./harness/call.ts"
import { assertResult } from "./harness/expected.ts"
import { eachTransport } from "./harness/faultTest.ts"
import * as rawServer from "./harness/rawServer.ts"
import { json } from "./harness/scripts.ts"
import { session, sessionId } from "./harness/session.ts"

const encode = Schema.encodeSync(RoomSession.RoomSessionSummary)

const ofFixture = (fields?: RoomSessionFixture.InProgressFields) =>
  JSON.stringify(encode(RoomSessionFixture.inProgress({ id: sessionId, ...fields })))

/** Sessions in progress of the service and of the fixtures, each with its duration in seconds. */
const bodies = (): ReadonlyArray<readonly [body: string, seconds: number]> => [
  [session({ status: "in-progress", end_time: null, duration: 11, updated_at: "2026-03-01T09:00:01Z" }), 11],
  [session({ status: "in-progress", end_time: null, duration: 0 }), 0],
  [ofFixture({ duration: "11 seconds", updated_at: "2026-11-24T09:00:01Z" }), 11],
  [ofFixture(), 300]
]

describe("Sessions", () => {
  eachTransport("a session in progress with a duration is decoded", transport =>
    Effect.gen(function*() {
      for (const [body, seconds] of bodies()) {
        const target = yield* rawServer.make([json(200, body)])
        const result = yield* call(transport, target)
        assertResult(result, target.requests.length, {
          session: { status: "in-progress", end_time: null, duration: Duration.seconds(seconds) },
          requests: 1
        }, `${body} over ${transport}`)
      }
      const sample = FastCheck.sample(RoomSessionArbitrary.inProgress, 50)
      assert.isTrue(sample.every(({ duration, end_time }) => duration !== null && end_time === null))
    }))
})
