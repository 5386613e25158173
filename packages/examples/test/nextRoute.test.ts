import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, layer, vi } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { sandboxVariables } from "./support/programs.ts"

const load = Effect.promise(() => import("../src/withoutEffect/nextRoute.ts"))

const signalWire = () => Reflect.get(globalThis, "signalWire")

/** A sandbox, and the environment variables that the route handler reads. */
const environment = Layer.scopedDiscard(
  Effect.acquireRelease(
    Effect.map(sandboxVariables, variables => {
      for (const [variable, value] of Object.entries(variables)) vi.stubEnv(variable, value)
    }),
    () =>
      Effect.promise(async () => {
        await signalWire().dispose()
        Reflect.deleteProperty(globalThis, "signalWire")
        vi.unstubAllEnvs()
        vi.resetModules()
      })
  )
).pipe(
  Layer.provideMerge(SandboxSpace.layerTestWith({
    sessions: [
      RoomSessionFixture.completed({ name: "standup" }),
      RoomSessionFixture.inProgress({ id: RoomSessionFixture.id(2), name: "retro" })
    ]
  }))
)

const parametersOf = (session: number) => ({ params: Promise.resolve({ id: RoomSessionFixture.id(session) }) })

const bodyOf = (response: Response) => response.json().then((body: unknown) => body)

layer(environment, { excludeTestServices: true })("the route handler", it => {
  it.effect("two concurrent requests each have their own store in code of Effect after the call, and after the handler", () =>
    Effect.gen(function*() {
      const { GET, requestId } = yield* load
      const space = yield* SandboxSpace.SandboxSpace
      // the first request gets its response last
      yield* space.respondNext({ delay: "200 millis" })
      const handle = (store: string, session: number) =>
        requestId.run(store, async () => {
          const response = await GET(new Request("http://localhost"), parametersOf(session))
          return [response.headers.get("x-request-id"), await bodyOf(response), requestId.getStore()]
        })
      assert.deepStrictEqual(yield* Effect.promise(() => Promise.all([handle("first", 1), handle("second", 2)])), [
        ["first", { name: "standup", status: "completed" }, "first"],
        ["second", { name: "retro", status: "in-progress" }, "second"]
      ])
    }))

  it.effect("an aborted request interrupts the call", () =>
    Effect.gen(function*() {
      const { GET } = yield* load
      const space = yield* SandboxSpace.SandboxSpace
      const before = (yield* space.requests).length
      yield* space.respondNext({ delay: "1 hour" })
      const controller = new AbortController()
      const request = new Request("http://localhost", { signal: controller.signal })
      const rejected = yield* Effect.fork(
        Effect.flip(Effect.tryPromise({ try: () => GET(request, parametersOf(1)), catch: String }))
      )
      yield* Effect.repeat(Effect.zipRight(Effect.sleep("5 millis"), space.requests), {
        until: requests => requests.length === before + 1
      })
      controller.abort()
      assert.include(yield* rejected, "interrupted")
    }))

  it.effect("a reload finds the runtime of the first load", () =>
    Effect.gen(function*() {
      yield* load
      const first = signalWire()
      vi.resetModules()
      const { GET } = yield* load
      assert.strictEqual(signalWire(), first)
      const response = yield* Effect.promise(() => GET(new Request("http://localhost"), parametersOf(2)))
      assert.strictEqual(response.status, 200)
    }))
})
