import { RoomSessions } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Option, Scope } from "effect"
import type { Socket } from "node:net"
import type { TlsOptions } from "node:tls"
import * as certificates from "./harness/certificates.ts"
import { failureOf, holdAll } from "./harness/invariant.ts"
import * as lag from "./harness/lag.ts"
import { once } from "./harness/once.ts"
import * as peers from "./harness/peers.ts"
import * as rawServer from "./harness/rawServer.ts"
import { onReuse, together } from "./harness/reuse.ts"
import { assertOutcome, call, clientOf, type Expected, row } from "./harness/row.ts"
import {
  broken,
  fin,
  head,
  json,
  ok,
  pause,
  read,
  reset,
  send,
  sequence,
  stall,
  withRequest
} from "./harness/scripts.ts"
import { session, sessionId } from "./harness/session.ts"
import * as tlsServer from "./harness/tlsServer.ts"
import * as transports from "./harness/transports.ts"
import { until } from "./harness/until.ts"

const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId))

const times = <A, E, R>(count: number, effect: Effect.Effect<A, E, R>) =>
  Effect.replicateEffect(effect, count, { concurrency: "unbounded" })

/** A record of TLS that was not made with the keys of the connection. */
const damagedRecord = Buffer.concat([Buffer.from([0x17, 0x03, 0x03, 0x00, 0x40]), Buffer.alloc(64, 7)])

/** A server over TLS, and how to write into a connection below TLS. */
const tappedServer = (
  certificate: certificates.Certificate,
  script: (damage: () => void) => rawServer.Script,
  options: TlsOptions = {}
) =>
  Effect.gen(function*() {
    let latest: Socket | undefined
    const server = yield* tlsServer.make(
      certificate,
      [exchange => script(() => void latest?.write(damagedRecord))(exchange)],
      options,
      socket => {
        latest = socket
      }
    )
    return server
  })

