import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Scope } from "effect"
import { Agent, request } from "node:http"
import { connect, type Socket } from "node:net"
import { get, received } from "./http.ts"

const [first] = SandboxSpace.seeds

const start = (scope: Scope.Scope, layer = SandboxSpace.layerTest) =>
  Effect.map(Layer.buildWithScope(layer, scope), Context.get(SandboxSpace.SandboxSpace))

const opened = (space: SandboxSpace.Service, text: string) =>
  Effect.async<Socket>(resume => {
    const socket = connect(Number(new URL(space.url).port), "127.0.0.1")
    socket.on("error", () => {})
    // Node reports the end of a socket only when it is read
    socket.resume()
    socket.once("connect", () => socket.write(text, () => resume(Effect.succeed(socket))))
  })

const closed = (socket: Socket) =>
  Effect.async<void>(resume =>
    socket.closed ? resume(Effect.void) : void socket.once("close", () => resume(Effect.void))
  )

/** Below the five seconds after which Node itself closes idle connections. */
const bound = "4 seconds"

describe("closing the scope", () => {
  it.live("closing the scope closes idle, kept alive, upgrading, streaming, waiting and stalled connections at once", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const space = yield* start(scope, SandboxSpace.layerTestWith({ control: true }))
      const idle = yield* opened(space, "")
      const halfway = yield* opened(space, "GET /api HTTP/1.1\r\nHost: ")
      const keptAlive = yield* opened(space, "GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n")
      yield* received(space, 1)
      const upgrading = yield* opened(
        space,
        "GET /api HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
      )
      yield* received(space, 2)
      const streaming = yield* opened(space, "GET /_sandbox/requests/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
      yield* space.respondNext({ delay: "1 hour" }, { transmission: { type: "stall", after: 5 } })
      const waiting = yield* opened(space, "GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n")
      yield* received(space, 3)
      const stalled = yield* opened(space, "GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n")
      yield* received(space, 4)

      yield* Effect.timeout(Scope.close(scope, Exit.void), bound)
      yield* Effect.forEach([idle, halfway, keptAlive, upgrading, streaming, waiting, stalled], closed)
      yield* Effect.async<void>(resume => {
        connect(Number(new URL(space.url).port), "127.0.0.1").once("error", error => {
          assert.include(error.message, "ECONNREFUSED")
          resume(Effect.void)
        })
      })
    }))

  it.live("closing the scope does not wait for the kept-alive connections of a pool", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const space = yield* start(scope)
      const agent = new Agent({ keepAlive: true })
      yield* Effect.async<void>(resume => {
        request(space.url, { agent }, response => response.resume().once("end", () => resume(Effect.void))).end()
      })
      yield* Effect.timeout(Scope.close(scope, Exit.void), bound)
      agent.destroy()
    }))
})

describe("many sandboxes at the same time", () => {
  it.live("sandboxes of one memo map have their own ports, sessions, responses and requests", () =>
    Effect.scoped(Effect.gen(function*() {
      const memo = yield* Layer.makeMemoMap
      const scope = yield* Effect.scope
      const spaces = yield* Effect.forEach(SandboxSpace.seeds, session =>
        Effect.map(
          Layer.buildWithMemoMap(SandboxSpace.layerTestWith({ sessions: [session] }), memo, scope),
          Context.get(SandboxSpace.SandboxSpace)
        ), { concurrency: "unbounded" })
      assert.strictEqual(new Set(spaces.map(({ url }) => url)).size, SandboxSpace.seeds.length)
      yield* Effect.forEach(spaces.slice(0, 1), space => space.respondNext(500))
      const statuses = yield* Effect.forEach(
        spaces,
        space => Effect.map(get(space, first.id), ({ status }) => status),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(statuses, [500, 404, 404, 404, 404, 404])
      const counts = yield* Effect.forEach(spaces, space => Effect.map(space.requests, requests => requests.length))
      assert.deepStrictEqual(counts, [1, 1, 1, 1, 1, 1])
      const own = yield* Effect.forEach(spaces, (space, i) => get(space, SandboxSpace.seeds[i]?.id ?? ""))
      assert.isTrue(own.every(({ status }) => status === 200))
    })))

  it.live("closing one sandbox leaves the others running", () =>
    Effect.scoped(Effect.gen(function*() {
      const scope = yield* Scope.make()
      yield* start(scope)
      const other = yield* start(yield* Effect.scope)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* get(other, first.id)).status, 200)
    })))
})

describe("a port that cannot be listened on", () => {
  it.live("a port in use is a ListenError that says so", () =>
    Effect.scoped(Effect.gen(function*() {
      const scope = yield* Effect.scope
      const port = Number(new URL((yield* start(scope)).url).port)
      const error = yield* Effect.flip(start(scope, SandboxSpace.layer({ port })))
      assert.deepInclude(error, { _tag: "ListenError", reason: "PortInUse" })
      assert.include(error.message, `Port ${port} of 127.0.0.1 is in use`)
    })))

  for (const port of [-1, 65_536, 1.5, Number.NaN]) {
    it.live(`the port ${port} is a ListenError that says what a port is`, () =>
      Effect.scoped(Effect.gen(function*() {
        const error = yield* Effect.flip(start(yield* Effect.scope, SandboxSpace.layer({ port })))
        assert.deepInclude(error, { _tag: "ListenError", reason: "InvalidPort" })
        assert.include(error.message, "a whole number from 0 to 65535")
      })))
  }

  it.live("a port is free again once the scope is closed", () =>
    Effect.gen(function*() {
      const port = yield* Effect.scoped(
        Effect.flatMap(Effect.scope, scope => Effect.map(start(scope), ({ url }) => Number(new URL(url).port)))
      )
      const again = yield* Effect.scoped(
        Effect.flatMap(Effect.scope, scope => start(scope, SandboxSpace.layer({ port })))
      )
      assert.strictEqual(again.url, `http://127.0.0.1:${port}`)
    }))
})
