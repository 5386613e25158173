import { RoomSessions } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Logger, Redacted } from "effect"
import { lenient } from "../src/lenient.ts"

it.live("a duration that cannot be decoded is null and reported", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const [session] = SandboxSpace.seeds
    yield* sandbox.respondNext({ body: JSON.stringify({ ...session.toJSON(), duration: "47:27" }) })
    const lines: Array<string> = []
    const found = yield* Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(session.id)).pipe(
      Effect.provide(lenient),
      Effect.withConfigProvider(ConfigProvider.fromMap(
        new Map([
          ["SIGNALWIRE_REST_BASE_URL", sandbox.url],
          ["SIGNALWIRE_PROJECT_ID", sandbox.projectId],
          ["SIGNALWIRE_API_TOKEN", Redacted.value(sandbox.apiToken)]
        ])
      )),
      Effect.provide(Logger.replace(
        Logger.defaultLogger,
        Logger.make(({ logLevel, message }) => void lines.push(`${logLevel._tag} ${[message].flat().join(" ")}`))
      ))
    )
    assert.isNull(found.duration)
    assert.deepInclude(
      lines,
      "Error SignalWire sends another duration: expected a whole number of seconds, at least 0, or null"
    )
    assert.lengthOf(lines, 2)
  }).pipe(Effect.provide(Layer.orDie(SandboxSpace.layerTest))))