describe("Connections that were used before", () => {
  row(
    94,
    transport =>
      Effect.forEach(
        [1, 3, 8, 32].flatMap(count => [{ count, name: "reset", fault: reset }, { count, name: "closed", fault: fin }]),
        ({ count, fault, name }) =>
          Effect.scoped(Effect.gen(function*() {
            const first = yield* together(count, ok)
            let newConnections = 0
            const fresh = sequence(() => Effect.sync(() => void newConnections++), first)
            const server = yield* rawServer.make([onReuse(fresh, fault)])
            yield* Effect.gen(function*() {
              yield* times(count, get)
              const found = yield* Effect.exit(get)
              yield* holdAll([found])
              assert.isTrue(Exit.isSuccess(found), `${count} connections, ${name} at reuse: ${String(found)}`)
              assert.strictEqual(server.requests.length, count + 2, "one was sent again, on a new connection")
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
            const server = yield* rawServer.make([onReuse(yield* together(count, ok), stall)])
            yield* Effect.gen(function*() {
              yield* times(count, get)
              const sent = server.requests.length
              yield* get
              assert.strictEqual(server.requests.length, sent + 2, `one silent connection of ${count} is tried`)
              // one of them uses the new connection again, which is silent then; there is no other one that is idle
              yield* times(2, get)
              assert.strictEqual(server.requests.length, sent + 5, `no other silent connection of ${count} is tried`)
            }).pipe(Effect.provide(clientOf(transport, server, { scale: transports.timed })), Effect.orDie)
          })), { concurrency: "unbounded", discard: true }))
      ),
    { only: ["undici"] }
  )

  it.live("a retry in a region that cannot be interrupted ends", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([broken, ok])
      yield* Effect.uninterruptible(get).pipe(Effect.provide(clientOf("undici", server)))
      assert.strictEqual(server.requests.length, 2)
    }).pipe(Effect.scoped))

  it.live("a connection that is reset in the turn in which it is used again is replaced, though nothing was written", () =>
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

  row(95, transport =>
    Effect.forEach([reset, fin], fault =>
      Effect.scoped(Effect.gen(function*() {
        const server = yield* rawServer.make([onReuse(ok, fault)])
        yield* Effect.replicateEffect(get, 40).pipe(
          Effect.provide(clientOf(transport, server, { policy: { maxRetries: 0 } })),
          Effect.orDie
        )
        assert.strictEqual(server.requests.length, 79, "each but the first was sent on the old and on a new connection")
      })), { discard: true }), { only: ["undici"] })

  row(96, transport =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([sequence(pause("20 millis"), ok)])
      const exits = yield* times(400, Effect.exit(get)).pipe(
        Effect.provide(clientOf(transport, server, {
          policy: { maxConnections: 4, attemptTimeout: "500 millis", maxRetries: 0, deadline: "1 minute" }
        })),
        Effect.orDie
      )
      assert.strictEqual(exits.filter(Exit.isSuccess).length, 400)
      assert.strictEqual(server.requests.length, 400)

      const silent = yield* rawServer.make([stall])
      const { value: waited, ...elapsed } = yield* times(3, Effect.exit(get)).pipe(
        Effect.provide(clientOf(transport, silent, {
          policy: { maxConnections: 1, attemptTimeout: "30 seconds", maxRetries: 0, deadline: "600 millis" }
        })),
        Effect.orDie,
        lag.during
      )
      lag.assertWithin(elapsed, 600, "calls that wait for a connection")
      yield* holdAll(waited)
      for (const [index, exit] of waited.entries()) {
        const expected = {
          _tag: "SignalWireRequestTimeout" as const,
          phase: "deadline" as const,
          attempts: 1,
          requestsSent: index === 0 ? 1 : 0
        }
        assert.deepInclude(Option.getOrThrow(failureOf(exit)), expected)
      }
    }), { only: ["undici"] })

  row(97, transport =>
    Effect.gen(function*() {
      const certificate = yield* certificates.make()
      const length = { "content-type": "application/json", "content-length": "9999" }
      let damaged = 0
      const inBody = yield* tappedServer(certificate, damage =>
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
      const settings = { ca: certificate.cert }
      const outcome = yield* call(transport, inBody, { settings, boundMillis: 1500 })
      assertOutcome(outcome, inBody.requests.length, {
        failure: { _tag: "SignalWireTransportError", reason: "Truncated", attempts: 3 },
        requests: 3
      }, "in the body")
      assert.strictEqual(damaged, 3)

      for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
        const inPlaceOfResponse = yield* tappedServer(
          certificate,
          damage => sequence(() => Effect.sync(damage), stall),
          { minVersion: version, maxVersion: version }
        )
        const before = yield* call(transport, inPlaceOfResponse, { settings, boundMillis: 1500 })
        assertOutcome(before, inPlaceOfResponse.requests.length, {
          failure: { _tag: "SignalWireTransportError", reason: "Reset", attempts: 3 },
          requests: 3
        }, `in place of the response, ${version}`)
      }

      const whileIdle = yield* tappedServer(certificate, damage => sequence(ok, pause(200), () => Effect.sync(damage)))
      yield* Effect.gen(function*() {
        yield* get
        yield* until(() => whileIdle.open() === 0)
        yield* get
        assert.strictEqual(whileIdle.connections(), 2)
      }).pipe(
        Effect.provide(clientOf(transport, whileIdle, { settings, policy: { maxRetries: 0 } })),
        Effect.orDie
      )
    }), { only: ["undici"] })

  once(
    98,
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
          const outcome = yield* call("undici", server, { settings: { ca: certificate.cert } })
          assertOutcome(outcome, server.requests.length, {
            failure: { _tag: "SignalWireTransportError", reason: "Tls", attempts: 1 },
            requests: 0
          }, version)
        }), { discard: true })
    })
  )

  const interim = head(100, {}, "Continue")
  const malformed: Expected = {
    failure: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 },
    requests: 1
  }

  row(99, transport =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([sequence(send(interim), ok)])
      const outcome = yield* call(transport, server)
      assertOutcome(outcome, server.requests.length, transport === "node:http" ? { requests: 1 } : malformed, transport)
      if (transport !== "undici") return
      const reused = yield* rawServer.make([onReuse(ok, sequence(send(interim), ok))])
      const second = yield* call(transport, reused, { use: ({ get }, id) => Effect.zipRight(get(id), get(id)) })
      assertOutcome(second, reused.requests.length, { ...malformed, requests: 2 }, "on a reused connection")
      const proxy = yield* rawServer.make([send(interim, head(200))])
      const proxied = yield* call(transport, { ...proxy, baseUrl: "http://127.0.0.1:1" }, {
        settings: { proxy: proxy.baseUrl }
      })
      assertOutcome(proxied, proxy.requests.length, malformed, "from a proxy")
    }))

  row(100, transport =>
    Effect.gen(function*() {
      let isTold = false
      const told: rawServer.Script = () =>
        Effect.sync(() => {
          isTold = true
        })
      const phases = {
        "in a response": {
          server: rawServer.make([sequence(send(head(200)), stall)]),
          isThere: (server: rawServer.Server) => server.requests.length === 1,
          requestsSent: 1,
          attempts: 1
        },
        "while connecting": {
          server: Effect.map(rawServer.make([stall]), server => ({
            ...server,
            baseUrl: `https://127.0.0.1:${server.port}`
          })),
          isThere: (server: rawServer.Server) => server.received() > 0,
          requestsSent: 0,
          attempts: 1
        },
        "in the wait that Retry-After asks for": {
          server: rawServer.make([sequence(json(500, "{}", { "retry-after": "30" }), read, told), ok]),
          isThere: () => isTold,
          requestsSent: 1,
          attempts: 1
        },
        "in such a wait that cannot be interrupted": {
          server: rawServer.make([sequence(json(500, "{}", { "retry-after": "30" }), read, told), ok]),
          isThere: () => isTold,
          requestsSent: 1,
          attempts: 1,
          around: Effect.uninterruptible
        },
        "in the second attempt": {
          server: rawServer.make([broken, stall]),
          isThere: (server: rawServer.Server) => server.requests.length === 2,
          requestsSent: 2,
          attempts: 2
        }
      }
      yield* Effect.forEach(Object.entries(phases), ([phase, { attempts, isThere, requestsSent, server, ...rest }]) =>
        Effect.gen(function*() {
          isTold = false
          const target = yield* server
          const scope = yield* Scope.make()
          const client = yield* Layer.buildWithScope(Layer.orDie(clientOf(transport, target)), scope)
          const asked = "around" in rest ? rest.around(get) : get
          const fiber = yield* Effect.fork(Effect.exit(asked).pipe(Effect.provide(client)))
          yield* until(() =>
            isThere(target)
          )
          yield* Scope.close(scope, Exit.void)
          const exit = yield* Fiber.join(fiber)
          yield* holdAll([exit])
          const failure = Option.getOrThrow(failureOf(exit))
          assert.strictEqual(failure._tag, "SignalWireTransportError", phase)
          assert.deepInclude(failure, { reason: "Closed", attempts, requestsSent }, phase)
        }), { discard: true })

      const target = yield* rawServer.make([stall])
      const scope = yield* Scope.make()
      const client = yield* Layer.buildWithScope(
        Layer.orDie(clientOf(transport, target, { policy: { maxConnections: 1 } })),
        scope
      )
      const fiber = yield* Effect.fork(times(2, Effect.exit(get)).pipe(Effect.provide(client)))
      yield* until(() =>
        target.requests.length === 1
      )
      yield* Scope.close(scope, Exit.void)
      const failures = (yield* Fiber.join(fiber)).map(exit => Option.getOrThrow(failureOf(exit)))
      assert.deepStrictEqual(failures.map(({ requestsSent }) => requestsSent), [1, 0], "the second one was queued")
      const late = yield* Effect.exit(get).pipe(Effect.provide(client))
      assert.deepInclude(Option.getOrThrow(failureOf(late)), { reason: "Closed", requestsSent: 0 }, "after the end")
    }), { only: ["undici"] })
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
      const first = yield* together(count, ok)
      const server: rawServer.Server = yield* rawServer.make([
        withRequest(({ number }) => {
          most = Math.max(most, peers.open(server.port))
          if (number === count + 1) return sequence(send("HTTP/1.1 2"), reset)
          return onNew
        })
      ])
      const onNew = onReuse(first, json(200, session({ name: "on an old connection" })))
      yield* Effect.gen(function*() {
        yield* times(count, get)
        const { name } = yield* get
        assert.notStrictEqual(name, "on an old connection")
        assert.strictEqual(server.requests.length, count + 2)
        assert.isAtMost(most, count)
      }).pipe(Effect.provide(clientOf("undici", server, { policy: { maxConnections: count } })))
    }).pipe(Effect.scoped))
})
