import { RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { requestId, runtime } from "../src/withoutEffect/jsonLog.ts"
import { sandboxVariables } from "./support/programs.ts"

const ids = [1, 2, 3].map(RoomSessionFixture.id)

it.live("a warning of the library is a line of JSON with the id of its request", () =>
  Effect.gen(function*() {
    const space = yield* SandboxSpace.SandboxSpace
    for (const [variable, value] of Object.entries(yield* sandboxVariables)) vi.stubEnv(variable, value)
    // the first attempt of each of three concurrent calls
    for (const _ of ids) yield* space.respondNext(503)
    const print = vi.spyOn(console, "log").mockImplementation(() => {})
    const get = (id: string) => Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id))
    yield* Effect.promise(() =>
      Promise.all(ids.map(id => requestId.run(`request of ${id}`, () => runtime.runPromise(get(id)))))
    )
    const lines = print.mock.calls.map(([line]): unknown => JSON.parse(String(line)))
    print.mockRestore()
    const warning = (id: string) => ({
      requestId: `request of ${id}`,
      logLevel: "WARN",
      message: "RoomSessions.get needed 2 attempts",
      id
    })
    assert.sameDeepMembers(
      lines.map(line => {
        const { annotations, logLevel, message, requestId } = Object(line)
        return { requestId, logLevel, message, id: annotations.id }
      }),
      ids.map(warning)
    )
  }).pipe(
    Effect.ensuring(Effect.promise(async () => {
      vi.unstubAllEnvs()
      await runtime.dispose()
    })),
    Effect.provide(SandboxSpace.layerTestWith({ sessions: ids.map(id => RoomSessionFixture.completed({ id })) }))
  ))
