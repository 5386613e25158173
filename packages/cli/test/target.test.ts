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
    const acme: Source = {
      _tag: "Space",
      origin: "https://acme.signalwire.com",
      variable: "SIGNALWIRE_SPACE",
      proxy: undefined
    }
    assert.deepStrictEqual(yield* sourceOf({ SIGNALWIRE_SPACE: "acme" }), acme)
    for (const unset of ["", " "]) {
      assert.deepStrictEqual(yield* sourceOf({ SIGNALWIRE_SPACE: "acme", SIGNALWIRE_REST_BASE_URL: unset }), acme)
    }
    assert.deepStrictEqual(
      yield* sourceOf({ SIGNALWIRE_SPACE: "acme", SIGNALWIRE_REST_BASE_URL: "https://video.example.com/gateway" }),
      { _tag: "Space", origin: "https://video.example.com", variable: "SIGNALWIRE_REST_BASE_URL", proxy: undefined }
    )
  }))

it.live("a space knows which variable names a proxy, unless it is on this machine", () =>
  Effect.gen(function*() {
    const proxyOf = (env: Readonly<Record<string, string>>) =>
      Effect.map(
        sourceOf({ SIGNALWIRE_SPACE: "acme", ...env }),
        source => source._tag === "Space" ? source.proxy : "no space"
      )
    const proxy = "http://127.0.0.1:1"
    assert.strictEqual(yield* proxyOf({ HTTPS_PROXY: proxy }), "HTTPS_PROXY")
    assert.strictEqual(yield* proxyOf({ HTTPS_PROXY: proxy, https_proxy: proxy }), "https_proxy")
    assert.strictEqual(yield* proxyOf({ HTTPS_PROXY: proxy, https_proxy: "" }), "HTTPS_PROXY")
    assert.strictEqual(yield* proxyOf({ HTTP_PROXY: proxy }), "HTTP_PROXY")
    for (const space of ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "127.1.2.3"]) {
      assert.isUndefined(yield* proxyOf({ HTTPS_PROXY: proxy, SIGNALWIRE_SPACE: space }), space)
    }
    for (const url of ["https://localhost.example.com", "https://127.example.com"]) {
      assert.strictEqual(yield* proxyOf({ HTTPS_PROXY: proxy, SIGNALWIRE_REST_BASE_URL: url }), "HTTPS_PROXY", url)
    }
  }))
