import { RoomSessions } from "@effect-signalwire/core"
import { HttpClient, HttpClientRequest } from "@effect/platform"
import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Fiber, FiberRef, Layer, ManagedRuntime, Option } from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import { inspect } from "node:util"
import { call, type CallOptions, clientOf, get } from "./harness/call.ts"
import { errorOf } from "./harness/callExit.ts"
import { assertResult } from "./harness/expected.ts"
import { eachTransport } from "./harness/faultTest.ts"
import * as lag from "./harness/lag.ts"
import * as rawServer from "./harness/rawServer.ts"
import {
  authorizationOf,
  endless,
  fin,
  head,
  json,
  ok,
  pause,
  reset,
  respond,
  send,
  sequence,
  serverError,
  stall,
  withRequest
} from "./harness/scripts.ts"
import { nasty } from "./harness/secrets.ts"
import { session, sessionId } from "./harness/session.ts"
import * as transports from "./harness/transports.ts"

type Transform = (client: HttpClient.HttpClient) => HttpClient.HttpClient

const typed = { "content-type": "application/json" }

const setsHeader = HttpClient.mapRequest(HttpClientRequest.setHeader("x-tenant", "acme"))

const readsBody: Transform = HttpClient.tap(response => Effect.ignore(response.text))

const quick = { maxRetries: 1, baseDelay: "1 millis" } as const

const unchanging: Readonly<Record<string, Transform>> = {
  "sets a header": setsHeader,
  "does all of them": client => HttpClient.filterStatusOk(readsBody(setsHeader(client)))
}

const faults: Readonly<Record<string, rawServer.Scripts>> = {
  "a 200": [ok],
  "a 200 after a 500": [serverError, ok],
  "a 404": [json(404, "{\"errors\":[{\"code\":\"not_found\"}]}", { "x-request-id": "r-1" })],
  "a 429": [json(429, "{}", { "retry-after": "0" })],
  "a 302": [respond(302, "", { location: "/" })],
  "a 204": [send(head(204))],
  "a 600": [json(600, "{}")],
  "a 500 without an end": [sequence(send(head(500, { ...typed, "content-length": "100" })), stall)],
  "a reset": [reset],
  "a closed connection": [fin],
  "a reset in the body": [
    sequence(send(head(200, { ...typed, "content-length": "100" }), "{"), pause("50 millis"), reset)
  ],
  "a truncated body": [sequence(send(head(200, { ...typed, "content-length": "100" }), "{"), pause("50 millis"), fin)],
  "HTML": [respond(200, "<p>", { "content-type": "text/html" })],
  "no JSON": [json(200, "{")],
  "another session": [json(200, "{\"id\":1}")],
  "no HTTP": [send("nonsense\r\n\r\n")]
}

const callerRef = FiberRef.unsafeMake("none")

/** A response whose body comes later than its headers. */
const delayed = sequence(
  send(head(200, { ...typed, "content-length": String(Buffer.byteLength(session())) })),
  pause("2 millis"),
  send(session())
)

