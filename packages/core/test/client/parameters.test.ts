import { RoomSessions } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { getOver, sessions } from "../support/client.ts"
import { ok } from "../support/responses.ts"
import { sessionId } from "../support/sessions.ts"
import { transports } from "../support/transports.ts"

const notUuids = [
  "..",
  "%2e%2e",
  "../x",
  "a/b",
  "?",
  "#",
  "",
  " ",
  "a\r\nb",
  "\u0000",
  "@h/",
  `${sessionId}\n`,
  `${sessionId}/`,
  `${sessionId}?x`,
  "PRIVATE".repeat(150_000)
]

describe.concurrent.each(transports)("parameters over %s", (_, over) => {
  it.effect.each(notUuids.map(id => [JSON.stringify(id.slice(0, 40)), id] as const))(
    "the id %s is InvalidRequest: it is not sent, and not part of the error",
    ([, id]) =>
      Effect.gen(function*() {
        const transport = over(ok)
        const error = yield* Effect.flip(getOver(transport, {}, id))
        assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", attempts: 0 })
        assert.strictEqual(transport.requests.length, 0)
        assert.notInclude(JSON.stringify(error) + error.message, "PRIVATE")
      })
  )

  it.effect.each<readonly [what: string, id: unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["7", 7],
    ["{}", {}],
    ["an array with a UUID", [sessionId]]
  ])(
    "%s in place of an id, by a caller without types, is InvalidRequest, and is not sent",
    ([, id]) =>
      Effect.gen(function*() {
        const transport = over(ok)
        const service = yield* Effect.provide(RoomSessions.RoomSessions, sessions(transport))
        const call: ReturnType<typeof service.get> = Reflect.apply(service.get, service, [id])
        assert.strictEqual((yield* Effect.flip(call))._tag, "SignalWireInvalidRequest")
        assert.strictEqual(transport.requests.length, 0)
      })
  )
})
