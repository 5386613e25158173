import { Credentials, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import type { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigError, ConfigProvider, Context, Effect, Layer, Redacted } from "effect"
import { credentials } from "../support/client.ts"
import { json, ok } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { overHttpClient } from "../support/transports.ts"

const one = Context.GenericTag<RoomSessions.Service>("one")
const other = Context.GenericTag<RoomSessions.Service>("other")

const client = SignalWireClient.layer(credentials)

const sessionsOver = (name: string) =>
  RoomSessions.layer.pipe(
    Layer.provide(client),
    Layer.provide(overHttpClient(json(200, body({ name }))).layer)
  )

describe("layers", () => {
  it.effect("one SignalWireClient.layer over two HttpClients in a graph sends over each of them", () =>
    Effect.gen(function*() {
      const names = yield* Effect.forEach(
        [one, other],
        tag => Effect.flatMap(tag, service => Effect.map(service.get(sessionId), ({ name }) => name))
      ).pipe(Effect.provide(Layer.merge(
        Layer.effect(one, RoomSessions.RoomSessions).pipe(Layer.provide(sessionsOver("one"))),
        Layer.effect(other, RoomSessions.RoomSessions).pipe(Layer.provide(sessionsOver("other")))
      )))
      assert.deepStrictEqual(names, ["one", "other"])
    }))
})

describe("SignalWireClient.layerWithoutCredentials", () => {
  const layerWith = (apiToken: string, ...options: Parameters<typeof SignalWireClient.layerWithoutCredentials>) =>
    RoomSessions.layer.pipe(
      Layer.provide(SignalWireClient.layerWithoutCredentials(...options)),
      Layer.provide(Credentials.layer({ ...credentials, apiToken: Redacted.make(apiToken) }))
    )

  it.effect("the client sends the credentials of the context", () =>
    Effect.gen(function*() {
      for (const token of ["one", "other"]) {
        const transport = overHttpClient(ok)
        yield* Effect.flatMap(RoomSessions.RoomSessions, service => service.get(sessionId)).pipe(
          Effect.provide(Layer.provide(layerWith(token), transport.layer))
        )
        const [request] = transport.requests
        assert.strictEqual(request?.headers["authorization"], `Basic ${btoa(`${credentials.projectId}:${token}`)}`)
      }
    }))

  it.effect("an invalid policy is a ConfigError", () =>
    Effect.gen(function*() {
      const layer = Layer.provide(layerWith("t", { policy: { maxRetries: -1 } }), overHttpClient(ok).layer)
      const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
      assert.include(Cause.pretty(Cause.fail(error)), "policy.maxRetries")
    }))
})

describe("the options of a client, in code without types", () => {
  const errorOf = (options: Readonly<Record<string, unknown>>) => {
    const layer: typeof client = Reflect.apply(SignalWireClient.layer, undefined, [{ ...credentials, ...options }])
    return Effect.flip(Effect.scoped(Layer.build(layer))).pipe(Effect.provide(overHttpClient(ok).layer))
  }

  it.effect.each(
    [
      ["decoder", {}, "Expected a function"],
      ["onDrift", "log", "Expected a function"],
      ["tracePropagation", "yes", "Expected true or false"]
    ] as const
  )("the option %s with the value %j is a ConfigError", ([option, value, message]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* errorOf({ [option]: value }), ConfigError.InvalidData([option], message))
    }))

  const credentialNames = "space, projectId, apiToken, baseUrl, insecureHosts"
  const clientNames = "policy, tracePropagation, decoder, decoding, onDrift, echo, transformClient, metrics"

  const variables = ConfigProvider.fromMap(
    new Map([["SIGNALWIRE_SPACE", "acme"], ["SIGNALWIRE_PROJECT_ID", "p"], ["SIGNALWIRE_API_TOKEN", "t"]])
  )

  type AnyLayer = Layer.Layer<never, unknown, HttpClient.HttpClient | Credentials.Credentials>

  /** Each with valid options, and with what it needs. */
  const constructors: ReadonlyArray<
    readonly [
      name: string,
      construct: (options: never) => AnyLayer,
      valid: object,
      names: string
    ]
  > = [
    ["SignalWireClient.layer", SignalWireClient.layer, credentials, `${credentialNames}, ${clientNames}`],
    ["SignalWireClient.layerConfig", SignalWireClient.layerConfig, {}, `prefix, ${credentialNames}, ${clientNames}`],
    ["SignalWireClient.layerWithoutCredentials", SignalWireClient.layerWithoutCredentials, {}, clientNames],
    ["Credentials.layer", Credentials.layer, credentials, credentialNames],
    ["Credentials.layerConfig", Credentials.layerConfig, {}, `prefix, ${credentialNames}`]
  ]

  const build = (construct: (options: never) => unknown, options: unknown): Effect.Effect<unknown, unknown> => {
    const layer: AnyLayer = Reflect.apply(construct, undefined, [options])
    return Effect.scoped(Layer.build(layer)).pipe(
      Effect.provide(Layer.merge(overHttpClient(ok).layer, Credentials.layer(credentials))),
      Effect.withConfigProvider(variables)
    )
  }

  const shown = (error: unknown) => Cause.pretty(Cause.fail(error))

  describe.each(constructors)("%s", (_, construct, valid, names) => {
    it.effect.each([[null], [7], ["PTsecret"]])(
      "%j in place of its options is a ConfigError that says what is expected",
      ([options]) =>
        Effect.gen(function*() {
          const error = yield* Effect.flip(build(construct, options))
          assert.include(shown(error), `at options: "Expected an object with ${names}"`)
          assert.notInclude(shown(error), "PTsecret")
        })
    )

    it.effect("an option that does not exist is a ConfigError with those that do, beside valid ones", () =>
      Effect.gen(function*() {
        yield* build(construct, valid)
        assert.deepStrictEqual(
          yield* Effect.flip(build(construct, { ...valid, baseURL: "https://example.com" })),
          ConfigError.InvalidData(["baseURL"], `Expected one of ${names}`)
        )
      }))

    it.effect("of many options that do not exist, ten are reported", () =>
      Effect.gen(function*() {
        const dictionary = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`name${index}`, index]))
        const error = shown(yield* Effect.flip(build(construct, { ...valid, ...dictionary })))
        assert.lengthOf(error.match(/at name\d: "Expected one of/g) ?? [], 10)
        assert.notInclude(error, "name10")
      }))

    it.effect("each option that cannot be read, or is a getter of a class, is a ConfigError that names it", () =>
      Effect.gen(function*() {
        const getter = {
          enumerable: true,
          get: () => {
            throw new Error("PTsecret of a getter")
          }
        }
        for (const name of names.split(", ")) {
          const unreadable = yield* Effect.flip(build(construct, Object.defineProperty({ ...valid }, name, getter)))
          assert.include(shown(unreadable), `at ${name}: "Expected a property that can be read`)
          const { [name]: _, ...others }: Readonly<Record<string, unknown>> = { ...valid }
          const ofClass: object = Object.create({ [name]: "PTsecret" })
          const inherited = yield* Effect.flip(build(construct, Object.assign(ofClass, others)))
          assert.include(shown(inherited), `at ${name}: "Expected a property of its own`)
          assert.notInclude(shown([unreadable, inherited]), "PTsecret")
        }
        const revoked = Proxy.revocable({}, {})
        revoked.revoke()
        const error = yield* Effect.flip(build(construct, revoked.proxy))
        assert.include(shown(error), `at options: "Expected an object whose properties can be read`)
      }))
  })

  it.effect("all problems are reported together, without the text that a transformClient throws", () =>
    Effect.gen(function*() {
      const error = yield* errorOf({
        baseURL: "https://example.com",
        space: "no space",
        policy: { maxRetries: -1 },
        decoder: null,
        onDrift: 1,
        tracePropagation: 1,
        transformClient: () => {
          throw new Error("PTsecret of the transform")
        }
      })
      const text = Cause.pretty(Cause.fail(error))
      for (
        const path of [
          "baseURL",
          "space",
          "policy.maxRetries",
          "decoder",
          "onDrift",
          "tracePropagation",
          "transformClient"
        ]
      ) assert.include(text, `at ${path}: "Expected`)
      assert.notInclude(text, "PTsecret")
    }))
})
