import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import type { Source } from "../src/source.ts"
import { space, Target } from "../src/target.ts"

const account = { SIGNALWIRE_PROJECT_ID: "p", SIGNALWIRE_API_TOKEN: "t" }

const sourceOf = (env: Readonly<Record<string, string>>) =>
  Effect.map(Target, (source): Source => source).pipe(
    Effect.provide(space),
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries({ ...account, ...env }))))
  )

it.live("a space knows which variable its address came from", () =>
  Effect.gen(function*() {
    const acme: Source = { _tag: "Space", origin: "https://acme.signalwire.com", variable: "SIGNALWIRE_SPACE" }
    assert.deepStrictEqual(yield* sourceOf({ SIGNALWIRE_SPACE: "acme" }), acme)
    for (const unset of ["", " "]) {
      assert.deepStrictEqual(yield* sourceOf({ SIGNALWIRE_SPACE: "acme", SIGNALWIRE_BASE_URL: unset }), acme)
    }
    assert.deepStrictEqual(
      yield* sourceOf({ SIGNALWIRE_SPACE: "acme", SIGNALWIRE_BASE_URL: "https://video.example.com/gateway" }),
      { _tag: "Space", origin: "https://video.example.com", variable: "SIGNALWIRE_BASE_URL" }
    )
  }))
