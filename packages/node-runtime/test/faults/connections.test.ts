import { RequestPolicy } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Either, Exit, Fiber, Layer, Option, Scope } from "effect"
import type { Socket } from "node:net"
import type { TlsOptions } from "node:tls"
import { call, clientOf, get } from "./harness/call.ts"
import { errorOf } from "./harness/callExit.ts"
import * as certificates from "./harness/certificates.ts"
import * as clientSockets from "./harness/clientSockets.ts"
import { assertResult, type Expected } from "./harness/expected.ts"
import { eachTransport, once } from "./harness/faultTest.ts"
import { assertInvariant } from "./harness/invariant.ts"
import * as lag from "./harness/lag.ts"
import * as rawServer from "./harness/rawServer.ts"
import { barrier, onReuse } from "./harness/reuse.ts"
import {
  fin,
  head,
  json,
  ok,
  pause,
  read,
  reset,
  send,
  sequence,
  serverError,
  stall,
  withRequest
} from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import * as tlsServer from "./harness/tlsServer.ts"
import * as transports from "./harness/transports.ts"
import { until } from "./harness/until.ts"

const concurrently = <A, E, R>(count: number, effect: Effect.Effect<A, E, R>) =>
  Effect.replicateEffect(effect, count, { concurrency: "unbounded" })

/** A TLS record that was not encrypted with the keys of the connection. */
const damagedRecord = Buffer.concat([Buffer.from([0x17, 0x03, 0x03, 0x00, 0x40]), Buffer.alloc(64, 7)])

/** A server over TLS whose script can send a damaged record. */
const damagingServer = (
  certificate: certificates.Certificate,
  script: (damage: () => void) => rawServer.Script,
  options: TlsOptions = {}
) =>
  Effect.gen(function*() {
    let latest: Socket | undefined
    const server = yield* tlsServer.make(
      certificate,
      [request => script(() => void latest?.write(damagedRecord))(request)],
      options,
      socket => {
        latest = socket
      }
    )
    return server
  })

const patient = Either.getOrThrow(RequestPolicy.make(transports.patient.policy))

