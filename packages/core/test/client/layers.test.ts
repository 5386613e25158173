import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { credentials } from "../support/client.ts"
import { json } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { overHttpClient } from "../support/transports.ts"

const one = Context.GenericTag<RoomSessions.Service>("one")
const other = Context.GenericTag<RoomSessions.Service>("other")

const client = SignalWireClient.layer(credentials)

const sessionsOver = (name: string) =>
  RoomSessions.layer.pipe(
    Layer.provide(client),
    Layer.provide(overHttpClient(json(200, body({ name }))).layer)
  )

describe("layers", () => {
  it.effect("one SignalWireClient.layer over two HttpClients in a graph sends over each of them", () =>
    Effect.gen(function*() {
      const names = yield* Effect.forEach(
        [one, other],
        tag => Effect.flatMap(tag, service => Effect.map(service.get(sessionId), ({ name }) => name))
      ).pipe(Effect.provide(Layer.merge(
        Layer.effect(one, RoomSessions.RoomSessions).pipe(Layer.provide(sessionsOver("one"))),
        Layer.effect(other, RoomSessions.RoomSessions).pipe(Layer.provide(sessionsOver("other")))
      )))
      assert.deepStrictEqual(names, ["one", "other"])
    }))
})
