import { assert, describe, it } from "@effect/vitest"
import { ConfigError, Either } from "effect"
import { check, make } from "../../src/internal/runtimeCheck.ts"

describe("the check of the runtime", () => {
  it("undici itself passes", () => assert.isTrue(Either.isRight(check)))

  it("a client that cannot dispatch, as in Bun, is a ConfigError that names core over fetch", () => {
    const error = Either.getOrThrow(Either.flip(make({ request: () => {} })))
    assert.isTrue(ConfigError.isConfigError(error))
    assert.include("message" in error ? error.message : "", "of @effect-signalwire/core over FetchHttpClient.layer")
  })
})