describe("Reused connections", () => {
  eachTransport(
    "dead idle connections cost no retry: the call succeeds on a new connection",
    transport =>
      Effect.forEach(
        [1, 3, 8, 32].flatMap(count => [{ count, name: "reset", fault: reset }, { count, name: "closed", fault: fin }]),
        ({ count, fault, name }) =>
          Effect.scoped(Effect.gen(function*() {
            const first = yield* barrier(count, ok)
            let newConnections = 0
            const fresh = sequence(() => Effect.sync(() => void newConnections++), first)
            const server = yield* rawServer.make([onReuse(fresh, fault)])
            yield* Effect.gen(function*() {
              yield* concurrently(count, get)
              const found = yield* Effect.exit(get)
              yield* assertInvariant([found])
              assert.isTrue(Exit.isSuccess(found), `${count} connections, ${name} at reuse: ${String(found)}`)
              assert.strictEqual(server.requests.length, count + 2, "one request is sent again, on a new connection")
              assert.strictEqual(newConnections, count + 1)
            }).pipe(
              Effect.provide(
                clientOf(transport, server, { policy: { maxRetries: 0, retryBudget: null } })
              ),
              Effect.orDie
            )
          })),
        { discard: true }
      ).pipe(
        Effect.zipRight(Effect.forEach([1, 3, 8, 32], count =>
          Effect.scoped(Effect.gen(function*() {
            const server = yield* rawServer.make([onReuse(yield* barrier(count, ok), stall)])
            yield* Effect.gen(function*() {
              // only a request on a connection without a response may time out
              yield* concurrently(count, RequestPolicy.with(patient)(get))
              const sent = server.requests.length
              yield* get
              assert.strictEqual(
                server.requests.length,
                sent + 2,
                `one of ${count} connections without a response is used`
              )
              // one of them reuses the new connection, which no longer responds; no other one is idle
              yield* concurrently(2, get)
              assert.strictEqual(
                server.requests.length,
                sent + 5,
                `no other of ${count} connections without a response is used`
              )
            }).pipe(Effect.provide(clientOf(transport, server, { scale: transports.timed })), Effect.orDie)
          })), { concurrency: "unbounded", discard: true }))
      ),
    { only: ["undici"] }
  )

  it.live("a call in an uninterruptible effect is retried and settles", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([serverError, ok])
      yield* Effect.uninterruptible(get).pipe(Effect.provide(clientOf("undici", server)))
      assert.strictEqual(server.requests.length, 2)
    }).pipe(Effect.scoped))

  it.live("a connection that is reset in the event-loop turn of its reuse is replaced, without a retry", () =>
    Effect.gen(function*() {
      let latest: Socket | undefined
      const server = yield* rawServer.make([ok], { onConnection: socket => void (latest = socket) })
      const resetThenGet = Effect.zipRight(Effect.sync(() => latest?.resetAndDestroy()), get)
      yield* Effect.zipRight(get, resetThenGet).pipe(
        Effect.repeatN(9),
        Effect.provide(clientOf("undici", server, { policy: { maxRetries: 0 } }))
      )
      assert.strictEqual(server.requests.length, 20)
    }).pipe(Effect.scoped))

  eachTransport(
    "40 calls in sequence succeed though the server closes or resets every reused connection",
    transport =>
      Effect.forEach([reset, fin], fault =>
        Effect.scoped(Effect.gen(function*() {
          const server = yield* rawServer.make([onReuse(ok, fault)])
          yield* Effect.replicateEffect(get, 40).pipe(
            Effect.provide(clientOf(transport, server, { policy: { maxRetries: 0 } })),
            Effect.orDie
          )
          assert.strictEqual(
            server.requests.length,
            79,
            "each request but the first is sent on the old and on a new connection"
          )
        })), { discard: true }),
    { only: ["undici"] }
  )

  eachTransport("many more concurrent calls than connections all succeed", transport =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([sequence(pause("30 millis"), ok)])
      const exits = yield* concurrently(400, Effect.exit(get)).pipe(
        Effect.provide(clientOf(transport, server, {
          // the last calls wait for longer than an attempt may take
          policy: { maxConnections: 4, attemptTimeout: "2 seconds", maxRetries: 0, deadline: "1 minute" }
        })),
        Effect.orDie
      )
      assert.strictEqual(exits.filter(Exit.isSuccess).length, 400)
      assert.strictEqual(server.requests.length, 400)

      const unresponsive = yield* rawServer.make([stall])
      // the first call has the only connection until after the deadlines of the others
      const shorter = Either.getOrThrow(RequestPolicy.make({ attemptTimeout: "30 seconds", deadline: "600 millis" }))
      const waiting = Effect.exit(RequestPolicy.with(shorter)(get))
      const { value: [first, ...waited], ...elapsed } = yield* Effect.all(
        [Effect.exit(get), waiting, waiting],
        { concurrency: "unbounded" }
      ).pipe(
        Effect.provide(clientOf(transport, unresponsive, {
          policy: { maxConnections: 1, attemptTimeout: "30 seconds", maxRetries: 0, deadline: "1200 millis" }
        })),
        Effect.orDie,
        lag.during
      )
      lag.assertWithin(elapsed, 1200, "calls that wait for a connection")
      yield* assertInvariant([first, ...waited])
      const expected = { _tag: "SignalWireRequestTimeout" as const, phase: "deadline" as const, attempts: 1 }
      assert.deepInclude(Option.getOrThrow(errorOf(first)), { ...expected, requestsSent: 1 })
      for (const exit of waited) assert.deepInclude(Option.getOrThrow(errorOf(exit)), { ...expected, requestsSent: 0 })
    }), { only: ["undici"] })

  eachTransport(
    "a damaged TLS record is TransportError Truncated at once, and the next call uses a new connection",
    transport =>
      Effect.gen(function*() {
        const certificate = yield* certificates.make()
        const length = { "content-type": "application/json", "content-length": "9999" }
        let damaged = 0
        const inBody = yield* damagingServer(certificate, damage =>
          sequence(
            send(head(200, length), session().slice(0, 50)),
            pause(200),
            () =>
              Effect.sync(() => {
                damaged++
                damage()
              }),
            stall
          ))
        const client = { ca: certificate.cert }
        const result = yield* call(transport, inBody, { client, boundMillis: 1500 })
        assertResult(result, inBody.requests.length, {
          error: { _tag: "SignalWireTransportError", reason: "Truncated", attempts: 3 },
          requests: 3
        }, "in the body")
        assert.strictEqual(damaged, 3)

        for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
          const beforeHeaders = yield* damagingServer(
            certificate,
            damage => sequence(() => Effect.sync(damage), stall),
            { minVersion: version, maxVersion: version }
          )
          const before = yield* call(transport, beforeHeaders, { client, boundMillis: 1500 })
          assertResult(before, beforeHeaders.requests.length, {
            error: { _tag: "SignalWireTransportError", reason: "Reset", attempts: 3 },
            requests: 3
          }, `instead of the response, ${version}`)
        }

        const whileIdle = yield* damagingServer(
          certificate,
          damage => sequence(ok, pause(200), () => Effect.sync(damage))
        )
        yield* Effect.gen(function*() {
          yield* get
          yield* until(() => whileIdle.open() === 0)
          yield* get
          assert.strictEqual(whileIdle.connections(), 2)
        }).pipe(
          Effect.provide(clientOf(transport, whileIdle, { client, policy: { maxRetries: 0 } })),
          Effect.orDie
        )
      }),
    { only: ["undici"] }
  )

  once(
    "a TLS 1.3 server that requires a client certificate is TransportError Tls, as under 1.2",
    Effect.gen(function*() {
      const certificate = yield* certificates.make()
      yield* Effect.forEach(["TLSv1.2", "TLSv1.3"] as const, version =>
        Effect.gen(function*() {
          const server = yield* tlsServer.make(certificate, [ok], {
            requestCert: true,
            rejectUnauthorized: true,
            minVersion: version,
            maxVersion: version
          })
          const result = yield* call("undici", server, { client: { ca: certificate.cert } })
          assertResult(result, server.requests.length, {
            error: { _tag: "SignalWireTransportError", reason: "Tls", attempts: 1 },
            requests: 0
          }, version)
        }), { discard: true })
    })
  )

  const interim = head(100, {}, "Continue")
  const malformed: Expected = {
    error: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 },
    requests: 1
  }

  eachTransport("an unexpected 100 Continue is TransportError Malformed", transport =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([sequence(send(interim), ok)])
      const result = yield* call(transport, server)
      assertResult(result, server.requests.length, transport === "node:http" ? { requests: 1 } : malformed, transport)
      if (transport !== "undici") return
      const reused = yield* rawServer.make([onReuse(ok, sequence(send(interim), ok))])
      const second = yield* call(transport, reused, { use: ({ get }, id) => Effect.zipRight(get(id), get(id)) })
      assertResult(second, reused.requests.length, { ...malformed, requests: 2 }, "on a reused connection")
      const proxy = yield* rawServer.make([send(interim, head(200))])
      const proxied = yield* call(transport, { ...proxy, baseUrl: "https://127.0.0.1:1" }, {
        client: { proxy: proxy.baseUrl }
      })
      assertResult(proxied, proxy.requests.length, malformed, "from a proxy")
    }))

  eachTransport(
    "a layer that closes during a call ends it at once with TransportError Closed and the number of requests sent",
    transport =>
      Effect.gen(function*() {
        let isRead = false
        const recordRead: rawServer.Script = sequence(read, () =>
          Effect.sync(() => {
            isRead = true
          }))
        const phases = {
          "in a response": {
            server: rawServer.make([sequence(send(head(200)), stall)]),
            isReached: (server: rawServer.Server) => server.requests.length === 1,
            requestsSent: 1,
            attempts: 1
          },
          "while connecting": {
            server: Effect.map(rawServer.make([stall]), server => ({
              ...server,
              baseUrl: `https://127.0.0.1:${server.port}`
            })),
            isReached: (server: rawServer.Server) => server.received() > 0,
            requestsSent: transport === "undici" ? 0 : 1,
            attempts: 1
          },
          "in the delay of a Retry-After": {
            server: rawServer.make([sequence(json(500, "{}", { "retry-after": "30" }), recordRead), ok]),
            isReached: () => isRead,
            requestsSent: 1,
            attempts: 1
          },
          "in such a delay that cannot be interrupted": {
            server: rawServer.make([sequence(json(500, "{}", { "retry-after": "30" }), recordRead), ok]),
            isReached: () => isRead,
            requestsSent: 1,
            attempts: 1,
            around: Effect.uninterruptible
          },
          "in the second attempt": {
            server: rawServer.make([serverError, stall]),
            isReached: (server: rawServer.Server) => server.requests.length === 2,
            requestsSent: 2,
            attempts: 2
          }
        }
        yield* Effect.forEach(
          Object.entries(phases),
          ([phase, { attempts, isReached, requestsSent, server, ...rest }]) =>
            Effect.gen(function*() {
              isRead = false
              const target = yield* server
              const scope = yield* Scope.make()
              const client = yield* Layer.buildWithScope(Layer.orDie(clientOf(transport, target)), scope)
              const run = "around" in rest ? rest.around(get) : get
              const fiber = yield* Effect.fork(Effect.exit(run).pipe(Effect.provide(client)))
              yield* until(() => isReached(target))
              yield* Scope.close(scope, Exit.void)
              const exit = yield* Fiber.join(fiber)
              yield* assertInvariant([exit])
              const error = Option.getOrThrow(errorOf(exit))
              assert.strictEqual(error._tag, "SignalWireTransportError", phase)
              assert.deepInclude(error, { reason: "Closed", attempts, requestsSent }, phase)
            }),
          { discard: true }
        )

        const target = yield* rawServer.make([stall])
        const scope = yield* Scope.make()
        const client = yield* Layer.buildWithScope(
          Layer.orDie(clientOf(transport, target, { policy: { maxConnections: 1 } })),
          scope
        )
        const fiber = yield* Effect.fork(concurrently(2, Effect.exit(get)).pipe(Effect.provide(client)))
        // only undici has one connection: elsewhere both requests can arrive at once
        yield* until(() => target.requests.length >= 1)
        yield* Scope.close(scope, Exit.void)
        const errors = (yield* Fiber.join(fiber)).map(exit => Option.getOrThrow(errorOf(exit)))
        assert.deepStrictEqual(
          errors.map(({ requestsSent }) => requestsSent),
          transport === "undici" ? [1, 0] : [1, 1],
          "the second request was queued by undici"
        )
        const late = yield* Effect.exit(get).pipe(Effect.provide(client))
        assert.deepInclude(
          Option.getOrThrow(errorOf(late)),
          { reason: "Closed", requestsSent: 0 },
          "after the layer has closed"
        )
        // fetch opens another connection in place of one that it aborts
        if (transport !== "fetch") yield* until(() => target.open() === 0)
      })
  )
})

