import { RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { HttpRouter, HttpServer, HttpServerResponse } from "@effect/platform"
import { NodeHttpServer } from "@effect/platform-node"
import { assert, it, vi } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, Layer, Redacted, Scope } from "effect"
import { createServer } from "node:http"
import { makeRuntime } from "../src/grace.ts"
import { bundle, remove, start } from "./support/programs.ts"

const variables = Effect.map(SandboxSpace.SandboxSpace, sandbox => ({
  SIGNALWIRE_REST_BASE_URL: sandbox.url,
  SIGNALWIRE_PROJECT_ID: sandbox.projectId,
  SIGNALWIRE_API_TOKEN: Redacted.value(sandbox.apiToken)
}))

/** Waits, on a busy machine for as long as it takes, until a request has arrived. */
const firstRequest = (sandbox: SandboxSpace.Service) =>
  Effect.repeat(Effect.delay(sandbox.requests, "5 millis"), { until: requests => requests.length > 0 })

it.live("Ctrl-C ends the program that polls with 130, without further output", () =>
  Effect.gen(function*() {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => bundle(["shutdown"])),
      folder => Effect.sync(() => remove(folder))
    )
    const { child } = yield* start(folder, ["shutdown.js"], yield* variables)
    let output = ""
    const record = (bytes: Buffer) => {
      if (output === "") child.kill("SIGINT")
      output += bytes.toString()
    }
    child.stdout.on("data", record)
    child.stderr.on("data", record)
    const code = yield* Effect.promise(() => new Promise(resolve => child.once("close", resolve)))
    assert.deepStrictEqual([code, output], [130, "completed\n"])
  }).pipe(Effect.scoped, Effect.provide(SandboxSpace.layerTest)))

const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(RoomSessionFixture.id()))

const twoCalls = HttpRouter.empty.pipe(
  HttpRouter.get("/", Effect.as(Effect.zipRight(get, get), HttpServerResponse.text("ok"))),
  HttpRouter.catchTag("SignalWireTransportError", ({ reason }) => HttpServerResponse.text(reason, { status: 503 })),
  HttpServer.serve()
)

const server = NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })

for (
  const [order, expected] of [
    ["first, and the second call of a request in flight fails", 503],
    ["after the server, and a request in flight makes its second call", 200]
  ] as const
) {
  it.live(`a client is closed ${order}`, () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const client = NodeSignalWire.layer({ ...sandbox.options, policy: { shutdownGrace: "10 seconds" } })
      const service = expected === 503
        ? twoCalls.pipe(Layer.provide(client), Layer.provideMerge(server))
        : twoCalls.pipe(Layer.provideMerge(server), Layer.provide(client))
      const scope = yield* Scope.make()
      const { address } = Context.get(yield* Layer.buildWithScope(service, scope), HttpServer.HttpServer)
      yield* sandbox.respondNext({ delay: "300 millis" })
      const port = address._tag === "TcpAddress" ? address.port : 0
      const status = yield* Effect.fork(
        Effect.promise(async () =>
          (await fetch(`http://127.0.0.1:${port}`, { headers: { connection: "close" } })).status
        )
      )
      yield* firstRequest(sandbox)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(yield* Fiber.join(status), expected)
    }).pipe(Effect.provide(SandboxSpace.layerTestWith({ sessions: [RoomSessionFixture.completed()] }))))
}

it.live("a call in progress ends with its session when the runtime is disposed", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    for (const [name, value] of Object.entries(yield* variables)) vi.stubEnv(name, value)
    const runtime = makeRuntime()
    yield* sandbox.respondNext(503)
    const result = runtime.runPromise(get)
    yield* firstRequest(sandbox)
    yield* Effect.promise(() => runtime.dispose())
    assert.strictEqual((yield* Effect.promise(() => result)).id, RoomSessionFixture.id())
  }).pipe(
    Effect.ensuring(Effect.sync(() => vi.unstubAllEnvs())),
    Effect.provide(SandboxSpace.layerTestWith({ sessions: [RoomSessionFixture.completed()] }))
  ))
