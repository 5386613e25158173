import { RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it, vi } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { makeRuntime } from "../src/grace.ts"

const variables = Effect.map(SandboxSpace.SandboxSpace, sandbox => ({
  SIGNALWIRE_REST_BASE_URL: sandbox.url,
  SIGNALWIRE_PROJECT_ID: sandbox.projectId,
  SIGNALWIRE_API_TOKEN: Redacted.value(sandbox.apiToken)
}))

it.live("Ctrl-C ends the program that polls with 130, without further output", () =>
  Effect.gen(function*() {
    const environment = yield* variables
    const child = spawn(
      process.execPath,
      [
        "--conditions=@effect-signalwire/source",
        "--import",
        "tsx",
        fileURLToPath(new URL("../src/shutdown.ts", import.meta.url))
      ],
      {
        // tsx is a dependency of node-runtime
        cwd: fileURLToPath(new URL("../../node-runtime", import.meta.url)),
        env: { ...process.env, ...environment, NODE_OPTIONS: "" }
      }
    )
    let output = ""
    const record = (bytes: Buffer) => {
      if (output === "") child.kill("SIGINT")
      output += bytes.toString()
    }
    child.stdout.on("data", record)
    child.stderr.on("data", record)
    const code = yield* Effect.promise(() => new Promise(resolve => child.once("close", resolve)))
    assert.deepStrictEqual([code, output], [130, "completed\n"])
  }).pipe(Effect.provide(SandboxSpace.layerTest)))

it.live("a call in progress ends with its session when the runtime is disposed", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    for (const [name, value] of Object.entries(yield* variables)) vi.stubEnv(name, value)
    const runtime = makeRuntime()
    const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(RoomSessionFixture.id()))
    yield* sandbox.respondNext(503)
    const result = runtime.runPromise(get)
    yield* Effect.promise(() => vi.waitFor(async () => assert.lengthOf(await Effect.runPromise(sandbox.requests), 1)))
    yield* Effect.promise(() => runtime.dispose())
    assert.strictEqual((yield* Effect.promise(() => result)).id, RoomSessionFixture.id())
  }).pipe(
    Effect.ensuring(Effect.sync(() => vi.unstubAllEnvs())),
    Effect.provide(SandboxSpace.layerTestWith({ sessions: [RoomSessionFixture.completed()] }))
  ))
