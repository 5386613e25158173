import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer } from "effect"
import { live } from "../src/readableConfigErrors.ts"

it.effect("the message has a line for each problem, with the variable", () =>
  Effect.gen(function*() {
    const variables = new Map([["EU_SIGNALWIRE_SPACE", "acme"], ["SIGNALWIRE_API_TOKEN", "PTsecret"]])
    const error = yield* Effect.flip(Effect.scoped(Layer.build(live))).pipe(
      Effect.withConfigProvider(ConfigProvider.fromMap(variables, { pathDelim: "_" }))
    )
    const lines = error.message.split("\n")
    assert.lengthOf(lines, 3)
    assert.match(lines[1] ?? "", /^Error: \(Missing data at EU_SIGNALWIRE_PROJECT_ID: "Expected a project id/)
    assert.match(
      lines[2] ?? "",
      /^Error: \(Missing data at EU_SIGNALWIRE_API_TOKEN: .*; SIGNALWIRE_API_TOKEN is set instead"\)$/
    )
    assert.notInclude(error.message, "PTsecret")
  }))
