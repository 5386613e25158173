import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { HttpClient } from "@effect/platform"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Context, type Duration, Effect, Exit, Fiber, Layer, ManagedRuntime, Scope } from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import { spawn } from "node:child_process"
import { clientOf, get } from "./faults/harness/call.ts"
import * as lag from "./faults/harness/lag.ts"
import type { TransportName } from "./faults/harness/matrix/fault.ts"
import { bundle } from "./faults/harness/program.ts"
import * as rawServer from "./faults/harness/rawServer.ts"
import { head, json, ok, pause, send, sequence, stall } from "./faults/harness/scripts.ts"
import { nasty } from "./faults/harness/secrets.ts"
import { session, sessionId } from "./faults/harness/session.ts"
import * as transports from "./faults/harness/transports.ts"
import { until } from "./faults/harness/until.ts"

const open = (
  transport: TransportName,
  target: rawServer.Server,
  shutdownGrace: Duration.DurationInput,
  client: Partial<NodeSignalWire.Options> = {}
) =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    const policy = { shutdownGrace }
    const context = yield* Layer.buildWithScope(Layer.orDie(clientOf(transport, target, { policy, client })), scope)
    return {
      call: Context.get(context, RoomSessions.RoomSessions).get(sessionId),
      close: Scope.close(scope, Exit.void)
    }
  })

describe("closing a layer", () => {
  for (const transport of transports.all) {
    const count = transport === "undici" ? 500 : 100
    it.scopedLive(`${count} calls over ${transport} end with their session within the grace`, () =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([sequence(pause("10 millis"), ok)])
        const { call, close } = yield* open(transport, target, "1 minute")
        const fiber = yield* Effect.fork(
          Effect.all(Array.from({ length: count }, () => call), { concurrency: "unbounded" })
        )
        yield* until(() => target.requests.length >= 20)
        yield* close
        assert.lengthOf(yield* Fiber.join(fiber), count)
        if (transport !== "fetch") yield* until(() => target.open() === 0)
        const error = yield* Effect.flip(call)
        assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Closed" })
      }))

    it.scopedLive(`a call over ${transport} that does not end within the grace is TransportError Closed then`, () =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([sequence(send(head(200)), stall)])
        const { call, close } = yield* open(transport, target, 50)
        const fiber = yield* Effect.fork(Effect.flip(Effect.uninterruptible(call)))
        yield* until(() => target.requests.length === 1)
        const elapsed = yield* lag.during(close)
        lag.assertWithin(elapsed, 50, `closing over ${transport}`)
        assert.isAtLeast(elapsed.millis, 45)
        assert.deepInclude(yield* Fiber.join(fiber), {
          _tag: "SignalWireTransportError",
          reason: "Closed",
          requestsSent: 1
        })
        if (transport !== "fetch") yield* until(() => target.open() === 0)
      }))
  }
})

/** Transforms that are not in a request when the layer is closed, each with the requests that it has sent then. */
const transforms: Readonly<Record<string, readonly [NonNullable<NodeSignalWire.Options["transformClient"]>, number]>> =
  {
    "never sends": [HttpClient.mapRequestEffect(() => Effect.never), 0],
    "sleeps before its request": [
      HttpClient.mapRequestEffect(request => Effect.delay(Effect.succeed(request), "1 hour")),
      0
    ],
    "sleeps after its response": [HttpClient.tap(() => Effect.sleep("1 hour")), 1],
    "forks a daemon and never sends": [
      HttpClient.mapRequestEffect(() => Effect.zipRight(Effect.forkDaemon(Effect.never), Effect.never)),
      0
    ]
  }

describe.concurrent("closing a layer whose transform does something else than a request", () => {
  for (const transport of transports.all) {
    it.scopedLive(`a call over ${transport} is TransportError Closed, at once without a grace and otherwise after it`, () =>
      Effect.forEach(
        Object.entries(transforms).flatMap(([what, transform]) =>
          [0, 50].map(grace => [what, grace, transform] as const)
        ),
        ([what, grace, [transformClient, requestsSent]]) =>
          Effect.gen(function*() {
            const where = `${what}, with a grace of ${grace} ms`
            const target = yield* rawServer.make([ok])
            const { call, close } = yield* open(transport, target, grace, { transformClient })
            const fiber = yield* Effect.fork(Effect.flip(call))
            yield* until(() => target.requests.length === requestsSent)
            yield* Effect.sleep("20 millis")
            const elapsed = yield* lag.during(close)
            lag.assertWithin(elapsed, grace, where)
            assert.isAtLeast(elapsed.millis, grace * 0.9, where)
            const closed = { _tag: "SignalWireTransportError", reason: "Closed", attempts: 1, requestsSent } as const
            assert.deepInclude(yield* Fiber.join(fiber), closed, where)
          }),
        { concurrency: "unbounded", discard: true }
      ))
  }
})

const storage = new AsyncLocalStorage<string>()

