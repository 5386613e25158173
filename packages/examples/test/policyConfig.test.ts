import { RoomSessions } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import { live } from "../src/policyConfig.ts"

/** The error of a call to a space that responds to each request with a 500. */
const errorWith = (variables: Readonly<Record<string, string>>) =>
  Effect.gen(function*() {
    const { apiToken, projectId, respondNext, url } = yield* SandboxSpace.SandboxSpace
    yield* respondNext(500, 500, 500)
    const provider = ConfigProvider.fromMap(
      new Map(Object.entries({
        SIGNALWIRE_REST_BASE_URL: url,
        SIGNALWIRE_PROJECT_ID: projectId,
        SIGNALWIRE_API_TOKEN: Redacted.value(apiToken),
        ...variables
      }))
    )
    return yield* Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.listPage()).pipe(
      Effect.provide(live),
      Effect.withConfigProvider(provider),
      Effect.flip
    )
  }).pipe(Effect.provide(SandboxSpace.layerTest))

it.live("the number of retries is that of a variable", () =>
  Effect.gen(function*() {
    assert.deepInclude(yield* errorWith({ MEETINGS_MAX_RETRIES: "0" }), {
      _tag: "SignalWireInternalServerError",
      attempts: 1
    })
  }))

it.live("without variables, the policy is the default one", () =>
  Effect.gen(function*() {
    assert.deepInclude(yield* errorWith({}), { _tag: "SignalWireInternalServerError", attempts: 3 })
  }))

it.live("a variable that is no duration is a ConfigError with its name", () =>
  Effect.gen(function*() {
    assert.include(JSON.stringify(yield* errorWith({ MEETINGS_DEADLINE: "soon" })), "MEETINGS_DEADLINE")
  }))
