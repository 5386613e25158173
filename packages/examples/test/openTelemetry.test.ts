import { RoomSession, RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { assert, it } from "@effect/vitest"
import { propagation } from "@opentelemetry/api"
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici"
import { Effect, Redacted, Schema } from "effect"
import { createServer } from "node:http"
import { instrumentationWithout } from "../src/openTelemetry.ts"

const session = RoomSessionFixture.completed()
const json = Schema.encodeSync(Schema.parseJson(RoomSession.RoomSessionSummary))(session)

/** A server that records the trace header of each request. */
const service = Effect.acquireRelease(
  Effect.async<{ readonly origin: string; readonly seen: Array<string | undefined>; readonly close: () => void }>(
    resume => {
      const seen: Array<string | undefined> = []
      const server = createServer(({ headers }, response) => {
        seen.push(headers["traceparent"]?.toString())
        response.setHeader("content-type", "application/json").end(json)
      }).listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" ? address?.port : undefined
        resume(Effect.succeed({ origin: `http://127.0.0.1:${port}`, seen, close: () => void server.close() }))
      })
    }
  ),
  ({ close }) => Effect.sync(close)
)

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

/** The propagator of OpenTelemetry's SDK, with one fixed span. */
const withPropagation = Effect.acquireRelease(
  Effect.sync(() =>
    propagation.setGlobalPropagator({
      fields: () => ["traceparent"],
      extract: context => context,
      inject: (_, carrier, setter) => setter.set(carrier, "traceparent", traceparent)
    })
  ),
  () => Effect.sync(() => propagation.disable())
)

/** The trace headers of one call with `tracePropagation: false`. */
const sentUnder = (instrument: (origin: string) => UndiciInstrumentation) =>
  Effect.gen(function*() {
    const { origin, seen } = yield* service
    yield* withPropagation
    yield* Effect.acquireRelease(
      Effect.sync(() => instrument(origin)),
      instrumentation => Effect.sync(() => instrumentation.disable())
    )
    const options = { baseUrl: origin, projectId: "project", apiToken: Redacted.make("token"), tracePropagation: false }
    yield* Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(session.id)).pipe(
      Effect.provide(NodeSignalWire.layer(options))
    )
    return seen
  }).pipe(Effect.scoped)

it.live("OpenTelemetry's undici instrumentation sends its traceparent though tracePropagation is false", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* sentUnder(() => new UndiciInstrumentation()), [traceparent])
  }))

it.live("OpenTelemetry's undici instrumentation sends no traceparent to an ignored origin", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* sentUnder(instrumentationWithout), [undefined])
  }))
