import { RequestPolicy } from "@effect-signalwire/core"
import type { ConfigError, Effect } from "effect"
import { describe, expectTypeOf, it } from "vitest"

declare const call: Effect.Effect<number, "failed", "needed">

describe("RequestPolicy.with", () => {
  it("RequestPolicy.with adds no error for a validated policy", () => {
    expectTypeOf(RequestPolicy.with(RequestPolicy.noRetries)(call)).toEqualTypeOf<
      Effect.Effect<number, "failed", "needed">
    >()
    expectTypeOf(RequestPolicy.with(RequestPolicy.defaults)(call))
      .toEqualTypeOf<Effect.Effect<number, "failed", "needed">>()
  })

  it("RequestPolicy.with adds a ConfigError for options that are not validated", () => {
    expectTypeOf(RequestPolicy.with({ maxRetries: 0 })(call))
      .toEqualTypeOf<Effect.Effect<number, "failed" | ConfigError.ConfigError, "needed">>()
  })

  it("RequestPolicy.with adds a ConfigError for a copy, which may have other values", () => {
    expectTypeOf(RequestPolicy.with({ ...RequestPolicy.defaults, maxRetries: 5 })(call))
      .toEqualTypeOf<Effect.Effect<number, "failed" | ConfigError.ConfigError, "needed">>()
  })

  it("RequestPolicy.with does not accept options that are read when a layer is built", () => {
    expectTypeOf<keyof RequestPolicy.Override>().toEqualTypeOf<
      Exclude<
        keyof RequestPolicy.Options,
        "rateLimit" | "shutdownGrace" | "connectTimeout" | "maxConnections" | "maxConnectionAge" | "maxHeaderBytes"
      >
    >()
  })
})