describe("the asynchronous context at a shutdown", () => {
  const scripts: Readonly<Record<string, readonly [script: rawServer.Script, grace: Duration.DurationInput]>> = {
    "a call that ends within the grace": [sequence(pause("50 millis"), ok), "1 minute"],
    "a call that is ended": [sequence(send(head(200)), stall), 0],
    "a call that is ended after the grace": [sequence(send(head(200)), stall), 20],
    "the delay of a retry that is ended": [json(503, "{}", { "retry-after": "20" }), 0],
    "the delay of a retry that is ended after the grace": [json(503, "{}", { "retry-after": "20" }), 20]
  }
  for (const [name, [script, shutdownGrace]] of Object.entries(scripts)) {
    it.scopedLive(`${name}: the code of each caller and of the closing one continues in its own`, () =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([script])
        const { call, close } = yield* open("undici", target, shutdownGrace)
        const storeAfter = (store: string, effect: Effect.Effect<unknown, unknown>) =>
          storage.run(store, async () => {
            const seen = await Effect.runPromise(
              Effect.zipRight(Effect.exit(effect), Effect.sync(() => storage.getStore()))
            )
            return [store, seen, storage.getStore()]
          })
        const callers = [1, 2, 3].map(number => storeAfter(`caller ${number}`, call))
        yield* until(() => target.requests.length === 3)
        yield* Effect.sleep("20 millis")
        const all = yield* Effect.promise(() => Promise.all([storeAfter("closing", close), ...callers]))
        for (const [store, ...seen] of all) assert.deepStrictEqual(seen, [store, store])
      }))
  }

  it.scopedLive("a ManagedRuntime that is disposed lets the calls of runPromise end within the grace", () =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([sequence(pause("50 millis"), ok)])
      const { apiToken, projectId } = nasty
      const runtime = ManagedRuntime.make(
        NodeSignalWire.layer({ baseUrl: target.baseUrl, projectId, apiToken, policy: { shutdownGrace: "1 minute" } })
      )
      const found = runtime.runPromise(get)
      yield* until(() => target.requests.length === 1)
      yield* Effect.promise(() => runtime.dispose())
      assert.strictEqual((yield* Effect.promise(() => found)).id, sessionId)
      yield* until(() => target.open() === 0)
    }))
})

const program = bundle("signalProgram")
afterAll(program.remove)

interface Exited {
  readonly code: number | null
  readonly output: string
  /** From the signal to the exit, as the process measured it. */
  readonly elapsed: Pick<lag.Elapsed, "lagMillis" | "millis">
}

const start = (args: ReadonlyArray<string>) =>
  spawn(process.execPath, [program.file, ...args, sessionId], {
    env: { ...process.env, NODE_OPTIONS: "" },
    stdio: ["ignore", "pipe", "pipe", "pipe"]
  })

/** Runs the program, and sends the signal when it is ready. */
const runWithSignal = (
  args: ReadonlyArray<string>,
  signal: NodeJS.Signals,
  isReady: (output: string) => boolean
): Effect.Effect<Exited> =>
  Effect.gen(function*() {
    const child = start(args)
    let [output, measured] = ["", ""]
    const record = (bytes: Buffer) => {
      output += bytes.toString()
    }
    child.stdout?.on("data", record)
    child.stderr?.on("data", record)
    child.stdio[3]?.on("data", (bytes: Buffer) => {
      measured += bytes.toString()
    })
    const closed = new Promise<number | null>(resolve => child.once("close", resolve))
    yield* until(() => isReady(output))
    child.kill(signal)
    const code = yield* Effect.promise(() => closed)
    return { code, output, elapsed: JSON.parse(measured) }
  })

describe.concurrent("signals", () => {
  const modes: ReadonlyArray<
    readonly [mode: string, signal: "SIGINT" | "SIGTERM", script: rawServer.Script, requests: number]
  > = [
    ["a call", "SIGINT", sequence(send(head(200)), stall), 1],
    ["a call", "SIGTERM", sequence(send(head(200)), stall), 1],
    ["a call with a grace", "SIGINT", sequence(send(head(200)), stall), 1],
    ["polling", "SIGTERM", json(200, session()), 1],
    ["40 calls", "SIGINT", stall, 32]
  ]
  for (const [mode, signal, script, requests] of modes) {
    it.scopedLive(`${signal} ends a program with ${mode} within 100 ms, without output, and closes its sockets`, () =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([script])
        const { code, elapsed, output } = yield* runWithSignal(
          [target.baseUrl, mode],
          signal,
          found => found !== "" && target.requests.length === requests && target.open() > 0
        )
        assert.strictEqual(output, "running\n")
        assert.strictEqual(code, 130)
        lag.assertWithin(elapsed, 100, `${mode}, ${signal}`, 0)
        yield* until(() => target.open() === 0)
      }))
  }
})

describe("a second signal", () => {
  it.scopedLive("ends a program at once whose call cannot be interrupted, and which had the grace until then", () =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([sequence(send(head(200)), stall)])
      const child = start([target.baseUrl, "an uninterruptible call with a grace"])
      const closed = new Promise<NodeJS.Signals | null>(resolve => child.once("close", (_, signal) => resolve(signal)))
      yield* until(() => target.requests.length === 1)
      child.kill("SIGINT")
      yield* Effect.sleep("300 millis")
      assert.strictEqual(target.open(), 1)
      // a process that is late gets two signals as one
      yield* Effect.race(
        Effect.forever(Effect.zipRight(Effect.sync(() => child.kill("SIGINT")), Effect.sleep("300 millis"))),
        Effect.promise(() => closed)
      )
      assert.strictEqual(child.signalCode, "SIGINT")
    }))
})
