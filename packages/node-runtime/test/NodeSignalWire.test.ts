import { RoomRecordings, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { NodeSignalWire, UndiciHttpClient, UndiciTransport } from "@effect-signalwire/node-runtime"
import { HttpClient, HttpClientRequest } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Chunk, ConfigError, ConfigProvider, Context, Effect, Layer, ParseResult, Stream } from "effect"
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import fs from "node:fs/promises"
import http from "node:http"
import { syncBuiltinESMExports } from "node:module"
import net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import tls from "node:tls"
import vm from "node:vm"
import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from "undici"
import { get } from "./faults/harness/call.ts"
import * as certificates from "./faults/harness/certificates.ts"
import * as lag from "./faults/harness/lag.ts"
import * as proxyServer from "./faults/harness/proxyServer.ts"
import * as rawServer from "./faults/harness/rawServer.ts"
import { authorizationOf, json, ok, respond, withRequest } from "./faults/harness/scripts.ts"
import { nasty } from "./faults/harness/secrets.ts"
import { session, sessionId } from "./faults/harness/session.ts"
import * as tlsServer from "./faults/harness/tlsServer.ts"

/** The last field of the schema is the first: Schema's decoder restores the order of the schema, FastDecoder keeps this one. */
const reordered = JSON.stringify({ sync_audio_video: true, ...JSON.parse(session({ sync_audio_video: true })) })

const firstKeyOver = (options: Pick<NodeSignalWire.Options, "decoder">) =>
  Effect.gen(function*() {
    const { baseUrl } = yield* rawServer.make([respond(200, reordered, { "content-type": "application/json" })])
    const { apiToken, projectId } = nasty
    const found = yield* Effect.provide(get, NodeSignalWire.layer({ baseUrl, projectId, apiToken, ...options }))
    return Object.keys(found)[0]
  })

describe("decoders", () => {
  it.scopedLive("sessions are decoded by FastDecoder, which keeps the fields in the order of the response", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* firstKeyOver({}), "sync_audio_video")
    }))

  it.scopedLive("sessions are decoded by the decoder option where it is given", () =>
    Effect.gen(function*() {
      const decoder: SignalWireClient.Decoder = schema => {
        const decode = ParseResult.decodeUnknownEither(schema)
        return text => decode(JSON.parse(text))
      }
      assert.strictEqual(yield* firstKeyOver({ decoder }), "id")
    }))
})

describe("services", () => {
  const recordingId = "1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e"

  /** A session, or a page with a recording whose name for the format is the credentials of its request. */
  const both = withRequest(({ head }) =>
    head.startsWith("GET /api/video/room_sessions/")
      ? json(200, session())
      : json(
        200,
        JSON.stringify({
          links: {},
          data: [{ id: recordingId, room_session_id: sessionId, format: authorizationOf({ head }) }]
        })
      )
  )

  const readBoth = Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const recordings = yield* RoomRecordings.RoomRecordings
    const { id } = yield* sessions.get(sessionId)
    const found = yield* Stream.runCollect(recordings.list())
    return [id, ...Chunk.toReadonlyArray(found).map(({ id }) => id)]
  })

  it.scopedLive("layer and layerConfig provide room sessions and recordings, over one connection", () =>
    Effect.gen(function*() {
      const { apiToken, projectId } = nasty
      const target = yield* rawServer.make([both])
      const { baseUrl } = target
      const ids = yield* Effect.provide(readBoth, NodeSignalWire.layer({ baseUrl, projectId, apiToken }))
      assert.deepStrictEqual(ids, [sessionId, recordingId])
      assert.deepStrictEqual([target.requests.length, target.connections()], [2, 1])
      const configured = yield* readBoth.pipe(
        Effect.provide(NodeSignalWire.layerConfig()),
        Effect.withConfigProvider(providerOf(variablesOf(target)))
      )
      assert.deepStrictEqual(configured, [sessionId, recordingId])
      assert.deepStrictEqual([target.requests.length, target.connections()], [4, 2])
    }))

  it.scopedLive("the recordings of two spaces in one graph of layers are read with the credentials of their own", () =>
    Effect.gen(function*() {
      const space = (projectId: string) =>
        Effect.map(rawServer.make([both]), server => ({
          projectId,
          server,
          tag: Context.GenericTag<RoomRecordings.Service>(projectId)
        }))
      const spaces = [yield* space("EU"), yield* space("US")] as const
      const layerOf = ({ projectId, server, tag }: (typeof spaces)[number]) =>
        Layer.effect(tag, RoomRecordings.RoomRecordings).pipe(
          Layer.provide(NodeSignalWire.layer({ baseUrl: server.baseUrl, projectId, apiToken: nasty.apiToken }))
        )
      const formats = yield* Effect.forEach(
        spaces,
        ({ tag }) => Effect.flatMap(tag, recordings => Stream.runHead(recordings.list()))
      ).pipe(Effect.provide(Layer.merge(layerOf(spaces[0]), layerOf(spaces[1]))))
      const users = formats.map(found =>
        Buffer.from((found._tag === "Some" ? found.value.format ?? "" : "").replace("Basic ", ""), "base64")
          .toString().split(":")[0]
      )
      assert.deepStrictEqual(users, ["EU", "US"])
      assert.deepStrictEqual(spaces.map(({ server }) => server.requests.length), [1, 1])
    }))
})

