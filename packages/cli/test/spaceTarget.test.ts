import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import * as spaceTarget from "../src/spaceTarget.ts"
import { type Service, Target } from "../src/target.ts"

const account = { SIGNALWIRE_PROJECT_ID: "p", SIGNALWIRE_API_TOKEN: "t" }

const targetOf = (env: Readonly<Record<string, string>>) =>
  Effect.map(Target, (target): Service => target).pipe(
    Effect.provide(spaceTarget.make({})),
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries({ ...account, ...env }))))
  )

it.live("the target has the variable that its address comes from", () =>
  Effect.gen(function*() {
    const acme: Service = {
      _tag: "Space",
      origin: "https://acme.signalwire.com",
      variable: "SIGNALWIRE_SPACE",
      proxy: undefined
    }
    assert.deepStrictEqual(yield* targetOf({ SIGNALWIRE_SPACE: "acme" }), acme)
    for (const unset of ["", " "]) {
      assert.deepStrictEqual(yield* targetOf({ SIGNALWIRE_SPACE: "acme", SIGNALWIRE_REST_BASE_URL: unset }), acme)
    }
    assert.deepStrictEqual(
      yield* targetOf({ SIGNALWIRE_SPACE: "acme", SIGNALWIRE_REST_BASE_URL: "https://video.example.com/gateway" }),
      { _tag: "Space", origin: "https://video.example.com", variable: "SIGNALWIRE_REST_BASE_URL", proxy: undefined }
    )
  }))

it.live("the target has the variable that names a proxy, unless the space is on this machine", () =>
  Effect.gen(function*() {
    const proxyOf = (env: Readonly<Record<string, string>>) =>
      Effect.map(
        targetOf({ SIGNALWIRE_SPACE: "acme", ...env }),
        target => target._tag === "Space" ? target.proxy : "no space"
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
