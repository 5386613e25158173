import { UndiciTransport } from "@effect-signalwire/node-runtime"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Logger, Metric, MetricState, Scope } from "effect"
import diagnostics from "node:diagnostics_channel"
import type { Socket } from "node:net"
import { clientOf, get } from "./faults/harness/call.ts"
import * as proxyServer from "./faults/harness/proxyServer.ts"
import * as rawServer from "./faults/harness/rawServer.ts"
import { fin, json, ok, reset, sequence, serverError, stall } from "./faults/harness/scripts.ts"
import * as tlsServer from "./faults/harness/tlsServer.ts"
import { until } from "./faults/harness/until.ts"

/** The metrics of a port in this process, by name and state: counts, and numbers of records of histograms. */
const totalOf = (port: number): Readonly<Record<string, number>> => {
  const found: Record<string, number> = {}
  for (const { metricKey: { name, tags }, metricState } of Metric.unsafeSnapshot()) {
    const tag = (key: string) => tags.find(label => label.key === key)?.value
    if (tag("server.port") !== String(port)) continue
    const key = [name, tag("http.connection.state")].filter(part => part !== undefined).join(" ")
    const value = MetricState.isCounterState(metricState) || MetricState.isHistogramState(metricState)
      ? Number(metricState.count)
      : 0
    found[key] = (found[key] ?? 0) + value
  }
  return found
}

/** The totals at the start of a test, since an earlier test may have had a server on the same port. */
const totals = new Map<number, Readonly<Record<string, number>>>()

const metricsOf = (port: number): Readonly<Record<string, number>> => {
  const before = totals.get(port) ?? {}
  return Object.fromEntries(
    Object.entries(totalOf(port))
      .filter(([name]) => !(name in before) || totalOf(port)[name] !== before[name])
      .map(([name, total]) => [name, total - (before[name] ?? 0)])
  )
}

const startServer = (script: rawServer.Script) =>
  Effect.tap(rawServer.make([script]), ({ port }) => Effect.sync(() => totals.set(port, totalOf(port))))

const startTlsServer = (script: rawServer.Script) =>
  Effect.tap(tlsServer.withAuthority([script]), ({ port }) => Effect.sync(() => totals.set(port, totalOf(port))))

const startProxy = (authenticate?: () => boolean) =>
  Effect.tap(proxyServer.make(authenticate), ({ port }) => Effect.sync(() => totals.set(port, totalOf(port))))

const connections = (port: number) => {
  const found = metricsOf(port)
  return {
    active: found["http.client.open_connections active"] ?? 0,
    idle: found["http.client.open_connections idle"] ?? 0,
    queued: found["signalwire.client.queued_requests"] ?? 0
  }
}

const none = { active: 0, idle: 0, queued: 0 }

const becomes = (port: number, expected: ReturnType<typeof connections>) => {
  const wanted = JSON.stringify(expected)
  return until(() => JSON.stringify(connections(port)) === wanted)
}

const isMessage = (message: unknown): message is { readonly socket: Socket } =>
  typeof message === "object" && message !== null && "socket" in message

/** The sockets of this process to a port, from `connect` to `close`. */
const socketsTo = (port: number) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => {
        const open = new Set<Socket>()
        const listener = (message: unknown) => {
          if (!isMessage(message)) return
          const { socket } = message
          socket.once("connect", () => {
            if (socket.remotePort !== port) return
            open.add(socket)
            socket.once("close", () => open.delete(socket))
          })
        }
        diagnostics.subscribe("net.client.socket", listener)
        return { open, listener }
      }),
      ({ listener }) => Effect.sync(() => diagnostics.unsubscribe("net.client.socket", listener))
    ),
    ({ open }) => open
  )

/** Responds when the latch is open. */
const gated = Effect.map(Deferred.make<void>(), latch => ({
  open: Deferred.succeed(latch, undefined),
  script: sequence(() => Deferred.await(latch), ok)
}))

const policy = { maxConnections: 2, maxRetries: 0, retryBudget: null } as const

