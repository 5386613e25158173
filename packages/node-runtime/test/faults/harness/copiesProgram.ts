/** Loads a copy of Effect before that of the library, and prints how many spans its built-in tracer makes for a session. */
import type * as effect from "effect"
import { createRequire } from "node:module"

const [, , baseUrl = "", id = "", packageFile = ""] = process.argv

const first: typeof effect = createRequire(packageFile)("effect")
const tracer = first.Context.get(first.DefaultServices.liveServices, first.Tracer.Tracer)
const span = tracer.span.bind(tracer)
let spans = 0
Reflect.set(tracer, "span", (...args: Parameters<typeof span>) => {
  spans++
  return span(...args)
})

const { Effect, Redacted } = await import("effect")
const { RoomSessions } = await import("@effect-signalwire/core")
const { NodeSignalWire } = await import("@effect-signalwire/node-runtime")
const { status } = await Effect.runPromise(
  Effect.flatMap(RoomSessions.RoomSessions, ({ get }) => get(id)).pipe(
    Effect.provide(NodeSignalWire.layer({ baseUrl, projectId: "project", apiToken: Redacted.make("token") }))
  )
)
process.stdout.write(JSON.stringify({ status, spans, copies: first.Effect !== Effect }))
process.exit()
