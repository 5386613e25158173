import { assert, describe } from "@effect/vitest"
import { Deferred, Effect, Exit } from "effect"
import dns from "node:dns"
import * as blackHole from "./harness/blackHole.ts"
import { call } from "./harness/call.ts"
import * as clientSockets from "./harness/clientSockets.ts"
import { assertResult, type Expected } from "./harness/expected.ts"
import { cases, eachTransport, oneCase } from "./harness/faultTest.ts"
import type { TransportName } from "./harness/matrix/fault.ts"
import * as rawServer from "./harness/rawServer.ts"
import { fin, head, json, ok, read, reset, send, sequence, stall, withRequest } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import { attemptMillis, timed } from "./harness/transports.ts"
import { until } from "./harness/until.ts"

const transportError = (reason: string, attempts: number) => ({ _tag: "SignalWireTransportError", reason, attempts })
const malformed = { error: transportError("Malformed", 1), requests: 1 }
const truncated = { error: transportError("Truncated", 3), requests: 3 }

const typed = { "content-type": "application/json" }
const chunked = { ...typed, "transfer-encoding": "chunked" }
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

const named = (name: string) => session({ name })
const whole = (name: string) => {
  const body = named(name)
  return head(200, { ...typed, "content-length": String(Buffer.byteLength(body)) }) + body
}

/** No name resolves while the effect runs: a lookup fails with the code that its name begins with. */
const withoutNames = <A, E, R>(lookups: Array<string>, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const original = dns.lookup
      const fail = (hostname: string, _: unknown, done: (error: Error) => void) => {
        lookups.push(hostname)
        const code = hostname.split(".")[0]?.toUpperCase()
        setImmediate(
          done,
          Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), { code, syscall: "getaddrinfo" })
        )
      }
      Reflect.set(dns, "lookup", fail)
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
  /** Whether the client has closed its connection before the second call. */
  readonly isIdle?: boolean
  readonly requests: Expected["requests"]
}

