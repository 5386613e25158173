/** Loads the library, gets a session, directly or through a proxy, and prints what that has changed in its process; then sends a body with Node's own `fetch`. */
import { Effect, Layer, Redacted } from "effect"

const [, , baseUrl = "", id = "", over = "", proxy, ca, urlOfFetch = baseUrl] = process.argv

const globals = () => [
  ...Reflect.ownKeys(globalThis).map(String),
  ...process.eventNames().map(name => `process on ${String(name)}`)
]

// Effect has a global of its own for its current fiber
await Effect.runPromise(Effect.yieldNow())
const before = globals()
const { RoomSessions, SignalWireClient } = await import("@effect-signalwire/core")
const { NodeSignalWire, UndiciHttpClient } = await import("@effect-signalwire/node-runtime")
const client = { baseUrl, projectId: "project", apiToken: Redacted.make("token") }
const layer = over === "UndiciHttpClient"
  ? RoomSessions.layer.pipe(
    Layer.provide(SignalWireClient.layer(client)),
    Layer.provide(UndiciHttpClient.layer({ proxy }))
  )
  : NodeSignalWire.layer({ ...client, proxy, ca })
const { status } = await Effect.runPromise(
  Effect.flatMap(RoomSessions.RoomSessions, ({ get }) => get(id)).pipe(
    Effect.provide(layer)
  )
)
const added = globals().filter(name => !before.includes(name))
// as FetchHttpClient of @effect/platform before 0.97 does: Node sends the two lengths as one header
const { status: ofFetch } = await fetch(urlOfFetch, {
  method: "POST",
  body: "body",
  headers: { "content-length": "4" }
})
process.stdout.write(JSON.stringify({ status, added, ofFetch }))
process.exit()
