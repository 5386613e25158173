import { Credentials, type RequestPolicy, SignalWireClient } from "@effect-signalwire/core"
import { NodeSignalWire, UndiciHttpClient, UndiciTransport } from "@effect-signalwire/node-runtime"
import { FetchHttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Config, ConfigError, ConfigProvider, Effect, Layer, Redacted } from "effect"
import { inspect } from "node:util"

const secret = "s3cr3t-value"

/** Errors as `path: expectation`, in their order. */
const partsOf = (error: ConfigError.ConfigError): ReadonlyArray<string> =>
  error._op === "And" || error._op === "Or"
    ? [...partsOf(error.left), ...partsOf(error.right)]
    : [error.path.join(".")]

type AnyLayer<A> = Layer.Layer<A, ConfigError.ConfigError>

const errorOf = <A>(layer: AnyLayer<A>, variables: Readonly<Record<string, string>> = {}) =>
  Effect.scoped(Layer.build(layer)).pipe(
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables)), { pathDelim: "_" })),
    Effect.flip
  )

const assertNoSecret = (error: ConfigError.ConfigError) => {
  const shown = [
    Cause.pretty(Cause.fail(error)),
    inspect(error, { depth: 10, showHidden: true }),
    JSON.stringify(error),
    String(Cause.squash(Cause.fail(error)))
  ]
  for (const text of shown) assert.notInclude(text, secret)
}