describe("Wire", () => {
  eachTransport("a closed port is TransportError Refused after 3 attempts", transport =>
    Effect.gen(function*() {
      const result = yield* call(transport, { baseUrl: yield* rawServer.closedPort, requests: [] })
      assertResult(result, 0, { error: { ...transportError("Refused", 3), code: "ECONNREFUSED" } }, transport)
    }))

  oneCase("a reset after the request is retried, and the call succeeds", [reset, ok], { requests: 2 })

  oneCase("a FIN before the headers is retried, and the call succeeds", [fin, ok], { requests: 2 })

  eachTransport(
    "an idle connection that is closed or reset on reuse is retried on a new one, and the call succeeds",
    transport =>
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
            const closed = isIdle ? until(() => clientSockets.openCount(server.port) === 0) : Effect.void
            const result = yield* call(transport, server, {
              use: ({ get }, id) =>
                get(id).pipe(Effect.zipLeft(Effect.zipRight(closed, Effect.sleep(between))), Effect.zipRight(get(id)))
            })
            assertResult(result, server.requests.length, { requests: requests ?? 0 }, `${name} over ${transport}`)
            assert.isAtLeast(server.connections(), 2, `a new socket when ${name} over ${transport}`)
          })),
        { concurrency: "unbounded", discard: true }
      )
  )

  cases("a server that never responds is RequestTimeout after 3 attempts, or at the deadline", {
    "each attempt times out": {
      scripts: [stall],
      expected: {
        scale: timed,
        error: { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 3 },
        requests: 3
      }
    },
    "the deadline ends an attempt before its own timeout": {
      scripts: [stall],
      policy: { deadline: attemptMillis },
      expected: {
        error: { _tag: "SignalWireRequestTimeout", phase: "deadline", attempts: 1 },
        requests: 1,
        boundMillis: attemptMillis
      }
    }
  })

  eachTransport("a SYN without a SYN-ACK is RequestTimeout", transport =>
    Effect.gen(function*() {
      const port = yield* blackHole.make
      assert.isDefined(port, "a full backlog drops a SYN")
      const result = yield* call(transport, { baseUrl: `http://127.0.0.1:${port}`, requests: [] }, { scale: timed })
      assertResult(result, 0, { error: { _tag: "SignalWireRequestTimeout", attempts: 3 } }, transport)
    }))

  const resetInBody = sequence(
    send(head(200, { ...typed, "content-length": "900" }), session().slice(0, 20)),
    read,
    reset
  )

  cases("a reset in the body is retried, and is TransportError Truncated if it persists", {
    "in every attempt": { scripts: [resetInBody], expected: truncated },
    "in the first attempt": { scripts: [resetInBody, ok], expected: { requests: 2 } }
  })

  cases("a body that is shorter than its Content-Length is TransportError Truncated, never a session", {
    "with half of the JSON": {
      scripts: [sequence(send(head(200, { ...typed, "content-length": "100" }), session().slice(0, 20)), fin)],
      expected: truncated
    },
    "with all of the JSON": {
      scripts: [sequence(send(head(200, { ...typed, "content-length": "9999" }), session()), fin)],
      expected: truncated
    }
  })

  oneCase("a chunked body without its last chunk is TransportError Truncated", [
    sequence(send(head(200, chunked), chunk(session())), fin)
  ], truncated)

  oneCase(
    "a bad chunk size is TransportError Malformed",
    [send(head(200, chunked), "zz\r\n", session(), "\r\n0\r\n\r\n")],
    malformed,
    {
      except: { "node:http": truncated }
    }
  )

  cases("an SSH banner is TransportError Malformed", {
    "on connecting": {
      scripts: [stall],
      server: { onConnection: socket => socket.write("SSH-2.0-OpenSSH_9.2p1\r\n") },
      expected: { error: transportError("Malformed", 1), requests: [0, 1] }
    },
    "as the response": { scripts: [send("SSH-2.0-OpenSSH_9.2p1\r\n")], expected: malformed }
  })

  oneCase("a header line without a colon is TransportError Malformed", [
    send("HTTP/1.1 200 OK\r\ncontent-type application/json\r\ncontent-length: 2\r\n\r\n{}")
  ], malformed)

  const twoLengths = head(200, { ...typed, "content-length": ["5", "900"] })

  cases("two different Content-Length headers are TransportError Malformed", {
    "in one piece": {
      scripts: [send(twoLengths, session())],
      expected: malformed,
      except: { fetch: { error: { reason: new Set(["Malformed", "Truncated"]) } } }
    },
    "the body later": { scripts: [sequence(send(twoLengths), read, send(session()))], expected: malformed }
  })

  oneCase("Content-Length and Transfer-Encoding together are TransportError Malformed", [
    send(head(200, { ...chunked, "content-length": String(session().length) }), chunk(session()), "0\r\n\r\n")
  ], malformed)

  const numbered = withRequest(({ number }) => json(200, named(String(number))))

  const atOnce: Readonly<Record<string, rawServer.Script>> = {
    "a whole response": send(whole("1"), whole("foreign")),
    "half a response": send(whole("1"), whole("foreign").slice(0, 60)),
    "garbage": send(whole("1"), "\0\u0001garbage\r\n\r\n"),
    "an interim response": send(whole("1"), head(103, { link: "</x>" }), whole("foreign"))
  }

  /** Four calls, of which the first is sent more than its response. */
  const extra = (
    transport: TransportName,
    where: string,
    script: rawServer.Script,
    between: Effect.Effect<void>
  ) =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* rawServer.make([script, numbered])
      const names: Array<string | null> = []
      const result = yield* call(transport, server, {
        // fetch opens a connection where the previous one is not idle yet, and keeps all of them
        ...(transport === "fetch" ? { mayStayOpen: 4 } : {}),
        use: ({ get }, id) =>
          get(id).pipe(
            Effect.tap(found => Effect.zipRight(Effect.sync(() => names.push(found.name)), between)),
            Effect.repeatN(3)
          )
      })
      assert.isTrue(Exit.isSuccess(result.exit), `every call succeeds: ${where}`)
      assert.notInclude(names, "foreign", where)
      if (transport !== "fetch") assert.strictEqual(names[0], "1", where)
      assert.strictEqual(new Set(names).size, 4, `no response is used twice: ${where}`)
    }))

  eachTransport(
    "extra bytes after the body never become the response of a later call",
    transport =>
      Effect.gen(function*() {
        yield* Effect.forEach(
          Object.entries(atOnce).flatMap(([name, script]) => [0, 1, 20].map(millis => ({ name, script, millis }))),
          ({ millis, name, script }) =>
            extra(transport, `${name}, ${millis} ms between calls, over ${transport}`, script, Effect.sleep(millis)),
          { concurrency: 8, discard: true }
        )
        // bytes that a client reads after it wrote the next request cannot be distinguished from the response to that request,
        // over any transport: the next call begins when they have been read
        const firstSettled = yield* Deferred.make<void>()
        const allRead = yield* Deferred.make<void>()
        const later: rawServer.Script = request =>
          Effect.ensuring(
            sequence(send(whole("1")), () => Deferred.await(firstSettled), send(whole("foreign")), read)(request),
            Deferred.succeed(allRead, undefined)
          )
        const between = Effect.zipRight(Deferred.succeed(firstSettled, undefined), Deferred.await(allRead))
        yield* extra(transport, `a whole response later, over ${transport}`, later, between)
      })
  )

  eachTransport("a name that does not resolve is TransportError Dns", transport => {
    const lookups: Array<string> = []
    return withoutNames(
      lookups,
      Effect.forEach(
        [{ code: "ENOTFOUND", attempts: 1 }, { code: "EAI_AGAIN", attempts: 3 }],
        ({ attempts, code }) =>
          Effect.gen(function*() {
            const host = `${code.toLowerCase()}.${transport.replace(":", "-")}.invalid`
            const result = yield* call(transport, { baseUrl: `https://${host}`, requests: [] })
            assertResult(result, 0, { error: { ...transportError("Dns", attempts), code } }, transport)
            assert.strictEqual(lookups.filter(name => name === host).length, attempts)
          }),
        { discard: true }
      )
    )
  }, { sequential: true })
})