describe("metrics of the pool", () => {
  it.scopedLive("connections are active and requests queued, then idle, and no connection is left after the layer", () =>
    Effect.gen(function*() {
      const gate = yield* gated
      const server = yield* startServer(gate.script)
      yield* Effect.gen(function*() {
        const calls = yield* Effect.fork(Effect.replicateEffect(get, 5, { concurrency: "unbounded" }))
        yield* becomes(server.port, { active: 2, idle: 0, queued: 3 })
        yield* gate.open
        yield* Fiber.join(calls)
        assert.deepStrictEqual(connections(server.port), { active: 0, idle: 2, queued: 0 })
        assert.strictEqual(metricsOf(server.port)["http.client.request.time_in_queue"], 3)
      }).pipe(Effect.provide(clientOf("undici", server, { policy })))
      assert.deepStrictEqual(connections(server.port), none)
    }))

  it.scopedLive("a request that is interrupted in the queue leaves it, with its time", () =>
    Effect.gen(function*() {
      const gate = yield* gated
      const server = yield* startServer(gate.script)
      yield* Effect.gen(function*() {
        const first = yield* Effect.fork(Effect.replicateEffect(get, 3, { concurrency: "unbounded" }))
        yield* becomes(server.port, { active: 2, idle: 0, queued: 1 })
        const later = yield* Effect.fork(Effect.replicateEffect(get, 3, { concurrency: "unbounded" }))
        yield* becomes(server.port, { active: 2, idle: 0, queued: 4 })
        yield* Fiber.interrupt(later)
        assert.deepStrictEqual(connections(server.port), { active: 2, idle: 0, queued: 1 })
        assert.strictEqual(metricsOf(server.port)["http.client.request.time_in_queue"], 3)
        yield* gate.open
        yield* Fiber.join(first)
      }).pipe(Effect.provide(clientOf("undici", server, { policy })))
      assert.deepStrictEqual(connections(server.port), none)
    }))

  it.scopedLive("the connections are the sockets at every moment, through errors, aborts and closed connections", () =>
    Effect.gen(function*() {
      const scripts = [ok, reset, fin, serverError, sequence(ok, fin), sequence(ok, reset), stall, json(200, "{"), ok]
      const server = yield* startServer(request => scripts[request.number % scripts.length]?.(request) ?? Effect.void)
      const sockets = yield* socketsTo(server.port)
      yield* Effect.gen(function*() {
        let differences = 0
        let samples = 0
        const calls = yield* Effect.forEach(
          Array.from({ length: 150 }),
          (_, index) => Effect.exit(index % 7 === 0 ? Effect.timeout(get, "5 millis") : get),
          { concurrency: 12, discard: true }
        ).pipe(Effect.fork)
        while ((yield* Fiber.poll(calls))._tag === "None") {
          const { active, idle } = connections(server.port)
          samples++
          if (active + idle !== sockets.size) differences++
          yield* Effect.sleep("1 millis")
        }
        assert.isAbove(samples, 10)
        assert.strictEqual(differences, 0)
      }).pipe(
        Effect.provide(Layer.merge(
          Logger.remove(Logger.defaultLogger),
          clientOf("undici", server, {
            policy: { maxConnections: 4, maxRetries: 1, baseDelay: "1 millis", attemptTimeout: "50 millis" }
          })
        ))
      )
      // the socket of a connection that was discarded closes after its layer
      const { active, idle } = connections(server.port)
      assert.strictEqual(active + idle, sockets.size)
      yield* becomes(server.port, none)
    }))

  it.scopedLive("a connection that the server closes while it is idle is not counted", () =>
    Effect.gen(function*() {
      const server = yield* startServer(sequence(ok, fin))
      yield* Effect.gen(function*() {
        yield* get
        yield* becomes(server.port, none)
      }).pipe(Effect.provide(clientOf("undici", server, { policy })))
    }))

  it.scopedLive("no connection and no queued request is left where the layer is closed during calls", () =>
    Effect.gen(function*() {
      const server = yield* startServer(stall)
      const scope = yield* Scope.make()
      const context = yield* Scope.extend(Layer.build(clientOf("undici", server, { policy })), scope)
      const calls = yield* Effect.fork(Effect.exit(
        Effect.replicateEffect(Effect.exit(Effect.provide(get, context)), 8, { concurrency: "unbounded" })
      ))
      yield* becomes(server.port, { active: 2, idle: 0, queued: 6 })
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(connections(server.port), none)
      yield* Fiber.join(calls)
      assert.strictEqual(metricsOf(server.port)["http.client.active_requests"] ?? 0, 0)
    }))

  it.scopedLive("the pools of two clients add up", () =>
    Effect.gen(function*() {
      const server = yield* startServer(ok)
      yield* Effect.gen(function*() {
        yield* get
        yield* Effect.gen(function*() {
          yield* get
          assert.deepStrictEqual(connections(server.port), { active: 0, idle: 2, queued: 0 })
        }).pipe(Effect.provide(clientOf("undici", server, { policy })))
        assert.deepStrictEqual(connections(server.port), { active: 0, idle: 1, queued: 0 })
      }).pipe(Effect.provide(clientOf("undici", server, { policy })))
    }))

  it.scopedLive("a tunnel through a proxy is one connection to the server, and the proxy none", () =>
    Effect.gen(function*() {
      const gate = yield* gated
      const server = yield* startTlsServer(gate.script)
      const proxy = yield* startProxy()
      yield* Effect.gen(function*() {
        const calls = yield* Effect.fork(Effect.replicateEffect(get, 5, { concurrency: "unbounded" }))
        yield* becomes(server.port, { active: 2, idle: 0, queued: 3 })
        assert.deepStrictEqual([server.open(), proxy.open()], [2, 2])
        yield* gate.open
        yield* Fiber.join(calls)
        assert.deepStrictEqual(connections(server.port), { active: 0, idle: 2, queued: 0 })
        assert.deepStrictEqual(metricsOf(proxy.port), {})
      }).pipe(Effect.provide(clientOf("undici", server, { policy, client: { proxy: proxy.url, ca: server.ca } })))
      yield* becomes(server.port, none)
    }))

  it.scopedLive("a proxy that rejects tunnels leaves no connection", () =>
    Effect.gen(function*() {
      const server = yield* startTlsServer(ok)
      const proxy = yield* startProxy(() => false)
      yield* Effect.exit(get).pipe(
        Effect.provide(clientOf("undici", server, { policy, client: { proxy: proxy.url, ca: server.ca } }))
      )
      assert.deepStrictEqual(connections(server.port), none)
    }))

  it.scopedLive("a client without metrics has none", () =>
    Effect.gen(function*() {
      const server = yield* startServer(ok)
      yield* get.pipe(Effect.provide(clientOf("undici", server, { client: { metrics: false } })))
      assert.deepStrictEqual(metricsOf(server.port), {})
    }))

  it.scopedLive("an option metrics that is no boolean is a ConfigError that says what is accepted", () =>
    Effect.gen(function*() {
      const server = yield* startServer(ok)
      // a program without types
      const options = JSON.parse("{\"metrics\":\"no\"}")
      const errors = [
        yield* Effect.flip(Effect.provide(get, clientOf("undici", server, { client: options }))),
        yield* Effect.flip(Layer.build(UndiciTransport.layer(options)))
      ]
      const expected = { path: ["metrics"], message: "Expected true or false" }
      for (const error of errors) assert.deepInclude(error, expected)
    }))
})
