/** Servers and callers at random: what holds of the pool of connections, whatever they do. */
import { RoomSessions } from "@effect-signalwire/core"
import { assert } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, ManagedRuntime, Option } from "effect"
import * as FastCheck from "effect/FastCheck"
import { failureOf } from "../faults/harness/invariant.ts"
import * as peers from "../faults/harness/peers.ts"
import * as rawServer from "../faults/harness/rawServer.ts"
import { clientOf } from "../faults/harness/row.ts"
import { fin, head, json, pause, reset, send, sequence, stall, withRequest } from "../faults/harness/scripts.ts"
import { session } from "../faults/harness/session.ts"
import { isTyped } from "../faults/harness/typed.ts"
import { until } from "../faults/harness/until.ts"

type Script = rawServer.Script

const idOf = ({ head: request }: rawServer.Exchange): string => /room_sessions\/(\S+)/.exec(request)?.[1] ?? ""

/** The session that was asked for. */
const asked = (around: (whole: Script, body: string) => Script = whole => whole): Script =>
  withRequest(exchange => {
    const body = session({ id: idOf(exchange) })
    return around(json(200, body), body)
  })

const half = (ending: Script): Script =>
  asked((_, body) =>
    sequence(
      send(head(200, { "content-type": "application/json", "content-length": String(body.length) }), body.slice(0, 99)),
      ending
    )
  )

/** What a server may do to a request. */
const behaviors: Readonly<Record<string, Script>> = {
  session: asked(),
  "session after a while": asked(whole => sequence(pause(8), whole)),
  "session, then FIN": asked(whole => sequence(whole, fin)),
  "session, then RST": asked(whole => sequence(whole, pause(2), reset)),
  "session, then garbage": asked(whole => sequence(whole, send("garbage"))),
  "session after 103": asked(whole => sequence(send(head(103)), whole)),
  "session after 100": asked(whole => sequence(send(head(100)), whole)),
  "half a session, then FIN": half(fin),
  "half a session, then RST": half(reset),
  "half a session": half(stall),
  FIN: fin,
  RST: reset,
  silence: stall,
  "not HTTP": send("HTTP/9.9 no\r\n\r\n"),
  "404": json(404, "{}"),
  "500": json(500, "{}")
}

type Get = Effect.Effect<unknown, RoomSessions.GetError, RoomSessions.RoomSessions>

/** What a caller may do to a call, with a number of milliseconds. */
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
  /** When the layer closes, if it does not wait for the calls. */
  closesAfter: FastCheck.option(millis)
})

type Plan = typeof plan extends FastCheck.Arbitrary<infer A> ? A : never

const numbered = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`

/** Every call settles, with its own session or a typed error; no connection is more than allowed; none is left. */
export const run = (plan: Plan): Effect.Effect<void> =>
  Effect.gen(function*() {
    let most = 0
    const found = new Map<string, Set<string>>()
    const count = ({ socket }: rawServer.Exchange) =>
      Effect.sync(() => {
        most = Math.max(most, peers.open(socket.localPort ?? 0))
      })
    const scripts = plan.behaviors.map(name => behaviors[name] ?? stall)
    const [first = stall, ...others] = [...scripts, ...scripts, ...scripts]
    const counted = (script: Script): Script => exchange => Effect.zipRight(count(exchange), script(exchange))
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
    const ask = (id: string) =>
      Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
        Effect.tap(session => Effect.sync(() => found.set(id, (found.get(id) ?? new Set()).add(session.id))))
      )
    const calls = yield* Effect.fork(Effect.forEach(plan.calls, ({ after, caller, millis }, index) => {
      const get = ask(numbered(index))
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
      assert.isTrue(Exit.isSuccess(exit) || isTyped(exit), `${caller}, ends with a typed error: ${String(exit)}`)
      const seen = server.requests.filter(request => request.includes(id)).length
      const error = Option.getOrUndefined(failureOf(exit))
      if (error !== undefined) assert.isAtLeast(error.requestsSent, seen, `${caller}, knows of its requests`)
    }
    for (const [id, sessions] of found) assert.deepStrictEqual([...sessions], [id], "the session that was asked for")
    yield* Effect.promise(() => runtime.dispose())
    yield* until(() => peers.open(server.port) === 0)
    assert.isAtMost(most, plan.maxConnections, "connections at a time")
  }).pipe(Effect.scoped)
