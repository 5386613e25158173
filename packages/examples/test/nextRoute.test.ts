import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { afterAll, assert, describe, it, vi } from "@effect/vitest"
import { Effect, Layer, ManagedRuntime } from "effect"
import type * as NextRoute from "../src/withoutEffect/nextRoute.ts"
import { sandboxVariables } from "./support/programs.ts"

const load = Effect.promise((): Promise<typeof NextRoute> => import("../src/withoutEffect/nextRoute.ts"))

/** Another URL is another module: evaluates it once more, as a reload in development does. */
const otherUrl: string = "../src/withoutEffect/nextRoute.ts?reload"
const reload = Effect.promise((): Promise<typeof NextRoute> => import(otherUrl))

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

const runtime = ManagedRuntime.make(environment)
afterAll(() => runtime.dispose())

/** All tests have one environment, as the route handler has. */
const run = <E>(test: Effect.Effect<void, E, SandboxSpace.SandboxSpace>) => runtime.runPromise(test)

describe("the route handler", () => {
  it("two concurrent requests each have their own store in code of Effect after the call, and after the handler", () =>
    run(Effect.gen(function*() {
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
    })))

  it("an aborted request interrupts the call", () =>
    run(Effect.gen(function*() {
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
    })))

  it("a reload finds the runtime of the first load", () =>
    run(Effect.gen(function*() {
      const { requestId } = yield* load
      const first = signalWire()
      const reloaded = yield* reload
      assert.notStrictEqual(reloaded.requestId, requestId)
      assert.strictEqual(signalWire(), first)
      const response = yield* Effect.promise(() => reloaded.GET(new Request("http://localhost"), parametersOf(2)))
      assert.strictEqual(response.status, 200)
    })))
})