describe("The pool of connections", () => {
  it.live("a connection that has reached its maximal age takes no further request", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([ok])
      yield* Effect.gen(function*() {
        yield* get
        yield* Effect.sleep("600 millis")
        yield* get
        assert.strictEqual(server.connections(), 2)
        yield* until(() => server.open() === 1)
      }).pipe(Effect.provide(clientOf("undici", server, { policy: { maxConnectionAge: "500 millis" } })))
    }).pipe(Effect.scoped))

  it.live("a retry takes no connection that was idle when its first attempt failed, and stays within the limit", () =>
    Effect.gen(function*() {
      const count = 4
      let most = 0
      const first = yield* barrier(count, ok)
      const server: rawServer.Server = yield* rawServer.make([
        withRequest(({ number }) => {
          most = Math.max(most, clientSockets.openCount(server.port))
          if (number === count + 1) return sequence(send("HTTP/1.1 2"), reset)
          return onNew
        })
      ])
      const onNew = onReuse(first, json(200, session({ name: "on an old connection" })))
      yield* Effect.gen(function*() {
        yield* concurrently(count, get)
        const { name } = yield* get
        assert.notStrictEqual(name, "on an old connection")
        assert.strictEqual(server.requests.length, count + 2)
        assert.isAtMost(most, count)
      }).pipe(Effect.provide(clientOf("undici", server, { policy: { maxConnections: count } })))
    }).pipe(Effect.scoped))
})
