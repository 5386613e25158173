import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { NodeSignalWire, UndiciHttpClient } from "@effect-signalwire/node-runtime"
import { FetchHttpClient, HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { context, trace } from "@opentelemetry/api"
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks"
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici"
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import {
  ConfigProvider,
  Context,
  Effect,
  Layer,
  LayerMap,
  Logger,
  LogLevel,
  ManagedRuntime,
  Redacted,
  type Scope,
  Tracer
} from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import diagnostics from "node:diagnostics_channel"
import { clientOf, get } from "./harness/call.ts"
import { eachTransport, once } from "./harness/faultTest.ts"
import * as proxyServer from "./harness/proxyServer.ts"
import * as rawServer from "./harness/rawServer.ts"
import { authorizationOf, json, ok, pause, reset, sequence, serverError, withRequest } from "./harness/scripts.ts"
import { session, sessionId } from "./harness/session.ts"
import * as tlsServer from "./harness/tlsServer.ts"

/** A space whose sessions have the credentials of the request as their name. */
interface Space {
  readonly options: NodeSignalWire.Options & { readonly baseUrl: string }
  readonly expected: string
}

const makeSpace = (name: string): Effect.Effect<Space, never, Scope.Scope> =>
  Effect.map(
    rawServer.make([
      withRequest(request => json(200, session({ name: authorizationOf(request), display_name: name })))
    ]),
    ({ baseUrl }) => ({
      options: { projectId: name, apiToken: Redacted.make(`token of ${name}`), baseUrl },
      expected: `${name}: Basic ${Buffer.from(`${name}:token of ${name}`).toString("base64")}`
    })
  )

const makeSpaces = (count: number) =>
  Effect.forEach(Array.from({ length: count }), (_, index) => makeSpace(`p${index}`))

const getNames = (sessions: RoomSessions.Service) =>
  Effect.map(sessions.get(sessionId), ({ display_name, name }) => `${display_name}: ${name}`)

type Sessions = Layer.Layer<RoomSessions.RoomSessions, unknown>

const fetchSpace = (options: SignalWireClient.Options): Sessions =>
  RoomSessions.layer.pipe(Layer.provide(SignalWireClient.layer(options)), Layer.provide(FetchHttpClient.layer))

const inEnvironment = ({ apiToken, baseUrl, projectId }: Space["options"]) =>
  Layer.setConfigProvider(ConfigProvider.fromMap(
    new Map([
      ["SIGNALWIRE_REST_BASE_URL", baseUrl],
      ["SIGNALWIRE_PROJECT_ID", projectId],
      ["SIGNALWIRE_API_TOKEN", Redacted.value(apiToken)]
    ])
  ))

const sharedLayer = NodeSignalWire.layerConfig()
const sharedClient = SignalWireClient.layerConfig()

/** Constructors of the layer of a space. */
const constructors: Readonly<Record<string, (space: Space["options"]) => Sessions>> = {
  "NodeSignalWire.layer": options => NodeSignalWire.layer(options),
  "NodeSignalWire.layerConfig": options => NodeSignalWire.layerConfig().pipe(Layer.provide(inEnvironment(options))),
  "one NodeSignalWire.layerConfig, under several configurations": options =>
    sharedLayer.pipe(Layer.provide(inEnvironment(options))),
  "SignalWireClient.layer over one constant fetch": fetchSpace,
  "one SignalWireClient.layerConfig, under several configurations": options =>
    RoomSessions.layer.pipe(
      Layer.provide(sharedClient),
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(inEnvironment(options))
    )
}

const tagOf = (index: number) => Context.GenericTag<RoomSessions.Service>(`Sessions of space ${index}`)

/** Each space under a tag of its own, all merged into one layer. */
const merged = (layers: ReadonlyArray<Sessions>): Layer.Layer<RoomSessions.Service, unknown> => {
  const tagged = layers.map((layer, index) =>
    Layer.effect(tagOf(index), RoomSessions.RoomSessions).pipe(Layer.provide(layer))
  )
  return tagged.reduce((all, one) => Layer.merge(all, one))
}

const assertOwnSpaces = (found: ReadonlyArray<string>, spaces: ReadonlyArray<Space>, where: string): void =>
  assert.deepStrictEqual(found, spaces.map(({ expected }) => expected), where)

describe("Tenants and runtimes", () => {
  once(
    "2 and 50 clients in one process each call their own space with their own credentials",
    Effect.gen(function*() {
      for (const [name, construct] of Object.entries(constructors)) {
        for (const count of [2, 50]) {
          const spaces = yield* makeSpaces(count)
          const layers = spaces.map(({ options }) => construct(options))
          const getAll = Effect.forEach(spaces, (_, index) => Effect.flatMap(tagOf(index), getNames), {
            concurrency: "unbounded"
          })

          const inOneLayer = yield* getAll.pipe(Effect.provide(merged(layers)), Effect.orDie)
          assertOwnSpaces(inOneLayer, spaces, `${count} by ${name}, merged`)

          const runtime = ManagedRuntime.make(merged(layers))
          const inOneRuntime = yield* Effect.promise(() => runtime.runPromise(getAll))
          yield* Effect.promise(() => runtime.dispose())
          assertOwnSpaces(inOneRuntime, spaces, `${count} by ${name}, under one ManagedRuntime`)

          const memoMap = yield* Layer.makeMemoMap
          const inOneMap = yield* Effect.forEach(
            layers,
            layer =>
              Effect.scopeWith(scope => Layer.buildWithMemoMap(layer, memoMap, scope)).pipe(
                Effect.flatMap(built => getNames(Context.get(built, RoomSessions.RoomSessions)))
              )
          ).pipe(Effect.orDie)
          assertOwnSpaces(inOneMap, spaces, `${count} by ${name}, in one memo map`)

          class Spaces extends LayerMap.Service<Spaces>()("Spaces", {
            lookup: (index: number) => Layer.orDie(layers[index] ?? Layer.die("no such space"))
          }) {}
          const inLayerMap = yield* Effect.forEach(
            spaces,
            (_, index) => Effect.flatMap(RoomSessions.RoomSessions, getNames).pipe(Effect.provide(Spaces.get(index)))
          ).pipe(
            Effect.provide(Spaces.Default),
            Effect.orDie
          )
          assertOwnSpaces(inLayerMap, spaces, `${count} by ${name}, in a LayerMap`)
        }
      }
    })
  )

  it.live("two UndiciHttpClient layers with two proxies in one graph use one each", () =>
    Effect.gen(function*() {
      const target = yield* tlsServer.withAuthority([ok])
      const proxies = yield* Effect.replicateEffect(proxyServer.make(), 2)
      const tags = proxies.map((_, index) => Context.GenericTag<HttpClient.HttpClient>(`Client ${index}`))
      const layers = proxies.map(({ url }) => UndiciHttpClient.layer({ proxy: url, ca: target.ca }))
      const both = layers.map((layer, index) =>
        Layer.effect(tags[index] ?? HttpClient.HttpClient, HttpClient.HttpClient).pipe(Layer.provide(layer))
      ).reduce((all, one) => Layer.merge(all, one))
      yield* Effect.forEach(tags, tag =>
        Effect.flatMap(tag, client => Effect.flatMap(client.get(target.baseUrl), response => response.text))).pipe(
          Effect.provide(both)
        )
      assert.deepStrictEqual(
        proxies.map(({ requests }) =>
          requests.length
        ),
        [1, 1]
      )
    }).pipe(Effect.scoped))

  it.live("one layer that reads its proxy from the environment uses the proxy of each configuration", () =>
    Effect.gen(function*() {
      const target = yield* tlsServer.withAuthority([ok])
      const proxies = yield* Effect.replicateEffect(proxyServer.make(), 2)
      const credentials = { projectId: "p", apiToken: Redacted.make("t"), baseUrl: target.baseUrl }
      const constant = NodeSignalWire.layer({ ...credentials, ca: target.ca, proxy: "environment" })
      const layers = proxies.map(({ url }) =>
        constant.pipe(Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["https_proxy", url]])))))
      )
      yield* Effect.forEach(layers, (_, index) => Effect.flatMap(tagOf(index), getNames)).pipe(
        Effect.provide(merged(layers))
      )
      assert.deepStrictEqual(proxies.map(({ requests }) => requests.length), [1, 1])
    }).pipe(Effect.scoped))

  it.live("one layer is built once for all layers that use it in a graph", () =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([ok])
      const shared = NodeSignalWire.layer({ projectId: "p", apiToken: Redacted.make("t"), baseUrl: target.baseUrl })
      const [one, other] = [tagOf(1), tagOf(2)]
      const use = (tag: typeof one) => Layer.effect(tag, RoomSessions.RoomSessions).pipe(Layer.provide(shared))
      yield* Effect.zipRight(Effect.flatMap(one, getNames), Effect.flatMap(other, getNames)).pipe(
        Effect.provide(Layer.merge(use(one), use(other)))
      )
      assert.strictEqual(target.connections(), 1)
    }).pipe(Effect.scoped))
})