describe("Transforms", () => {
  eachTransport(
    "a transform that reads, filters or logs responses changes the result of no fault",
    transport =>
      Effect.forEach(Object.entries(faults), ([name, scripts]) =>
        Effect.gen(function*() {
          const run = (client: CallOptions["client"]) =>
            Effect.gen(function*() {
              const target = yield* rawServer.make(scripts)
              const { exit } = yield* call(transport, target, {
                policy: quick,
                ...(client === undefined ? {} : { client })
              })
              // a reset arrives as an error or as the end of the connection, which have codes of their own
              const { code: _, elapsed: __, message: ___, ...fields } = Object(
                Option.getOrElse(errorOf(exit), () => ({ _tag: "a session" }))
              )
              return { ...fields, requests: target.requests.length }
            }).pipe(Effect.scoped)
          const [plain, transformed] = yield* Effect.all([
            run(undefined),
            Effect.forEach(
              Object.entries(unchanging),
              ([what, transformClient]) => Effect.map(run({ transformClient }), result => [what, result] as const),
              { concurrency: "unbounded" }
            )
          ], { concurrency: "unbounded" })
          for (const [what, result] of transformed) {
            assert.deepStrictEqual(result, plain, `${name} under a transform that ${what}, over ${transport}`)
          }
        }), { concurrency: 8, discard: true })
  )

  eachTransport(
    "a transform that never ends is RequestTimeout, before the request and after the response",
    transport =>
      Effect.gen(function*() {
        const transforms: ReadonlyArray<readonly [sent: number, transform: Transform]> = [
          [0, HttpClient.mapRequestEffect(() => Effect.never)],
          [3, HttpClient.tap(() => Effect.never)]
        ]
        yield* Effect.forEach(transforms, ([sent, transformClient]) =>
          Effect.gen(function*() {
            const target = yield* rawServer.make([
              sequence(send(head(200, { ...typed, "content-length": "100" })), stall)
            ])
            const result = yield* call(transport, target, { scale: transports.timed, client: { transformClient } })
            const error = { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 3, requestsSent: sent }
            const expected = { error, requests: sent, scale: transports.timed }
            assertResult(result, target.requests.length, expected, `${sent} requests over ${transport}`)
          }).pipe(Effect.scoped), { concurrency: "unbounded", discard: true })
      })
  )

  eachTransport(
    "an endless body that a transform reads is InvalidResponse TooLarge",
    transport =>
      Effect.gen(function*() {
        let sent = 0
        const body = endless(" ".repeat(65_536), bytes => {
          sent += bytes
        })
        const target = yield* rawServer.make([sequence(send(head(200, typed)), body)])
        const result = yield* call(transport, target, { client: { transformClient: readsBody } })
        const error = { _tag: "SignalWireInvalidResponse", reason: "TooLarge", attempts: 1 }
        assertResult(result, target.requests.length, { error, requests: 1 }, transport)
        // what the system buffers comes on top of the limit of 1 MiB
        assert.isBelow(sent, 16 * 1_048_576)
      })
  )

  eachTransport(
    "a request that a transform sends to another origin has no credentials",
    transport =>
      Effect.gen(function*() {
        const space = yield* rawServer.make([reset, ok])
        const other = yield* rawServer.make([ok])
        const seen: Array<unknown> = []
        let texts = ""
        const logs: Transform = client =>
          client.pipe(
            HttpClient.tapRequest(request => Effect.sync(() => void seen.push(request))),
            HttpClient.tapError(error => Effect.sync(() => void seen.push(error))),
            HttpClient.tap(response =>
              Effect.withFiberRuntime<void>(fiber =>
                Effect.sync(() => {
                  seen.push(response, response.request)
                  texts = inspect(fiber, { depth: 12, showHidden: true })
                })
              )
            )
          )
        yield* call(transport, space, { client: { transformClient: logs } })
        const redirects: Transform = HttpClient.mapRequest(
          HttpClientRequest.setUrl(`${other.baseUrl}/api/video/room_sessions/${sessionId}`)
        )
        const result = yield* call(transport, space, { client: { transformClient: client => logs(redirects(client)) } })
        assert.isTrue(Exit.isSuccess(result.exit))
        const sent = space.requests.map(request => authorizationOf({ head: request }))
        assert.isTrue(sent.length === 2 && sent.every(value => value.startsWith("Basic ")))
        assert.deepStrictEqual(other.requests.map(request => authorizationOf({ head: request })), [""])
        assert.include(texts, "currentContext")
        const text = inspect(seen, { depth: 12 }) + inspect(other.requests) + texts
        for (const encoded of nasty.encodings) assert.notInclude(text, encoded)
      })
  )

  eachTransport(
    "a transform and the code after a call under it see the AsyncLocalStorage store of their own caller",
    transport =>
      Effect.gen(function*() {
        const storage = new AsyncLocalStorage<string>()
        const seen: Array<readonly [caller: string, where: string, store: string | undefined]> = []
        const see = (where: string) =>
          Effect.map(FiberRef.get(callerRef), caller => void seen.push([caller, where, storage.getStore()]))
        const transformClient: Transform = client =>
          client.pipe(
            HttpClient.mapRequestEffect(request => Effect.as(see("before"), request)),
            HttpClient.tap(response => Effect.all([see("response"), response.text, see("body")]))
          )
        const server = yield* rawServer.make([
          withRequest(({ number }) => number % 3 === 1 ? serverError : delayed)
        ])
        const policy = { maxConnections: 2, baseDelay: "2 millis", retryBudget: null, maxRetries: 2 } as const
        const runtime = ManagedRuntime.make(
          Layer.orDie(clientOf(transport, server, { policy, client: { transformClient } }))
        )
        yield* Effect.promise(() =>
          Promise.all(Array.from({ length: 24 }, (_, index) =>
            storage.run(`caller ${index}`, () =>
              runtime.runPromise(
                Effect.exit(get).pipe(
                  Effect.zipRight(see("after")),
                  Effect.locally(callerRef, `caller ${index}`)
                )
              ))))
        )
        yield* Effect.promise(() => runtime.dispose())
        assert.deepStrictEqual(seen.filter(([caller, , store]) => caller !== store), [])
        assert.strictEqual(new Set(seen.map(([caller]) => caller)).size, 24)
      })
  )

  eachTransport(
    "1,000 calls under a transform keep to maxConnections, and an interruption of all leaves no socket",
    transport =>
      Effect.gen(function*() {
        const waiting = yield* rawServer.make([stall])
        const maxConnections = transport === "undici" ? 8 : Infinity
        const use = (service: RoomSessions.Service) =>
          Effect.gen(function*() {
            const fiber = yield* Effect.fork(
              Effect.replicateEffect(service.get(sessionId), 1000, { concurrency: "unbounded" })
            )
            yield* lag.becomes(() => waiting.requests.length >= 8, 10_000)
            assert.isAtMost(waiting.open(), maxConnections)
            return yield* Fiber.interrupt(fiber)
          })
        const exit = yield* Effect.flatMap(RoomSessions.RoomSessions, use).pipe(
          Effect.provide(Layer.orDie(clientOf(transport, waiting, {
            policy: transport === "undici" ? { maxConnections: 8 } : {},
            client: { transformClient: unchanging["does all of them"] }
          })))
        )
        assert.isTrue(Exit.isInterrupted(exit))
        assert.isTrue(yield* lag.becomes(() => waiting.open() === 0, 5000))
      }),
    { only: ["undici", "node:http"] }
  )
})