/** Writes files into a folder of the test. */
const folder = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "node-runtime-"))),
    path => Effect.sync(() => rmSync(path, { recursive: true }))
  ),
  path => ({
    path,
    write: (name: string, text: string) => {
      writeFileSync(join(path, name), text)
      return join(path, name)
    }
  })
)

type Environment = Readonly<Record<string, string | undefined>>

const providerOf = (environment: Environment) =>
  ConfigProvider.fromMap(
    new Map(Object.entries(environment).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]))
  )

const getIn = (environment: Environment, options: NodeSignalWire.ConfigOptions = {}) =>
  get.pipe(
    Effect.provide(NodeSignalWire.layerConfig(options)),
    Effect.withConfigProvider(providerOf(environment))
  )

/** The text that a program prints when it fails with this error. */
const shown = (error: unknown): string => Cause.pretty(Cause.fail(error))

/** The variables of a server behind TLS. */
const variablesOf = ({ baseUrl }: rawServer.Server, file?: string): Environment => ({
  SIGNALWIRE_REST_BASE_URL: baseUrl,
  SIGNALWIRE_PROJECT_ID: "project",
  SIGNALWIRE_API_TOKEN: "token",
  SIGNALWIRE_REST_CA_FILE: file
})

describe("connections", () => {
  it.scopedLive("a process that requires TLS 1.3 has no connection with TLS 1.2", () =>
    Effect.gen(function*() {
      const authority = yield* certificates.authority
      const server = yield* tlsServer.make(yield* certificates.make({ by: authority }), [ok], { maxVersion: "TLSv1.2" })
      const getWith = getIn(variablesOf(server), { ca: authority.cert })
      assert.strictEqual((yield* getWith).id, sessionId)
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          const before = tls.DEFAULT_MIN_VERSION
          // as `node --tls-min-v1.3`
          tls.DEFAULT_MIN_VERSION = "TLSv1.3"
          syncBuiltinESMExports()
          return before
        }),
        before =>
          Effect.sync(() => {
            tls.DEFAULT_MIN_VERSION = before
            syncBuiltinESMExports()
          })
      )
      assert.deepInclude(yield* Effect.flip(getWith), { _tag: "SignalWireTransportError", reason: "Tls" })
    }))

  it.scopedLive("each address of a host has half a second to connect", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([ok])
      const times: Array<unknown> = []
      const original = net.connect
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          Reflect.set(net, "connect", (options: object) => {
            times.push(Reflect.get(options, "autoSelectFamilyAttemptTimeout"))
            return Reflect.apply(original, net, [options])
          })
        }),
        () => Effect.sync(() => void Reflect.set(net, "connect", original))
      )
      yield* getIn(variablesOf(server))
      assert.deepStrictEqual(times, [500])
    }))
})

