import * as Recording from "@effect-signalwire/core/testing/recording"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { FileSystem } from "@effect/platform"
import { NodeContext } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Redacted } from "effect"
import { billedMinutes } from "../src/errors.ts"
import { recordedTo } from "../src/record.ts"

it.live("a recording of a space replays without the space", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const fs = yield* FileSystem.FileSystem
    const file = yield* fs.makeTempFileScoped()
    const environment = ConfigProvider.fromMap(
      new Map([
        ["SIGNALWIRE_REST_BASE_URL", sandbox.url],
        ["SIGNALWIRE_PROJECT_ID", sandbox.projectId],
        ["SIGNALWIRE_API_TOKEN", Redacted.value(sandbox.apiToken)]
      ])
    )
    const billed = billedMinutes(SandboxSpace.seeds[0].id)
    const recorded = yield* billed.pipe(
      Effect.provide(Layer.provide(recordedTo(file), Layer.setConfigProvider(environment)))
    )

    const json = yield* fs.readFileString(file)
    assert.notInclude(json, Redacted.value(sandbox.apiToken))
    assert.strictEqual(yield* Effect.provide(billed, Recording.layerReplay(json)), recorded)
  }).pipe(Effect.scoped, Effect.provide(Layer.merge(SandboxSpace.layerTest, NodeContext.layer))))
