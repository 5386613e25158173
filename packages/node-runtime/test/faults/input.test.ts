import { RequestPolicy, RoomSessions, type SignalWireError } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Option, Redacted } from "effect"
import { inspect } from "node:util"
import { call, clientOf } from "./harness/call.ts"
import { errorOf } from "./harness/callExit.ts"
import { assertResult } from "./harness/expected.ts"
import { eachTransport, once } from "./harness/faultTest.ts"
import { assertNoSecrets, assertSuccessOrError } from "./harness/invariant.ts"
import * as rawServer from "./harness/rawServer.ts"
import { ok } from "./harness/scripts.ts"
import { make as makeSecrets, nasty } from "./harness/secrets.ts"

const invalidIds: ReadonlyArray<unknown> = [
  "",
  "..",
  "%2e%2e",
  "../x",
  "a/b",
  "?",
  "#",
  "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d/../../projects",
  "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d?x=1",
  "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d\r\nx-injected: 1",
  "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d\n",
  "\u0000",
  "@h/",
  "0".repeat(1_048_576),
  42,
  null,
  undefined,
  {},
  ["0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"]
]

const valid: NodeSignalWire.Options = {
  space: "acme",
  projectId: nasty.projectId,
  apiToken: nasty.apiToken
}

const build = (options: Readonly<Record<string, unknown>>): Effect.Effect<Exit.Exit<unknown, unknown>> =>
  Effect.suspend((): Effect.Effect<unknown, unknown> =>
    Effect.scoped(Layer.build(Reflect.apply(NodeSignalWire.layer, undefined, [{ ...valid, ...options }])))
  ).pipe(Effect.exit)

const assertRejected = (
  options: Readonly<Record<string, unknown>>,
  message: RegExp
): Effect.Effect<void> =>
  Effect.gen(function*() {
    const exit = yield* build(options)
    const what = inspect(options)
    assert.isTrue(Exit.isFailure(exit), `rejected: ${what}`)
    const cause: Cause.Cause<unknown> = Exit.isFailure(exit) ? exit.cause : Cause.empty
    const error = Cause.failureOption(cause)
    assert.isTrue(Cause.isFailType(cause) && Option.isSome(error), `no defect: ${what}`)
    assert.match(String(Option.getOrThrow(error)), message)
    assertNoSecrets(
      nasty,
      new Map([["the ConfigError", Cause.pretty(cause) + inspect(exit, { depth: 10, showHidden: true })]])
    )
  })

const assertAllRejected = (key: string, values: ReadonlyArray<unknown>, message: RegExp): Effect.Effect<void> =>
  Effect.forEach(values, value => assertRejected({ [key]: value }, message), { discard: true })

describe("Input and configuration", () => {
  eachTransport(
    "an id that is no UUID is InvalidRequest, without a request and without the value",
    transport =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([ok])
        yield* Effect.flatMap(RoomSessions.RoomSessions, sessions =>
          Effect.forEach(invalidIds, id =>
            Effect.gen(function*() {
              const get: Effect.Effect<never, SignalWireError.SignalWireError> = Reflect.apply(sessions.get, sessions, [
                id
              ])
              const exit = yield* Effect.exit(get)
              assertSuccessOrError(exit)
              const error = Option.getOrThrow(errorOf(exit))
              assert.strictEqual(error._tag, "SignalWireInvalidRequest")
              const shown = error.message + inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error)
              if (typeof id === "string" && id.length > 3) {
                assert.notInclude(shown.replaceAll(/\b0a1b2c3d[0-9a-f-]*/g, ""), id)
              }
              assert.isBelow(shown.length, 10_000)
            }), { discard: true })).pipe(
            Effect.provide(Layer.orDie(clientOf(transport, target)))
          )
        assert.strictEqual(target.connections(), 0)
      })
  )

  once(
    "an invalid space is a ConfigError that says what is accepted",
    assertAllRejected(
      "space",
      [
        "a.b",
        "evil.com/",
        "x@y",
        "acme.signalwire.com.evil.com",
        "acmé",
        "",
        "  ",
        "http://acme.signalwire.com",
        7,
        null
      ],
      /space.*acme\.signalwire\.com/s
    )
  )

  once(
    "an empty, blank or multi-line token and a project id with a colon are ConfigErrors, not defects",
    Effect.all([
      assertAllRejected(
        "apiToken",
        ["", "  ", "a\r\nx: y", "a\u0000b", "\u007f"].map(token => Redacted.make(token)),
        /apiToken.*not empty, without line breaks/s
      ),
      assertAllRejected("apiToken", ["not redacted", undefined, null, 7], /apiToken.*Redacted/s),
      assertAllRejected("projectId", ["a:b", "", " ", "a\nb", undefined, 7], /projectId.*without colons/s)
    ], { discard: true })
  )

  it.live("a ca that holds no certificate is a ConfigError of the layer", () =>
    assertRejected({ ca: "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----" }, /ca.*PEM/s))

  eachTransport(
    "a token with characters above U+00FF is sent as UTF-8, byte by byte",
    transport =>
      Effect.gen(function*() {
        const token = "t\u00fc\u4e2d\u6587\ud83d\udd11\u0100"
        const target = yield* rawServer.make([ok])
        const result = yield* call(transport, target, { secrets: makeSecrets("project", token) })
        assertResult(result, target.requests.length, { requests: 1 }, transport)
        const sent = /^authorization: Basic (.*)$/im.exec(target.requests[0] ?? "")?.[1] ?? ""
        assert.deepStrictEqual(Buffer.from(sent, "base64"), Buffer.from(`project:${token}`, "utf8"))
      })
  )

  once(
    "an invalid timeout, limit or number of retries is a ConfigError",
    Effect.forEach(
      [
        ...["attemptTimeout", "deadline", "connectTimeout", "baseDelay", "maxDelay"].flatMap(key =>
          [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "infinity", "soon", null].map(value => ({
            [key]: value
          }))
        ),
        ...["maxRetries", "maxBodyBytes", "maxConnections", "maxHeaderBytes"].flatMap(key =>
          [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, "2", null].map(value => ({ [key]: value }))
        ),
        { unknown: 1 },
        { ...RequestPolicy.defaults, deadline: "30 days", attemptTimeout: "30 days" },
        { ...RequestPolicy.defaults, maxRetries: Number.NaN },
        { ...RequestPolicy.noRetries, maxConnections: 0 },
        { retryBudget: { capacity: -1 } }
      ],
      policy => assertRejected({ policy }, /policy.*Expected/s),
      { discard: true }
    )
  )

  once(
    "http to a host that is not loopback and a URL with credentials are ConfigErrors, and 0 bytes are sent",
    Effect.gen(function*() {
      const target = yield* rawServer.make([ok])
      yield* assertAllRejected(
        "baseUrl",
        [
          "http://example.com",
          "http://192.168.0.1:80",
          "http://localhost.evil.com",
          `http://user:secret@127.0.0.1:${target.port}`,
          `http://user@127.0.0.1:${target.port}`,
          `http://127.0.0.1:${target.port}/?x`,
          `http://127.0.0.1:${target.port}/#x`,
          "ftp://127.0.0.1",
          "//127.0.0.1",
          "127.0.0.1",
          ""
        ],
        /baseUrl.*https URL/s
      )
      assert.strictEqual(target.received(), 0)
    })
  )
})
