import { RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Redacted, Schedule, Stream, Tracer } from "effect"
import { received } from "./http.ts"

const client = (change: Partial<NodeSignalWire.Options> = {}) =>
  SandboxSpace.layerWired(options => NodeSignalWire.layer({ ...options, ...change }), {
    projectId: "prøject",
    apiToken: Redacted.make("tökén:✓")
  })

const get = (id: string) => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))

describe("the client over undici", () => {
  it.live("the client gets each seeded session unchanged", () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      for (const session of space.sessions) {
        assert.deepStrictEqual(yield* get(session.id), session)
      }
      assert.isTrue((yield* space.requests).every(({ authorized, status }) => authorized && status === 200))
    }).pipe(Effect.provide(client())))

  it.live("the client retries two scripted 500s, and gets the session with the third request", () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      const [first] = SandboxSpace.seeds
      yield* space.respondNext(500, 500)
      assert.deepStrictEqual(yield* get(first.id), first)
      assert.deepStrictEqual((yield* space.requests).map(({ status }) => status), [500, 500, 200])
    }).pipe(Effect.provide(client({ policy: { baseDelay: "1 millis" } }))))

  it.live("an application that has a tracer has the spans of its calls, and none of the sandbox", () => {
    const names: Array<string> = []
    const builtIn = Effect.runSync(Effect.tracer)
    const tracer = Tracer.make({
      ...builtIn,
      span: (...args) => {
        names.push(args[0])
        return builtIn.span(...args)
      }
    })
    const [first] = SandboxSpace.seeds
    return get(first.id).pipe(
      Effect.provide(Layer.provide(client(), Layer.setTracer(tracer))),
      Effect.withTracer(tracer),
      Effect.tap(() =>
        Effect.sync(() => assert.deepStrictEqual(names, ["RoomSessions.get", "GET /api/video/room_sessions/{id}"]))
      )
    )
  })

  it.live("an unknown id is NotFound", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(get("00000000-0000-4000-8000-000000000000"))
      assert.strictEqual(error._tag, "SignalWireNotFound")
    }).pipe(Effect.provide(client())))

  it.live("an error has the request id of the last response", () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      yield* space.respondNext(500, 500, 500)
      const error = yield* Effect.flip(get(SandboxSpace.seeds[0].id))
      assert.strictEqual(error._tag, "SignalWireInternalServerError")
      const ids = (yield* space.requests).map(({ requestId }) => requestId)
      assert.lengthOf(ids, 3)
      assert.strictEqual("requestId" in error ? error.requestId : undefined, ids[2])
    }).pipe(Effect.provide(client({ policy: { baseDelay: "1 millis" } }))))

  it.live("a wrong token is Unauthorized, after one request", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(get(SandboxSpace.seeds[0].id))
      assert.strictEqual(error._tag, "SignalWireUnauthorized")
      const space = yield* SandboxSpace.SandboxSpace
      assert.deepStrictEqual((yield* space.requests).map(({ authorized, status }) => ({ authorized, status })), [
        { authorized: false, status: 401 }
      ])
    }).pipe(Effect.provide(client({ apiToken: Redacted.make("wrong") }))))

  it.live("an id that is no UUID is InvalidRequest, and nothing is sent", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(get("../admin"))
      assert.strictEqual(error._tag, "SignalWireInvalidRequest")
      const space = yield* SandboxSpace.SandboxSpace
      assert.deepStrictEqual(yield* space.requests, [])
    }).pipe(Effect.provide(client())))

  it.live("sandboxes of layerWired in one process are independent, built from one layer at the same time", () =>
    Effect.gen(function*() {
      const one = Effect.gen(function*() {
        const sandbox = yield* SandboxSpace.SandboxSpace
        yield* sandbox.respondNext(404)
        const status = yield* Effect.flip(get(SandboxSpace.seeds[0].id))
        yield* sandbox.end(SandboxSpace.seeds[2].id)
        return [sandbox.url, status._tag, (yield* sandbox.requests).length] as const
      }).pipe(Effect.provide(SandboxSpace.layerWired(NodeSignalWire.layer)))
      const all = yield* Effect.replicateEffect(one, 8, { concurrency: "unbounded" })
      assert.strictEqual(new Set(all.map(([url]) => url)).size, 8)
      assert.isTrue(all.every(([, tag, count]) => tag === "SignalWireNotFound" && count === 1))
    }))

  it.live("a sandbox on all addresses is reached over plain http by a host that is named on purpose", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* get(SandboxSpace.seeds[0].id)).id, SandboxSpace.seeds[0].id)
    }).pipe(Effect.provide(SandboxSpace.layerWired(options =>
      NodeSignalWire.layer({
        ...options,
        baseUrl: options.baseUrl.replace("127.0.0.1", "0.0.0.0"),
        insecureHosts: ["0.0.0.0"]
      }), { host: "0.0.0.0" }))))

  it.live("awaitCompleted waits until the test ends the session", () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      const sessions = yield* RoomSessions.RoomSessions
      const id = SandboxSpace.seeds[2].id
      const schedule = Schedule.spaced("10 millis")
      const waiting = yield* Effect.fork(sessions.awaitCompleted(id, { schedule }))
      yield* received(space, 3)
      assert.isTrue(Option.isNone(yield* Fiber.poll(waiting)))
      yield* space.end(id)
      assert.strictEqual((yield* Fiber.join(waiting)).status, "completed")
    }).pipe(Effect.provide(client())))

  it.live("watchAll emits each change of the space once", () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      const sessions = yield* RoomSessions.RoomSessions
      const kickOff = RoomSessionFixture.inProgress({ name: "kick-off" })
      const seen: Array<string> = []
      yield* sessions.watchAll({}, { interval: "10 millis" }).pipe(
        Stream.runForEach(({ _tag, session }) => Effect.sync(() => void seen.push(`${session.name} ${_tag}`))),
        Effect.forkScoped
      )
      const after = (change: Effect.Effect<unknown>, count: number) =>
        Effect.zipRight(
          change,
          Effect.repeat(Effect.sync(() => seen.length), {
            until: length => length >= count,
            schedule: Schedule.spaced("5 millis")
          })
        )
      yield* after(Effect.void, 2)
      yield* after(space.put(kickOff), 3)
      yield* after(space.put(RoomSessionFixture.inProgress({ name: "kick-off", locked: true })), 4)
      yield* after(Effect.orDie(space.end(kickOff.id)), 5)
      yield* after(Effect.orDie(space.end(SandboxSpace.seeds[2].id)), 6)
      assert.deepStrictEqual(seen, [
        "product-webinar Started",
        "call-4127 Started",
        "kick-off Started",
        "kick-off Changed",
        "kick-off Ended",
        "product-webinar Ended"
      ])
    }).pipe(Effect.scoped, Effect.provide(client())))
})
