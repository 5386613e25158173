import { assert, describe } from "@effect/vitest"
import { Deferred, Effect, Exit } from "effect"
import dns from "node:dns"
import * as blackHole from "./harness/blackHole.ts"
import type * as matrix from "./harness/matrix.ts"
import * as peers from "./harness/peers.ts"
import * as rawServer from "./harness/rawServer.ts"
import { against, assertOutcome, call, cases, type Expected, row } from "./harness/row.ts"
import { fin, head, json, ok, read, reset, send, sequence, stall, withRequest } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import { attemptMillis, timed } from "./harness/transports.ts"
import { until } from "./harness/until.ts"

const transportError = (reason: string, attempts: number) => ({ _tag: "SignalWireTransportError", reason, attempts })
const malformed = { failure: transportError("Malformed", 1), requests: 1 }
const truncated = { failure: transportError("Truncated", 3), requests: 3 }

const typed = { "content-type": "application/json" }
const chunked = { ...typed, "transfer-encoding": "chunked" }
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

const named = (name: string) => session({ name })
const whole = (name: string) => {
  const body = named(name)
  return head(200, { ...typed, "content-length": String(Buffer.byteLength(body)) }) + body
}

/** Names do not resolve while the effect runs: those that begin with a code fail with it. */
const withoutNames = <A, E, R>(lookups: Array<string>, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const original = dns.lookup
      const failing = (hostname: string, _: unknown, done: (error: Error) => void) => {
        lookups.push(hostname)
        const code = hostname.split(".")[0]?.toUpperCase()
        setImmediate(
          done,
          Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), { code, syscall: "getaddrinfo" })
        )
      }
      Reflect.set(dns, "lookup", failing)
      return original
    }),
    () => effect,
    original => Effect.sync(() => Reflect.set(dns, "lookup", original))
  )

/** What a server does to a connection that a client uses twice. */
interface Reuse {
  readonly name: string
  readonly scripts: rawServer.Scripts
  /** Milliseconds between the calls. */
  readonly between?: number
  /** Whether the client has noticed the end of its connection before the second call. */
  readonly isIdle?: boolean
  readonly requests: Expected["requests"]
}