const callerStorage = new AsyncLocalStorage<string>()

/** The stores that the code of a caller sees: inside of Effect twice, and after it. */
const storesOf = async (
  caller: string,
  run: (effect: typeof get) => Promise<unknown>
): Promise<ReadonlyArray<string>> =>
  callerStorage.run(caller, async () => {
    const seen: Array<string> = []
    const record = () => void seen.push(callerStorage.getStore() ?? "none")
    await run(get.pipe(
      Effect.tapBoth({ onFailure: () => Effect.sync(record), onSuccess: () => Effect.sync(record) }),
      Effect.ensuring(Effect.sync(record))
    )).catch(() => {})
    record()
    return seen
  })

const callers = Array.from({ length: 24 }, (_, index) => `caller ${index}`)

describe("Asynchronous context", () => {
  eachTransport(
    "code after a call sees the AsyncLocalStorage store of its own caller",
    transport =>
      Effect.gen(function*() {
        const scripts: Readonly<Record<string, rawServer.Scripts>> = {
          "a response": [ok],
          "a delayed response": [sequence(pause("5 millis"), ok)],
          "retries": [withRequest(({ number }) => (number % 3 === 1 ? serverError : ok))],
          "resets": [withRequest(({ number }) => (number % 4 === 1 ? reset : ok))],
          "errors": [json(404, "{}")]
        }
        for (const [name, script] of Object.entries(scripts)) {
          const server = yield* rawServer.make(script)
          const policy = { maxConnections: 2, baseDelay: "2 millis", retryBudget: null, maxRetries: 8 } as const
          const runtime = ManagedRuntime.make(Layer.orDie(clientOf(transport, server, { policy })))
          const run = (effect: typeof get) => runtime.runPromise(effect)
          for (const caller of callers.slice(0, 6)) {
            const seen = yield* Effect.promise(() => storesOf(caller, run))
            assert.deepStrictEqual(seen, [caller, caller, caller], `${name}, in sequence, over ${transport}`)
          }
          const all = yield* Effect.promise(() => Promise.all(callers.map(caller => storesOf(caller, run))))
          assert.deepStrictEqual(
            all,
            callers.map(caller => [caller, caller, caller]),
            `${name}, in parallel, over ${transport}`
          )
          yield* Effect.promise(() => runtime.dispose())
        }
      })
  )

  it.live("onDrift and the code after the call run in the context of their own caller", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([json(200, session({ duration: -1 }))])
      const reported: Array<string> = []
      const onDrift = () =>
        Effect.delay(Effect.sync(() => void reported.push(callerStorage.getStore() ?? "none")), "2 millis")
      const client = clientOf("undici", server, {
        policy: { maxConnections: 2 },
        client: { decoding: "lenient", onDrift }
      })
      const runtime = ManagedRuntime.make(
        Layer.merge(Layer.orDie(client), Logger.minimumLogLevel(LogLevel.None))
      )
      const run = (effect: typeof get) => runtime.runPromise(effect)
      const all = yield* Effect.promise(() => Promise.all(callers.map(caller => storesOf(caller, run))))
      assert.deepStrictEqual(all, callers.map(caller => [caller, caller, caller]))
      assert.deepStrictEqual(reported.toSorted(), callers.toSorted())
      yield* Effect.promise(() => runtime.dispose())
    }).pipe(Effect.scoped))

  it.live("calls that the close of the layer ends together continue in the context of their own callers", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([() => Effect.never])
      const runtime = ManagedRuntime.make(
        Layer.orDie(clientOf("undici", server, { policy: { maxConnections: 4 } }))
      )
      const all = Promise.all(callers.map(caller => storesOf(caller, effect => runtime.runPromise(effect))))
      while (server.requests.length < 4) yield* Effect.sleep("1 millis")
      yield* Effect.promise(() => runtime.dispose())
      assert.deepStrictEqual(yield* Effect.promise(() => all), callers.map(caller => [caller, caller, caller]))
    }).pipe(Effect.scoped))

  it.live("a connection is opened outside of the context of every caller, also of the one that built the layer", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([ok])
      const stores: Array<string | undefined> = []
      const record = () => void stores.push(callerStorage.getStore())
      yield* Effect.acquireRelease(
        Effect.sync(() => diagnostics.subscribe("net.client.socket", record)),
        () => Effect.sync(() => diagnostics.unsubscribe("net.client.socket", record))
      )
      const runtime = ManagedRuntime.make(Layer.orDie(clientOf("undici", server)))
      const seen = yield* Effect.promise(() => storesOf("caller 0", effect => runtime.runPromise(effect)))
      yield* Effect.promise(() => runtime.dispose())
      assert.deepStrictEqual(seen, ["caller 0", "caller 0", "caller 0"])
      assert.notInclude(stores, "caller 0")
      assert.strictEqual(server.connections(), 1)
      assert.isAtLeast(stores.length, 1)
    }).pipe(Effect.scoped))

  it.live("spans of OpenTelemetry's undici instrumentation have the span of their own caller as parent", () =>
    Effect.gen(function*() {
      const exporter = new InMemorySpanExporter()
      const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
      const instrumentation = new UndiciInstrumentation()
      const manager = new AsyncLocalStorageContextManager()
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          context.setGlobalContextManager(manager.enable())
          instrumentation.setTracerProvider(provider)
          instrumentation.enable()
        }),
        () =>
          Effect.sync(() => {
            instrumentation.disable()
            context.disable()
          })
      )
      const server = yield* rawServer.make([sequence(pause("2 millis"), ok)])
      const runtime = ManagedRuntime.make(
        Layer.orDie(clientOf("undici", server, { policy: { maxConnections: 2 } }))
      )
      const tracer = provider.getTracer("test")
      const spans = callers.map(caller => tracer.startSpan(caller))
      yield* Effect.promise(() =>
        Promise.all(
          spans.map(span => context.with(trace.setSpan(context.active(), span), () => runtime.runPromise(get)))
        )
      )
      yield* Effect.promise(() => runtime.dispose())
      const parents = exporter.getFinishedSpans().map(span => span.parentSpanContext?.spanId)
      assert.lengthOf(parents, callers.length)
      assert.deepStrictEqual(new Set(parents), new Set(spans.map(span => span.spanContext().spanId)))
    }).pipe(Effect.scoped))

  it.live("a queued request of a call with spans is made in the context that the tracer sets for its attempt", () =>
    Effect.gen(function*() {
      const active = new AsyncLocalStorage<string>()
      const native = yield* Effect.tracer
      const tracer = Tracer.make({
        span: (...args) => native.span(...args),
        context: (run, { currentSpan }) => currentSpan?._tag === "Span" ? active.run(currentSpan.name, run) : run()
      })
      const seen: Array<string | undefined> = []
      const onCreate = () => seen.push(active.getStore())
      const server = yield* rawServer.make([sequence(pause("2 millis"), ok)])
      yield* Effect.acquireRelease(
        Effect.sync(() => diagnostics.subscribe("undici:request:create", onCreate)),
        () => Effect.sync(() => diagnostics.unsubscribe("undici:request:create", onCreate))
      )
      yield* Effect.replicateEffect(get, callers.length, { concurrency: "unbounded" }).pipe(
        Effect.withSpan("application"),
        Effect.withTracer(tracer),
        Effect.provide(Layer.orDie(clientOf("undici", server, { policy: { maxConnections: 2 } })))
      )
      assert.lengthOf(seen, callers.length)
      assert.deepStrictEqual([...new Set(seen)], ["GET /api/video/room_sessions/{id}"])
    }).pipe(Effect.scoped))
})