describe("layerConfig", () => {
  it.scopedLive("SIGNALWIRE_REST_CA_FILE trusts each authority in its file, and no other", () =>
    Effect.gen(function*() {
      const { write } = yield* folder
      const [mine, other] = [yield* certificates.authority, yield* certificates.make()]
      const server = yield* tlsServer.make(yield* certificates.make({ by: mine }), [ok])
      const file = write("mine.pem", mine.cert)
      const bundle = write("bundle.pem", `# other\n${other.cert}\n\n# mine\n${mine.cert}\n`)
      const joined = write("joined.pem", `# mine: ${mine.cert.trimEnd()}${other.cert.trimEnd()}`)
      for (const path of [file, bundle, joined, ` ${file}\r\n`]) {
        assert.strictEqual((yield* getIn(variablesOf(server, path))).id, sessionId)
      }
      for (const path of [undefined, "", " ", write("other.pem", other.cert)]) {
        const error = yield* Effect.flip(getIn(variablesOf(server, path)))
        assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Tls" })
      }
      assert.lengthOf(server.requests, 4)
    }))

  it.scopedLive.each<
    readonly [name: string, makeClient: () => Layer.Layer<SignalWireClient.SignalWireClient, ConfigError.ConfigError>]
  >([
    [
      "UndiciTransport",
      () => SignalWireClient.layerTransportConfig().pipe(Layer.provide(UndiciTransport.layerConfig()))
    ],
    ["UndiciHttpClient", () => SignalWireClient.layerConfig().pipe(Layer.provide(UndiciHttpClient.layerConfig()))]
  ])("%s.layerConfig trusts the authorities of SIGNALWIRE_REST_CA_FILE", ([, makeClient]) =>
    Effect.gen(function*() {
      const { write } = yield* folder
      const authority = yield* certificates.authority
      const server = yield* tlsServer.make(yield* certificates.make({ by: authority }), [ok])
      const found = yield* get.pipe(
        Effect.provide(RoomSessions.layer.pipe(Layer.provide(makeClient()))),
        Effect.withConfigProvider(providerOf(variablesOf(server, write("authority.pem", authority.cert))))
      )
      assert.strictEqual(found.id, sessionId)
    }))

  it.scopedLive("the option ca takes precedence over SIGNALWIRE_REST_CA_FILE, which is then not read", () =>
    Effect.gen(function*() {
      const authority = yield* certificates.authority
      const server = yield* tlsServer.make(yield* certificates.make({ by: authority }), [ok])
      const found = yield* getIn(variablesOf(server, "/no/such/file"), { ca: authority.cert })
      assert.strictEqual(found.id, sessionId)
    }))

  it.scopedLive("a SIGNALWIRE_REST_CA_FILE that cannot be used is a ConfigError that names it and the problem, at once", () =>
    Effect.gen(function*() {
      const { path, write } = yield* folder
      const { cert, key } = yield* certificates.authority
      const pipe = join(path, "pipe")
      execFileSync("/usr/bin/mkfifo", [pipe])
      const damaged = cert.replace(/[A-Za-z0-9+/]{20}/, "A".repeat(20))
      const cases: ReadonlyArray<readonly [path: string, problem: RegExp]> = [
        [join(path, "none.pem"), /there is no such file \(ENOENT\)/],
        [join(path, "x".repeat(300)), /it cannot be read \(ENAMETOOLONG\)/],
        ["\u0000", /it cannot be read \(ERR_INVALID_ARG_VALUE\)/],
        [path, /it is not a regular file/],
        [pipe, /it is not a regular file/],
        ["/dev/zero", /it is not a regular file/],
        [write("empty.pem", ""), /with certificates in PEM, but it has other contents/],
        [write("key.pem", key), /but it has other contents/],
        [write("damaged.pem", damaged), /but it has other contents/],
        [write("second.pem", `${cert}\n${damaged}`), /but it has other contents/],
        [write("cut.pem", `${cert}\n${cert.slice(0, 200)}`), /but it has other contents/]
      ]
      const variables = { SIGNALWIRE_SPACE: "acme", SIGNALWIRE_PROJECT_ID: "p", SIGNALWIRE_API_TOKEN: "PTsecret" }
      for (const [file, problem] of cases) {
        const elapsed = yield* lag.during(Effect.flip(getIn({ ...variables, SIGNALWIRE_REST_CA_FILE: file })))
        const error = elapsed.value
        lag.assertWithin(elapsed, 1000, file)
        assert.isTrue(ConfigError.isConfigError(error), file)
        assert.match(shown(error), problem)
        assert.include(shown(error), "SIGNALWIRE_REST_CA_FILE")
        assert.notMatch(shown(error), /PTsecret|BEGIN/)
      }
    }))

  it.scopedLive("a missing file is named as one where the errors of Node are those of another realm, as in Jest", () =>
    Effect.gen(function*() {
      const error: unknown = vm.runInNewContext("Object.assign(new Error('none'), { code: 'ENOENT' })")
      const original = fs.stat
      const setStat = (stat: unknown) =>
        Effect.sync(() => {
          Object.assign(fs, { stat })
          syncBuiltinESMExports()
        })
      yield* Effect.acquireRelease(setStat(() => Promise.reject(error)), () => setStat(original))
      const variables = { SIGNALWIRE_SPACE: "acme", SIGNALWIRE_PROJECT_ID: "p", SIGNALWIRE_API_TOKEN: "PTsecret" }
      const shownError = shown(yield* Effect.flip(getIn({ ...variables, SIGNALWIRE_REST_CA_FILE: "/none.pem" })))
      assert.match(shownError, /there is no such file \(ENOENT\)/)
    }))

  it.scopedLive("a value that cannot be used is named under the prefix of its provider", () =>
    Effect.gen(function*() {
      const right = { SIGNALWIRE_SPACE: "acme", SIGNALWIRE_PROJECT_ID: "p", SIGNALWIRE_API_TOKEN: "PTsecret" }
      for (
        const [name, value] of Object.entries({
          SIGNALWIRE_SPACE: "a.b",
          SIGNALWIRE_PROJECT_ID: "a:b",
          SIGNALWIRE_API_TOKEN: "a\nb",
          SIGNALWIRE_REST_BASE_URL: "http://example.com",
          SIGNALWIRE_REST_CA_FILE: "no/such/file",
          SIGNALWIRE_DECODING: "relaxed"
        })
      ) {
        const prefixed = Object.fromEntries(
          Object.entries({ ...right, [name]: value }).map(([key, text]) => [`EU.${key}`, text])
        )
        const error = yield* get.pipe(
          Effect.provide(NodeSignalWire.layerConfig()),
          Effect.withConfigProvider(ConfigProvider.nested(providerOf(prefixed), "EU")),
          Effect.flip
        )
        assert.include(shown(error), `EU.${name}`)
        assert.notInclude(shown(error), "PTsecret")
      }
    }))

  it.scopedLive("two spaces under two prefixes in one graph each have their own address, credentials and authorities", () =>
    Effect.gen(function*() {
      const { write } = yield* folder
      const echo = withRequest(request => json(200, session({ name: authorizationOf(request) })))
      const space = (name: string) =>
        Effect.gen(function*() {
          const authority = yield* certificates.authority
          const server = yield* tlsServer.make(yield* certificates.make({ by: authority }), [echo])
          return { name, server, file: write(`${name}.pem`, authority.cert) }
        })
      const spaces = [yield* space("EU"), yield* space("US")] as const
      const sharedLayer = NodeSignalWire.layerConfig()
      const tagOf = (name: string) => Context.GenericTag<RoomSessions.Service>(name)

      /** Calls each space with its own variables, but with the CA file of the space of that index. */
      const names = (files: readonly [number, number]) => {
        const provider = providerOf(Object.fromEntries(
          spaces.flatMap(({ name, server }, index) =>
            Object.entries({
              ...variablesOf(server, spaces[files[index] ?? 0]?.file),
              SIGNALWIRE_PROJECT_ID: name
            }).map(([key, value]) => [`${name}.${key}`, value])
          )
        ))
        const [europe, america] = spaces.map(({ name }) =>
          Layer.effect(tagOf(name), RoomSessions.RoomSessions).pipe(
            Layer.provide(sharedLayer),
            Layer.provide(Layer.setConfigProvider(ConfigProvider.nested(provider, name)))
          )
        )
        return Effect.forEach(
          spaces,
          ({ name }) => Effect.flatMap(tagOf(name), sessions => Effect.either(sessions.get(sessionId)))
        ).pipe(
          Effect.provide(Layer.merge(europe ?? Layer.die("none"), america ?? Layer.die("none")))
        )
      }
      const basic = (name: string) => `Basic ${Buffer.from(`${name}:token`).toString("base64")}`
      const right = yield* names([0, 1])
      assert.deepStrictEqual(right.map(found => found._tag === "Right" && found.right.name), [basic("EU"), basic("US")])
      const swapped = yield* names([1, 0])
      assert.deepStrictEqual(
        swapped.map(found => found._tag === "Left" && found.left._tag),
        ["SignalWireTransportError", "SignalWireTransportError"]
      )
    }))
})

