/** The property of the connection pool, with random servers and callers. */
import { RoomSessions } from "@effect-signalwire/core"
import { assert } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, ManagedRuntime, Option } from "effect"
import * as FastCheck from "effect/FastCheck"
import { clientOf } from "../faults/harness/call.ts"
import { errorOf, isSuccessOrError } from "../faults/harness/callExit.ts"
import * as clientSockets from "../faults/harness/clientSockets.ts"
import * as rawServer from "../faults/harness/rawServer.ts"
import { fin, head, json, pause, reset, send, sequence, stall, withRequest } from "../faults/harness/scripts.ts"
import { session } from "../faults/harness/session.ts"
import { until } from "../faults/harness/until.ts"

type Script = rawServer.Script

const idOf = ({ head: request }: rawServer.ServerRequest): string => /room_sessions\/(\S+)/.exec(request)?.[1] ?? ""

/** The session that was asked for. */
const respondSession = (around: (whole: Script, body: string) => Script = whole => whole): Script =>
  withRequest(request => {
    const body = session({ id: idOf(request) })
    return around(json(200, body), body)
  })

const half = (ending: Script): Script =>
  respondSession((_, body) =>
    sequence(
      send(head(200, { "content-type": "application/json", "content-length": String(body.length) }), body.slice(0, 99)),
      ending
    )
  )

/** What a server may do to a request. */
const behaviors: Readonly<Record<string, Script>> = {
  session: respondSession(),
  "delayed session": respondSession(whole => sequence(pause(8), whole)),
  "session, then FIN": respondSession(whole => sequence(whole, fin)),
  "session, then RST": respondSession(whole => sequence(whole, pause(2), reset)),
  "session, then garbage": respondSession(whole => sequence(whole, send("garbage"))),
  "session after 103": respondSession(whole => sequence(send(head(103)), whole)),
  "session after 100": respondSession(whole => sequence(send(head(100)), whole)),
  "half a session, then FIN": half(fin),
  "half a session, then RST": half(reset),
  "half a session": half(stall),
  FIN: fin,
  RST: reset,
  "no response": stall,
  "not HTTP": send("HTTP/9.9 no\r\n\r\n"),
  "404": json(404, "{}"),
  "500": json(500, "{}")
}

type Get = Effect.Effect<unknown, RoomSessions.GetError, RoomSessions.RoomSessions>

/** What a caller may do with a call, given a number of milliseconds. */
const callers: Readonly<Record<string, (get: Get, millis: number) => Get>> = {
  waits: get => get,
  "cannot be interrupted": get => Effect.uninterruptible(get),
  "has a timeout": (get, millis) => Effect.timeoutOption(get, millis),
  "races something else": (get, millis) => Effect.race(get, Effect.sleep(millis)),
  interrupts: (get, millis) =>
    Effect.flatMap(Effect.fork(get), fiber => Effect.zipRight(Effect.sleep(millis % 8), Fiber.interrupt(fiber)))
}

const millis = FastCheck.nat(120)
const nameOf = (names: object) => FastCheck.constantFrom(...Object.keys(names))

export const plan = FastCheck.record({
  maxConnections: FastCheck.integer({ min: 1, max: 4 }),
  maxRetries: FastCheck.nat(3),
  maxConnectionAge: FastCheck.constantFrom(20, 60_000),
  behaviors: FastCheck.array(nameOf(behaviors), { minLength: 1, maxLength: 40 }),
  calls: FastCheck.array(FastCheck.record({ caller: nameOf(callers), after: millis, millis }), {
    minLength: 10,
    maxLength: 40
  }),
  /** In milliseconds, when the layer closes while calls are in progress; null where it closes after them. */
  closesAfter: FastCheck.option(millis)
})

type Plan = typeof plan extends FastCheck.Arbitrary<infer A> ? A : never

const numbered = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`

/** Every call settles with its own session or a typed error, within the limit of connections, and no connection is left. */
export const run = (plan: Plan): Effect.Effect<void> =>
  Effect.gen(function*() {
    let maxOpen = 0
    const found = new Map<string, Set<string>>()
    const count = ({ socket }: rawServer.ServerRequest) =>
      Effect.sync(() => {
        maxOpen = Math.max(maxOpen, clientSockets.openCount(socket.localPort ?? 0))
      })
    const scripts = plan.behaviors.map(name => behaviors[name] ?? stall)
    const [first = stall, ...others] = [...scripts, ...scripts, ...scripts]
    const counted = (script: Script): Script => request => Effect.zipRight(count(request), script(request))
    const server = yield* rawServer.make([counted(first), ...others.map(counted)])
    const runtime = ManagedRuntime.make(Layer.orDie(clientOf("undici", server, {
      policy: {
        maxConnections: plan.maxConnections,
        maxConnectionAge: plan.maxConnectionAge,
        maxRetries: plan.maxRetries,
        attemptTimeout: "100 millis",
        deadline: "500 millis",
        baseDelay: "10 millis"
      }
    })))
    const getById = (id: string) =>
      Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
        Effect.tap(session => Effect.sync(() => found.set(id, (found.get(id) ?? new Set()).add(session.id))))
      )
    const calls = yield* Effect.fork(Effect.forEach(plan.calls, ({ after, caller, millis }, index) => {
      const get = getById(numbered(index))
      const call = Effect.delay(callers[caller]?.(get, millis) ?? get, after)
      return Effect.promise(() => runtime.runPromiseExit(call)).pipe(Effect.timeoutOption("30 seconds"))
    }, { concurrency: "unbounded" }))
    if (plan.closesAfter !== null) {
      yield* Effect.sleep(plan.closesAfter)
      yield* Effect.promise(() => runtime.dispose())
    }
    for (const [index, settled] of (yield* Fiber.join(calls)).entries()) {
      const id = numbered(index)
      const caller = `call ${index}, which ${plan.calls[index]?.caller}`
      assert.isTrue(Option.isSome(settled), `${caller}, settles`)
      const exit = Option.getOrThrow(settled)
      assert.isTrue(
        Exit.isSuccess(exit) || isSuccessOrError(exit),
        `${caller}, ends with a typed error: ${String(exit)}`
      )
      const received = server.requests.filter(request => request.includes(id)).length
      const error = Option.getOrUndefined(errorOf(exit))
      if (error !== undefined) assert.isAtLeast(error.requestsSent, received, `${caller}, counts its requests`)
    }
    for (const [id, sessions] of found) assert.deepStrictEqual([...sessions], [id], "the session that was asked for")
    yield* Effect.promise(() => runtime.dispose())
    yield* until(() => clientSockets.openCount(server.port) === 0)
    assert.isAtMost(maxOpen, plan.maxConnections, "connections at a time")
  }).pipe(Effect.scoped)
