import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { assert, it } from "@effect/vitest"
import { Config, ConfigProvider, Effect, Layer } from "effect"
import { live } from "../src/otherVariables.ts"

const isConfigured = (layer: typeof live, variables: Readonly<Record<string, string>>) =>
  Effect.isSuccess(Effect.scoped(Layer.build(layer))).pipe(
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))
  )

const credentials = { SIGNALWIRE_PROJECT_ID: "project", SIGNALWIRE_API_TOKEN: "token" }

it.effect("the space is read from SIGNALWIRE_SPACE_URL, and neither SIGNALWIRE_SPACE nor a base URL is read", () =>
  Effect.gen(function*() {
    const variables = { ...credentials, SIGNALWIRE_SPACE_URL: "https://acme.signalwire.com" }
    const ignored = { SIGNALWIRE_SPACE: "?", SIGNALWIRE_REST_BASE_URL: "?" }
    assert.isTrue(yield* isConfigured(live, variables))
    assert.isTrue(yield* isConfigured(live, { ...variables, ...ignored }))
    assert.isFalse(yield* isConfigured(live, { ...credentials, SIGNALWIRE_SPACE: "acme" }))
  }))

it.effect("the variables of realtime-api can be read", () =>
  Effect.gen(function*() {
    const layer = NodeSignalWire.layerConfig({
      projectId: Config.string("SW_PROJECT"),
      apiToken: Config.redacted("SW_TOKEN")
    })
    assert.isTrue(yield* isConfigured(layer, { SIGNALWIRE_SPACE: "acme", SW_PROJECT: "project", SW_TOKEN: "token" }))
    assert.isFalse(yield* isConfigured(layer, { SIGNALWIRE_SPACE: "acme", ...credentials }))
  }))

/** What docs/migration.md says about the variables of `@signalwire/sdk`. */
it.effect.each<readonly [variables: Readonly<Record<string, string>>, isAccepted: boolean]>([
  [{ SIGNALWIRE_SPACE: "acme" }, true],
  [{ SIGNALWIRE_SPACE: "acme.signalwire.com" }, true],
  [{ SIGNALWIRE_SPACE: "https://acme.signalwire.com" }, true],
  [{ SIGNALWIRE_SPACE: "127.0.0.1:8080" }, true],
  [{ SIGNALWIRE_SPACE: "video.example.com" }, false],
  [{ SIGNALWIRE_REST_BASE_URL: "https://video.example.com" }, true],
  [{ SIGNALWIRE_REST_BASE_URL: "http://127.0.0.1:8080" }, true],
  [{ SIGNALWIRE_REST_BASE_URL: "acme.signalwire.com" }, false],
  [{ SIGNALWIRE_REST_BASE_URL: "http://gateway:8080" }, false],
  [{ SIGNALWIRE_REST_BASE_URL: "http://gateway:8080", SIGNALWIRE_INSECURE_HOSTS: "gateway" }, true],
  [{ SIGNALWIRE_SPACE: "acme", SIGNALWIRE_REST_CA_FILE: "/none.pem" }, false]
])("whether %j is accepted: %s", ([variables, isAccepted]) =>
  Effect.gen(function*() {
    const given = { ...credentials, ...variables }
    assert.strictEqual(yield* isConfigured(NodeSignalWire.layerConfig(), given), isAccepted)
  }))
