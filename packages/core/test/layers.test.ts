import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import type { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { type ConfigError, Context, Effect, Layer } from "effect"
import { body, sessionId } from "./support/sessions.ts"
import * as transports from "./support/transports.ts"

const named = (name: string) => transports.overHttpClient(transports.json(200, body({ name })))

const one = Context.GenericTag<RoomSessions.Service>("one")
const other = Context.GenericTag<RoomSessions.Service>("other")

type Sessions = Layer.Layer<RoomSessions.RoomSessions, ConfigError.ConfigError, HttpClient.HttpClient>

/** Both uses in one graph, each over a transport of its own. */
const namesOf = (sessions: () => Sessions) => {
  const under = (tag: typeof one, transport: ReturnType<typeof transports.overHttpClient>) =>
    Layer.effect(tag, RoomSessions.RoomSessions).pipe(Layer.provide(sessions()), Layer.provide(transport.layer))
  return Effect.forEach(
    [one, other],
    tag => Effect.flatMap(tag, service => Effect.map(service.get(sessionId), ({ name }) => name))
  ).pipe(
    Effect.provide(Layer.merge(under(one, named("one")), under(other, named("other"))))
  )
}

const client = SignalWireClient.layer(transports.credentials)

describe("one value that is used twice in a graph, over two HttpClients, asks each:", () => {
  it.effect("SignalWireClient.layer", () =>
    Effect.gen(function*() {
      const found = yield* namesOf(() => RoomSessions.layer.pipe(Layer.provide(client)))
      assert.deepStrictEqual(found, ["one", "other"])
    }))
})
