import { assert, describe, it } from "@effect/vitest"
import { ConfigError, Either } from "effect"
import { check, make } from "../../src/internal/runtimeCheck.ts"

describe("the check of the runtime", () => {
  it("undici itself passes", () => assert.isTrue(Either.isRight(check)))

  it("a client that cannot dispatch, as in Bun, is a ConfigError that names core over fetch", () => {
    const error = Either.flip(make({ request: () => {} })).pipe(Either.getOrThrow)
    assert.isTrue(ConfigError.isConfigError(error))
    assert.include(String(error), "@effect-signalwire/core over FetchHttpClient.layer")
  })
})