describe("Wire", () => {
  row(1, transport =>
    Effect.gen(function*() {
      const outcome = yield* call(transport, { baseUrl: yield* rawServer.closedPort, requests: [] })
      assertOutcome(outcome, 0, { failure: { ...transportError("Refused", 3), code: "ECONNREFUSED" } }, transport)
    }))

  against(2, [reset, ok], { requests: 2 })

  against(3, [fin, ok], { requests: 2 })

  row(4, transport =>
    Effect.forEach(
      [
        { name: "reset on reuse", scripts: [ok, reset, ok], requests: 3 },
        { name: "closed on reuse", scripts: [ok, fin, ok], requests: 3 },
        { name: "closed while idle", scripts: [sequence(ok, read, fin), ok], isIdle: true, requests: 2 },
        { name: "reset while idle", scripts: [sequence(ok, read, reset), ok], isIdle: true, requests: 2 },
        { name: "closed at the same time", scripts: [sequence(ok, fin), ok], between: 0, requests: [2, 3] as const }
      ] as ReadonlyArray<Reuse>,
      ({ between = 20, isIdle = false, name, requests, scripts }) =>
        Effect.scoped(Effect.gen(function*() {
          const server = yield* rawServer.make(scripts)
          const noticed = isIdle ? until(() => peers.open(server.port) === 0) : Effect.void
          const outcome = yield* call(transport, server, {
            use: ({ get }, id) =>
              get(id).pipe(Effect.zipLeft(Effect.zipRight(noticed, Effect.sleep(between))), Effect.zipRight(get(id)))
          })
          assertOutcome(outcome, server.requests.length, { requests: requests ?? 0 }, `${name} over ${transport}`)
          assert.isAtLeast(server.connections(), 2, `a new socket when ${name} over ${transport}`)
        })),
      { concurrency: "unbounded", discard: true }
    ))

  cases(5, {
    "each attempt times out": {
      scripts: [stall],
      expected: {
        scale: timed,
        failure: { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 3 },
        requests: 3
      }
    },
    "the deadline ends an attempt that would wait longer": {
      scripts: [stall],
      policy: { deadline: attemptMillis },
      expected: {
        failure: { _tag: "SignalWireRequestTimeout", phase: "deadline", attempts: 1 },
        requests: 1,
        boundMillis: attemptMillis
      }
    }
  })

  row(6, transport =>
    Effect.gen(function*() {
      const port = yield* blackHole.make
      assert.isDefined(port, "a full queue answers no SYN")
      const outcome = yield* call(transport, { baseUrl: `http://127.0.0.1:${port}`, requests: [] }, { scale: timed })
      assertOutcome(outcome, 0, { failure: { _tag: "SignalWireRequestTimeout", attempts: 3 } }, transport)
    }))

  const brokenOff = sequence(
    send(head(200, { ...typed, "content-length": "900" }), session().slice(0, 20)),
    read,
    reset
  )

  cases(7, {
    "every time": { scripts: [brokenOff], expected: truncated },
    "once": { scripts: [brokenOff, ok], expected: { requests: 2 } }
  })

  cases(8, {
    "of JSON that goes on": {
      scripts: [sequence(send(head(200, { ...typed, "content-length": "100" }), session().slice(0, 20)), fin)],
      expected: truncated
    },
    "of JSON that is whole": {
      scripts: [sequence(send(head(200, { ...typed, "content-length": "9999" }), session()), fin)],
      expected: truncated
    }
  })

  against(9, [sequence(send(head(200, chunked), chunk(session())), fin)], truncated)

  against(10, [send(head(200, chunked), "zz\r\n", session(), "\r\n0\r\n\r\n")], malformed, {
    except: { "node:http": truncated }
  })

  cases(11, {
    "on connecting": {
      scripts: [stall],
      server: { onConnection: socket => socket.write("SSH-2.0-OpenSSH_9.2p1\r\n") },
      expected: { failure: transportError("Malformed", 1), requests: [0, 1] }
    },
    "as the response": { scripts: [send("SSH-2.0-OpenSSH_9.2p1\r\n")], expected: malformed }
  })

  against(12, [send("HTTP/1.1 200 OK\r\ncontent-type application/json\r\ncontent-length: 2\r\n\r\n{}")], malformed)

  const twoLengths = head(200, { ...typed, "content-length": ["5", "900"] })

  cases(13, {
    "in one piece": {
      scripts: [send(twoLengths, session())],
      expected: malformed,
      except: { fetch: { failure: { reason: new Set(["Malformed", "Truncated"]) } } }
    },
    "the body later": { scripts: [sequence(send(twoLengths), read, send(session()))], expected: malformed }
  })

  against(14, [
    send(head(200, { ...chunked, "content-length": String(session().length) }), chunk(session()), "0\r\n\r\n")
  ], malformed)

  const numbered = withRequest(({ number }) => json(200, named(String(number))))

  const atOnce: Readonly<Record<string, rawServer.Script>> = {
    "a whole response": send(whole("1"), whole("foreign")),
    "half a response": send(whole("1"), whole("foreign").slice(0, 60)),
    "garbage": send(whole("1"), "\0\u0001garbage\r\n\r\n"),
    "an interim answer": send(whole("1"), head(103, { link: "</x>" }), whole("foreign"))
  }

  /** Four calls, of which the first gets more than its response. */
  const extra = (
    transport: matrix.Transport,
    where: string,
    script: rawServer.Script,
    between: Effect.Effect<void>
  ) =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* rawServer.make([script, numbered])
      const names: Array<string | null> = []
      const outcome = yield* call(transport, server, {
        // fetch opens a connection where the one before is not yet free again, and keeps all of them
        ...(transport === "fetch" ? { left: 4 } : {}),
        use: ({ get }, id) =>
          get(id).pipe(
            Effect.tap(found => Effect.zipRight(Effect.sync(() => names.push(found.name)), between)),
            Effect.repeatN(3)
          )
      })
      assert.isTrue(Exit.isSuccess(outcome.exit), `every call succeeds: ${where}`)
      assert.notInclude(names, "foreign", where)
      if (transport !== "fetch") assert.strictEqual(names[0], "1", where)
      assert.strictEqual(new Set(names).size, 4, `no response is given twice: ${where}`)
    }))

  row(15, transport =>
    Effect.gen(function*() {
      yield* Effect.forEach(
        Object.entries(atOnce).flatMap(([name, script]) => [0, 1, 20].map(millis => ({ name, script, millis }))),
        ({ millis, name, script }) =>
          extra(transport, `${name}, ${millis} ms between calls, over ${transport}`, script, Effect.sleep(millis)),
        { concurrency: 8, discard: true }
      )
      // bytes that a client reads only after it wrote the next request cannot be told from the response to that
      // request, over any transport: the next call begins once they were read
      const isSettled = yield* Deferred.make<void>()
      const wereRead = yield* Deferred.make<void>()
      const later: rawServer.Script = exchange =>
        Effect.ensuring(
          sequence(send(whole("1")), () => Deferred.await(isSettled), send(whole("foreign")), read)(exchange),
          Deferred.succeed(wereRead, undefined)
        )
      const between = Effect.zipRight(Deferred.succeed(isSettled, undefined), Deferred.await(wereRead))
      yield* extra(transport, `a whole response later, over ${transport}`, later, between)
    }))

  row(16, transport => {
    const lookups: Array<string> = []
    return withoutNames(
      lookups,
      Effect.forEach(
        [{ code: "ENOTFOUND", attempts: 1 }, { code: "EAI_AGAIN", attempts: 3 }],
        ({ attempts, code }) =>
          Effect.gen(function*() {
            const host = `${code.toLowerCase()}.${transport.replace(":", "-")}.invalid`
            const outcome = yield* call(transport, { baseUrl: `https://${host}`, requests: [] })
            assertOutcome(outcome, 0, { failure: { ...transportError("Dns", attempts), code } }, transport)
            assert.strictEqual(lookups.filter(name => name === host).length, attempts)
          }),
        { discard: true }
      )
    )
  }, { sequential: true })
})