/** What untyped JavaScript can pass. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the type that is expected
const untyped = <A>(value: unknown): A =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  value as A

const policy: RequestPolicy.Options = {
  maxRetries: untyped(secret),
  deadline: untyped(secret),
  maxConnections: 0,
  shutdownGrace: -1
}

const clientOptions = { policy, decoding: untyped<"strict">(secret), echo: untyped<"check">(secret) }

const options = {
  space: `${secret}!`,
  projectId: `${secret}:`,
  apiToken: Redacted.make(`${secret}\n`),
  ...clientOptions,
  ca: `-----BEGIN CERTIFICATE-----${secret}`,
  proxy: `http://user:${secret}@127.0.0.1:1`
}

const clientPaths = [
  "policy.maxRetries",
  "policy.deadline",
  "policy.maxConnections",
  "policy.shutdownGrace",
  "decoding",
  "echo"
]

const variables = {
  SIGNALWIRE_SPACE: `${secret}!`,
  SIGNALWIRE_PROJECT_ID: `${secret}:`,
  SIGNALWIRE_API_TOKEN: `${secret}\n`,
  SIGNALWIRE_DECODING: secret,
  SIGNALWIRE_REST_CA_FILE: `/no/such/${secret}`,
  HTTPS_PROXY: `http://user:${secret}@127.0.0.1:1/${secret}`,
  HTTP_PROXY: `socks5://${secret}`
}

const credentialVariables = ["SIGNALWIRE_SPACE", "SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN"]

describe("a configuration with several problems", () => {
  it.effect("each problem of the options is in one ConfigError, once, in the order of the options, without a value", () =>
    Effect.gen(function*() {
      const credentials = ["space", "projectId", "apiToken"]
      const { ca, proxy, ...withoutTransport } = options
      const core = SignalWireClient.layer(withoutTransport).pipe(Layer.provide(FetchHttpClient.layer))
      const ofCore = yield* errorOf(core)
      assert.deepStrictEqual(partsOf(ofCore), [...credentials, ...clientPaths])
      const ofNode = yield* errorOf(NodeSignalWire.layer(options))
      assert.deepStrictEqual(partsOf(ofNode), [...credentials, ...clientPaths, "ca", "proxy"])
      for (const error of [ofCore, ofNode]) assertNoSecret(error)
      const onlyTransport = yield* errorOf(
        NodeSignalWire.layer({ space: "acme", projectId: "p", apiToken: Redacted.make("t"), ca, proxy })
      )
      assert.deepStrictEqual(partsOf(onlyTransport), ["ca", "proxy"])
    }))

  it.effect("each problem of the variables and of the options beside them is in one ConfigError, without a value", () =>
    Effect.gen(function*() {
      const core = SignalWireClient.layerConfig({ policy, echo: clientOptions.echo }).pipe(
        Layer.provide(FetchHttpClient.layer)
      )
      const paths = [
        ...credentialVariables,
        ...clientPaths.map(path => path === "decoding" ? "SIGNALWIRE_DECODING" : path)
      ]
      const ofCore = yield* errorOf(core, variables)
      assert.deepStrictEqual(partsOf(ofCore), paths)
      const node = NodeSignalWire.layerConfig({ policy, echo: clientOptions.echo, proxy: "environment" })
      const ofNode = yield* errorOf(node, variables)
      assert.deepStrictEqual(partsOf(ofNode), [...paths, "SIGNALWIRE_REST_CA_FILE", "HTTP_PROXY", "HTTPS_PROXY"])
      for (const error of [ofCore, ofNode]) assertNoSecret(error)
    }))

  it.effect("a missing variable does not hide an invalid one", () =>
    Effect.gen(function*() {
      const error = yield* errorOf(NodeSignalWire.layerConfig(), {
        SIGNALWIRE_SPACE: "acme",
        SIGNALWIRE_DECODING: "x",
        SIGNALWIRE_REST_CA_FILE: "/no/such/file"
      })
      assert.deepStrictEqual(partsOf(error), [
        "SIGNALWIRE_PROJECT_ID",
        "SIGNALWIRE_API_TOKEN",
        "SIGNALWIRE_DECODING",
        "SIGNALWIRE_REST_CA_FILE"
      ])
    }))
})

it.effect("options of a wrong type, from untyped JavaScript, are each a ConfigError", () =>
  Effect.gen(function*() {
    const credentials = { space: "acme", projectId: "p", apiToken: Redacted.make("t") }
    const cases: Readonly<Record<string, unknown>> = {
      policy: "patient",
      ca: 5,
      proxy: 5,
      decoding: {},
      echo: true,
      apiToken: "t"
    }
    for (const [name, value] of Object.entries(cases)) {
      const error = yield* errorOf(NodeSignalWire.layer(untyped({ ...credentials, [name]: value })))
      assert.deepStrictEqual(partsOf(error), [name])
    }
  }))

const names =
  "space, projectId, apiToken, baseUrl, insecureHosts, policy, tracePropagation, decoder, decoding, onDrift, echo, " +
  "transformClient, metrics, ca, proxy"

const valid = { space: "acme", projectId: "p", apiToken: Redacted.make("t") }

const validVariables = { SIGNALWIRE_SPACE: "acme", SIGNALWIRE_PROJECT_ID: "p", SIGNALWIRE_API_TOKEN: "t" }

describe.each<
  readonly [name: string, construct: (options: never) => AnyLayer<never>, valid: object, names: string]
>([
  ["NodeSignalWire.layer", NodeSignalWire.layer, valid, names],
  ["NodeSignalWire.layerConfig", NodeSignalWire.layerConfig, {}, `prefix, ${names}`],
  ["UndiciTransport.layer", UndiciTransport.layer, {}, "policy, ca, proxy, metrics"],
  ["UndiciHttpClient.layer", UndiciHttpClient.layer, {}, "policy, ca, proxy, metrics"]
])("%s, in code without types", (_, construct, valid, names) => {
  const build = (options: unknown) =>
    errorOf(untyped<AnyLayer<never>>(Reflect.apply(construct, undefined, [options])), validVariables)

  it.effect.each([[null], [7], [secret], [[]], [new Map([["prefix", "EU"]])], [new Date(0)]])(
    "%j in place of its options is a ConfigError that says what is expected",
    ([options]) =>
      Effect.gen(function*() {
        const error = yield* build(options)
        assert.include(Cause.pretty(Cause.fail(error)), `at options: "Expected an object with ${names}"`)
        assertNoSecret(error)
      })
  )

  it.effect("an option that does not exist is one ConfigError with those that do", () =>
    Effect.gen(function*() {
      const error = yield* build({ ...valid, baseURL: secret })
      assert.deepStrictEqual(error, ConfigError.InvalidData(["baseURL"], `Expected one of ${names}`))
    }))

  it.effect("an option that does not exist is reported beside those that are invalid", () =>
    Effect.gen(function*() {
      const error = yield* build({ ...valid, baseURL: secret, prxy: secret, policy: { maxConnections: 0 }, proxy: 7 })
      assert.sameMembers([...partsOf(error)], ["policy.maxConnections", "baseURL", "prxy", "proxy"])
    }))

  it.effect("each option that cannot be read, or is a getter of a class, is a ConfigError that names it", () =>
    Effect.gen(function*() {
      const getter = {
        enumerable: true,
        get: () => {
          throw new Error(secret)
        }
      }
      for (const name of names.split(", ")) {
        const unreadable = yield* build(Object.defineProperty({ ...valid }, name, getter))
        assert.include(Cause.pretty(Cause.fail(unreadable)), `at ${name}: "Expected a property that can be read`)
        const { [name]: _, ...others }: Readonly<Record<string, unknown>> = { ...valid }
        const ofClass: object = Object.create({ [name]: secret })
        const inherited = yield* build(Object.assign(ofClass, others))
        assert.include(Cause.pretty(Cause.fail(inherited)), `at ${name}: "Expected a property of its own`)
        assertNoSecret(unreadable)
        assertNoSecret(inherited)
      }
      const revoked = Proxy.revocable({}, {})
      revoked.revoke()
      const error = yield* build(revoked.proxy)
      assert.include(Cause.pretty(Cause.fail(error)), `at options: "Expected an object whose properties can be read`)
    }))
})

it.effect("NodeSignalWire.layer without options, in code without types, is a ConfigError", () =>
  Effect.gen(function*() {
    const layer = untyped<AnyLayer<never>>(Reflect.apply(NodeSignalWire.layer, undefined, [undefined]))
    assert.include(Cause.pretty(Cause.fail(yield* errorOf(layer))), `at options: "Expected an object with ${names}"`)
  }))

describe("the option prefix", () => {
  const europe = {
    EU_SIGNALWIRE_SPACE: "acme-eu",
    EU_SIGNALWIRE_PROJECT_ID: "p-eu",
    EU_SIGNALWIRE_API_TOKEN: "t-eu"
  }
  const credentialsIn = (variables: Readonly<Record<string, string>>, options: Credentials.ConfigOptions) =>
    Credentials.fromConfig(options).pipe(
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables)), { pathDelim: "_" })),
      Effect.map(({ apiToken, origin, projectId }) => [origin, projectId, Redacted.value(apiToken)])
    )
  const expected = ["https://acme-eu.signalwire.com", "p-eu", "t-eu"]

  it.effect("all variables are read below the prefix, and none without it", () =>
    Effect.gen(function*() {
      const others = {
        SIGNALWIRE_SPACE: "other",
        SIGNALWIRE_PROJECT_ID: "other",
        SIGNALWIRE_API_TOKEN: "other",
        SIGNALWIRE_REST_BASE_URL: "https://other.example"
      }
      assert.deepStrictEqual(yield* credentialsIn({ ...europe, ...others }, { prefix: "EU" }), expected)
      const withUrl = { ...europe, EU_SIGNALWIRE_REST_BASE_URL: "https://eu.example" }
      assert.deepStrictEqual(
        yield* credentialsIn({ ...withUrl, ...others }, { prefix: "EU" }),
        ["https://eu.example", "p-eu", "t-eu"]
      )
      const error = yield* Effect.flip(credentialsIn(others, { prefix: "EU" }))
      assert.deepStrictEqual(partsOf(error), credentialVariables.map(name => `EU.${name}`))
    }))

  it.effect("a config that is given is read without the prefix", () =>
    Effect.gen(function*() {
      const found = yield* credentialsIn({ ...europe, SHARED_PROJECT: "shared" }, {
        prefix: "EU",
        projectId: Config.string("SHARED_PROJECT")
      })
      assert.deepStrictEqual(found, ["https://acme-eu.signalwire.com", "shared", "t-eu"])
    }))

  it.effect("the prefix is below the prefixes of the provider, for any provider", () =>
    Effect.gen(function*() {
      const variables = Object.entries(europe).map(([name, value]) => [name.replace("EU_", "app/EU/"), value] as const)
      const provider = ConfigProvider.nested(ConfigProvider.fromMap(new Map(variables), { pathDelim: "/" }), "app")
      const read = Credentials.fromConfig({ prefix: "EU" }).pipe(Effect.withConfigProvider(provider))
      assert.strictEqual((yield* read).origin, expected[0])
      const json = ConfigProvider.fromJson({
        EU: { SIGNALWIRE_SPACE: "a b", SIGNALWIRE_PROJECT_ID: "p", SIGNALWIRE_TOKEN: "t" }
      })
      const error = yield* Credentials.fromConfig({ prefix: "EU" }).pipe(Effect.withConfigProvider(json), Effect.flip)
      assert.deepStrictEqual(partsOf(error), ["EU.SIGNALWIRE_SPACE", "EU.SIGNALWIRE_API_TOKEN"])
      assert.include(JSON.stringify(error), "EU.SIGNALWIRE_TOKEN is set instead")
    }))

  it.effect("SIGNALWIRE_DECODING and SIGNALWIRE_REST_CA_FILE are read below it, the variables of proxies are not", () =>
    Effect.gen(function*() {
      const error = yield* errorOf(NodeSignalWire.layerConfig({ prefix: "EU", proxy: "environment" }), {
        ...europe,
        EU_SIGNALWIRE_DECODING: "x",
        SIGNALWIRE_DECODING: "y",
        EU_SIGNALWIRE_REST_CA_FILE: "/no/such/file",
        SIGNALWIRE_REST_CA_FILE: "/no/such/file",
        HTTPS_PROXY: "socks5://127.0.0.1:1",
        EU_HTTP_PROXY: "socks5://127.0.0.1:1"
      })
      assert.deepStrictEqual(partsOf(error), [
        "EU.SIGNALWIRE_DECODING",
        "EU.SIGNALWIRE_REST_CA_FILE",
        "HTTPS_PROXY"
      ])
      for (const name of ["EU_SIGNALWIRE_DECODING", "EU_SIGNALWIRE_REST_CA_FILE"]) {
        assert.include(Cause.pretty(Cause.fail(error)), `Invalid data at ${name}:`)
      }
    }))

  it.effect("the transport and the HttpClient alone read SIGNALWIRE_REST_CA_FILE below it, and name it", () =>
    Effect.gen(function*() {
      const variables = { EU_SIGNALWIRE_REST_CA_FILE: "/no/such/file", SIGNALWIRE_REST_CA_FILE: "/no/such/file" }
      const cases: ReadonlyArray<readonly [options: UndiciTransport.ConfigOptions, paths: ReadonlyArray<string>]> = [
        [{}, ["SIGNALWIRE_REST_CA_FILE"]],
        [{ prefix: "EU" }, ["EU.SIGNALWIRE_REST_CA_FILE"]],
        [{ prefix: "EU_" }, ["prefix"]],
        [untyped({ prefxi: "EU", ca: "none" }), ["prefxi", "ca"]]
      ]
      for (const [options, paths] of cases) {
        for (
          const error of [
            yield* errorOf(UndiciTransport.layerConfig(options), variables),
            yield* errorOf(UndiciHttpClient.layerConfig(options), variables)
          ]
        ) assert.deepStrictEqual(partsOf(error), paths)
      }
    }))

  it.effect("a prefix that no variable can have is one ConfigError, with what is accepted", () =>
    Effect.gen(function*() {
      for (
        const prefix of [
          "",
          " ",
          "EU_",
          "E U",
          untyped<string>(0),
          untyped<string>(null),
          untyped<string>({}),
          untyped<string>(Symbol("EU"))
        ]
      ) {
        const error = yield* errorOf(NodeSignalWire.layerConfig({ prefix }), variables)
        assert.deepStrictEqual(partsOf(error), ["prefix"])
        assert.include(JSON.stringify(error), "such as EU for EU_SIGNALWIRE_SPACE")
      }
    }))

  it.effect("a text in place of a Config is a ConfigError that says what is expected", () =>
    Effect.gen(function*() {
      const error = yield* errorOf(NodeSignalWire.layerConfig({ apiToken: untyped(secret) }), europe)
      assert.include(partsOf(error), "apiToken")
      assertNoSecret(error)
    }))
})
