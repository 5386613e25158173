import { RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import { overFetch } from "../src/fetch.ts"

const session = RoomSessionFixture.completed()

it.live("a session over fetch is equal to that of the space", () =>
  Effect.gen(function*() {
    const { apiToken, projectId, url } = yield* SandboxSpace.SandboxSpace
    const environment = ConfigProvider.fromMap(
      new Map([
        ["SIGNALWIRE_REST_BASE_URL", url],
        ["SIGNALWIRE_PROJECT_ID", projectId],
        ["SIGNALWIRE_API_TOKEN", Redacted.value(apiToken)]
      ])
    )
    const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(session.id))
    const found = yield* get.pipe(Effect.provide(overFetch()), Effect.withConfigProvider(environment))
    assert.deepStrictEqual(found, session)
  }).pipe(Effect.provide(SandboxSpace.layerTestWith({ sessions: [session] }))))