it.scopedLive("a call with a header that cannot be sent fails, and leaves the connection to the next call", () =>
  Effect.gen(function*() {
    const { baseUrl, connections, requests } = yield* rawServer.make([ok])
    const { apiToken, projectId } = nasty
    const invalid = SignalWireClient.withTransform(
      HttpClient.mapRequest(HttpClientRequest.setHeader("x-tenant", "Łódź"))
    )
    yield* Effect.gen(function*() {
      for (let round = 0; round < 3; round++) {
        yield* get
        const error = yield* Effect.flip(invalid(get))
        assert.deepInclude(error, {
          _tag: "SignalWireTransportError",
          reason: "Other",
          code: "UND_ERR_INVALID_ARG",
          requestsSent: 0
        })
      }
    }).pipe(Effect.provide(NodeSignalWire.layer({ baseUrl, projectId, apiToken })))
    assert.deepStrictEqual([requests.length, connections()], [3, 1])
  }))

describe("proxy: \"environment\"", () => {
  it.scopedLive("a proxy address without a scheme is that of an http proxy", () =>
    Effect.gen(function*() {
      const authority = yield* certificates.authority
      const server = yield* tlsServer.make(yield* certificates.make({ by: authority }), [ok])
      const proxy = yield* proxyServer.make(credentials =>
        credentials === `Basic ${Buffer.from("someone:secret").toString("base64")}`
      )
      const found = yield* getIn(
        { ...variablesOf(server), HTTPS_PROXY: `someone:secret@127.0.0.1:${proxy.port}` },
        { ca: authority.cert, proxy: "environment" }
      )
      assert.strictEqual(found.id, sessionId)
      assert.deepStrictEqual(proxy.requests, [`CONNECT 127.0.0.1:${server.port}`])
    }))

  it.scopedLive("an address that cannot be used is a ConfigError under the name that was set, without its value", () =>
    Effect.gen(function*() {
      const variables = { SIGNALWIRE_SPACE: "acme", SIGNALWIRE_PROJECT_ID: "p", SIGNALWIRE_API_TOKEN: "t" }
      for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]) {
        for (
          const address of [
            "socks5://secret:secret@127.0.0.1:1",
            "http://secret:%zz@127.0.0.1:1",
            "http://secret@127.0.0.1:1",
            "http://:secret@127.0.0.1:1",
            "127.0.0.1:1/secret",
            "secret secret"
          ]
        ) {
          const error = yield* Effect.flip(getIn({ ...variables, [name]: address }, { proxy: "environment" }))
          assert.isTrue(ConfigError.isConfigError(error))
          assert.match(shown(error), new RegExp(`at ${name}: "Expected [^"]*proxy`))
          assert.notMatch(shown(error), /secret|Redacted/)
        }
      }
    }))
})

it.scopedLive("mocks of undici's global dispatcher, of fetch and of http.request receive no request", () =>
  Effect.gen(function*() {
    const { baseUrl, requests } = yield* rawServer.make([
      respond(200, session(), { "content-type": "application/json" })
    ])
    const { apiToken, projectId } = nasty
    const mockAgent = new MockAgent()
    mockAgent.disableNetConnect()
    const { fetch } = globalThis
    const { request } = http
    const dispatcher = getGlobalDispatcher()
    const mocked = () => {
      throw new Error("mocked")
    }
    yield* Effect.acquireRelease(
      Effect.sync(() => {
        setGlobalDispatcher(mockAgent)
        globalThis.fetch = mocked
        http.request = mocked
      }),
      () =>
        Effect.sync(() => {
          setGlobalDispatcher(dispatcher)
          globalThis.fetch = fetch
          http.request = request
        })
    )
    const found = yield* Effect.provide(get, NodeSignalWire.layer({ baseUrl, projectId, apiToken }))
    assert.strictEqual(found.id, sessionId)
    assert.strictEqual(requests.length, 1)
  }))
