import { RoomSessions } from "@effect-signalwire/core"
import { type NodeSignalWire, SpaceMap } from "@effect-signalwire/node-runtime"
import { assert, describe, it } from "@effect/vitest"
import {
  Cause,
  Chunk,
  ConfigError,
  Context,
  Data,
  type Duration,
  Effect,
  Exit,
  Fiber,
  Layer,
  Option,
  Redacted,
  Scope,
  TestClock,
  TestServices
} from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import { inspect } from "node:util"
import * as lag from "./faults/harness/lag.ts"
import * as rawServer from "./faults/harness/rawServer.ts"
import { authorizationOf, head, json, pause, send, sequence, stall, withRequest } from "./faults/harness/scripts.ts"
import { session, sessionId } from "./faults/harness/session.ts"
import { until } from "./faults/harness/until.ts"

class NoTenant extends Data.TaggedError("NoTenant")<{ readonly tenant: string }> {}

/** Responds with the credentials of the request as the name of the session. */
const echo = withRequest(request => json(200, session({ name: authorizationOf(request) })))

const optionsOf = (tenant: string, { baseUrl }: Pick<rawServer.Server, "baseUrl">) => ({
  baseUrl,
  projectId: tenant,
  apiToken: Redacted.make(`token-${tenant}`)
})

const nameOf = (tenant: string) => `Basic ${Buffer.from(`${tenant}:token-${tenant}`).toString("base64")}`

const getName = Effect.flatMap(RoomSessions.RoomSessions, sessions => Effect.map(sessions.get(sessionId), _ => _.name))

interface MapOptions {
  readonly policy?: NodeSignalWire.Options["policy"]
  readonly script?: rawServer.Script
  readonly idleTimeToLive?: Duration.DurationInput
  readonly lookupMillis?: number
}

/** A map of spaces on one server, with the tenants whose options were looked up. */
const makeMap = ({ idleTimeToLive, lookupMillis = 0, policy, script = echo }: MapOptions = {}) =>
  Effect.gen(function*() {
    const server = yield* rawServer.make([script])
    const lookups: Array<string> = []
    const interrupted: Array<string> = []
    const scope = yield* Scope.make()
    const unknown = new Set<string>()
    const spaces = yield* SpaceMap.make({
      lookup: (tenant: string) =>
        Effect.gen(function*() {
          lookups.push(tenant)
          const wait = lookupMillis === 0 ? Effect.void : Effect.sleep(lookupMillis)
          yield* Effect.onInterrupt(wait, () => Effect.sync(() => void interrupted.push(tenant)))
          if (unknown.has(tenant)) return yield* new NoTenant({ tenant })
          return { ...optionsOf(tenant, server), policy }
        }),
      ...(idleTimeToLive === undefined ? {} : { idleTimeToLive })
    }).pipe(Scope.extend(scope))
    yield* Effect.addFinalizer(() => Scope.close(scope, Exit.void))
    const nameIn = (tenant: string) => Effect.provide(getName, spaces.get(tenant))
    return { server, lookups, interrupted, unknown, spaces, nameIn, close: Scope.close(scope, Exit.void) }
  })

/** The values that the FiberRefs of the fiber hold, those of the outer fibers included. */
const countRefs = Effect.map(Effect.getFiberRefs, ({ locals }) => [...locals.values()].flat().length)

/** The services of a space until the scope is closed. */
const open = (spaces: SpaceMap.SpaceMap<string, NoTenant>, tenant: string) =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    const services = yield* Layer.buildWithScope(spaces.get(tenant), scope)
    return { get: Effect.provide(getName, services), close: Scope.close(scope, Exit.void) }
  })

describe("SpaceMap", () => {
  it.scopedLive("50 tenants each have their own credentials and connections, from a lookup at their first use", () =>
    Effect.gen(function*() {
      const tenants = Array.from({ length: 50 }, (_, index) => `tenant-${index}`)
      const { lookups, nameIn, server } = yield* makeMap()
      assert.deepStrictEqual([lookups.length, server.connections()], [0, 0])
      for (let round = 0; round < 2; round++) {
        const names = yield* Effect.forEach(tenants, nameIn, { concurrency: "unbounded" })
        assert.deepStrictEqual(names, tenants.map(nameOf))
      }
      assert.deepStrictEqual(lookups, tenants)
      assert.strictEqual(server.connections(), 50)
    }))

  it.scopedLive("concurrent first uses of a key make one client, with one limit on connections", () =>
    Effect.gen(function*() {
      const { lookups, nameIn, server } = yield* makeMap({ lookupMillis: 20, policy: { maxConnections: 3 } })
      yield* Effect.forEach(Array.from({ length: 200 }), () => nameIn("acme"), { concurrency: "unbounded" })
      assert.deepStrictEqual(lookups, ["acme"])
      assert.isAtMost(server.connections(), 3)
    }))

  it.scopedLive("a tenant whose retry budget is exhausted leaves that of another one full", () =>
    Effect.gen(function*() {
      const policy = {
        maxRetries: 1,
        baseDelay: "1 millis",
        maxDelay: "1 millis",
        retryBudget: { capacity: 5, retryCost: 5, timeoutCost: 5, refill: 0 }
      } as const
      const { nameIn } = yield* makeMap({ policy, script: json(500, "{}") })
      const attempts = yield* Effect.forEach(
        ["one", "one", "other"],
        tenant => Effect.map(Effect.flip(nameIn(tenant)), error => "attempts" in error ? error.attempts : error)
      )
      assert.deepStrictEqual(attempts, [2, 1, 2])
    }))

  it.scopedLive("code after a shared first use runs in the asynchronous context of its own caller", () =>
    Effect.gen(function*() {
      const storage = new AsyncLocalStorage<string>()
      const { nameIn } = yield* makeMap({ lookupMillis: 20 })
      const callers = ["a", "b", "c", "d"]
      const seen = yield* Effect.promise(() =>
        Promise.all(
          callers.map(caller =>
            storage.run(caller, () =>
              Effect.runPromise(Effect.zipRight(
                nameIn("acme"),
                Effect.sync(() => storage.getStore())
              )))
          )
        )
      )
      assert.deepStrictEqual(seen, callers)
    }))

  it.scopedLive("code inside a shared first use runs in the asynchronous context of its own caller, also after an error", () =>
    Effect.gen(function*() {
      const storage = new AsyncLocalStorage<string>()
      const { spaces, unknown } = yield* makeMap({ lookupMillis: 20 })
      unknown.add("unknown")
      const callers = ["a", "b", "c", "d"]
      for (const tenant of ["acme", "unknown"]) {
        const store = Effect.sync(() => storage.getStore())
        const program = Effect.provide(store, spaces.get(tenant)).pipe(Effect.catchAll(() => store))
        const seen = yield* Effect.promise(() =>
          Promise.all(callers.map(caller => storage.run(caller, () => Effect.runPromise(program))))
        )
        assert.deepStrictEqual(seen, callers, tenant)
      }
    }))

  it.scopedLive("a caller that is interrupted during the first lookup leaves the others waiting for it", () =>
    Effect.gen(function*() {
      const { lookups, nameIn } = yield* makeMap({ lookupMillis: 50 })
      const [first, second] = [yield* Effect.fork(nameIn("acme")), yield* Effect.fork(nameIn("acme"))]
      yield* until(() => lookups.length === 1)
      yield* Fiber.interrupt(first)
      assert.strictEqual(yield* Fiber.join(second), nameOf("acme"))
      assert.deepStrictEqual(lookups, ["acme"])
    }))

  it.scopedLive("an error of the lookup reaches each caller that waits, and the next use looks up again", () =>
    Effect.gen(function*() {
      const { lookups, nameIn, unknown } = yield* makeMap({ lookupMillis: 10, idleTimeToLive: "1 hour" })
      unknown.add("acme")
      const errors = yield* Effect.all([1, 2, 3].map(() => Effect.flip(nameIn("acme"))), { concurrency: "unbounded" })
      assert.deepStrictEqual(errors, [1, 2, 3].map(() => new NoTenant({ tenant: "acme" })))
      assert.lengthOf(lookups, 1)
      unknown.delete("acme")
      assert.strictEqual(yield* nameIn("acme"), nameOf("acme"))
      assert.strictEqual(yield* nameIn("acme"), nameOf("acme"))
      assert.lengthOf(lookups, 2)
    }))

  it.scopedLive("invalid options of a tenant are a ConfigError without the token, and are not remembered", () =>
    Effect.gen(function*() {
      let apiToken = "PTsecret\n"
      const server = yield* rawServer.make([echo])
      const spaces = yield* SpaceMap.make({
        lookup: (tenant: string) =>
          Effect.sync(() => ({ ...optionsOf(tenant, server), apiToken: Redacted.make(apiToken) }))
      })
      const use = Effect.provide(getName, spaces.get("acme"))
      const error = yield* Effect.flip(use)
      assert.isTrue(ConfigError.isConfigError(error))
      for (
        const text of [
          Cause.pretty(Cause.fail(error)),
          inspect(error),
          JSON.stringify(error),
          inspect(spaces, { depth: 9 })
        ]
      ) {
        assert.notInclude(text, "PTsecret")
      }
      apiToken = "PTsecret"
      assert.include(yield* use, "Basic")
      assert.notInclude(inspect(spaces, { depth: 9, showHidden: true }), "PTsecret")
    }))

  it.scopedLive("what a lookup acquires is released with its client, and when the lookup fails", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([echo])
      const events: Array<string> = []
      const spaces = yield* SpaceMap.make({
        lookup: (tenant: string) =>
          Effect.gen(function*() {
            yield* Effect.acquireRelease(
              Effect.sync(() => events.push(`${tenant} acquired`)),
              () => Effect.sync(() => events.push(`${tenant} released`))
            )
            return tenant === "unknown" ? yield* new NoTenant({ tenant }) : optionsOf(tenant, server)
          }),
        idleTimeToLive: 0
      })
      for (const tenant of ["acme", "acme", "unknown"]) {
        yield* Effect.ignore(Effect.provide(getName, spaces.get(tenant)))
        events.push("used")
      }
      const acme = ["acme acquired", "acme released", "used"]
      assert.deepStrictEqual(events, [...acme, ...acme, "unknown acquired", "unknown released", "used"])
    }))

  it.scopedLive("a lookup has the span of its caller, and the services of the map and not those of the caller", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([echo])
      class Database extends Context.Tag("Database")<Database, string>() {}
      const seen: Array<unknown> = []
      const spaces = yield* SpaceMap.make({
        lookup: (tenant: string) =>
          Effect.gen(function*() {
            seen.push(yield* Database, Option.getOrNull(yield* Effect.option(Effect.currentSpan))?.name)
            return optionsOf(tenant, server)
          })
      }).pipe(Effect.withSpan("start-up"), Effect.provideService(Database, "of the map"))
      yield* Effect.provide(getName, spaces.get("acme")).pipe(
        Effect.withSpan("request"),
        Effect.provideService(Database, "of the caller")
      )
      yield* Effect.provide(getName, spaces.get("without a span"))
      assert.deepStrictEqual(seen, ["of the map", "request", "of the map", undefined])
    }))

  it.scopedLive("a lookup that throws is a defect of its callers, and is not remembered", () =>
    Effect.gen(function*() {
      let throws = true
      const server = yield* rawServer.make([echo])
      const spaces = yield* SpaceMap.make({
        lookup: (tenant: string) => {
          if (throws) throw new Error("a bug")
          return Effect.succeed(optionsOf(tenant, server))
        }
      })
      const use = Effect.provide(getName, spaces.get("acme"))
      assert.isTrue(Exit.isFailure(yield* Effect.exit(use)))
      throws = false
      assert.strictEqual(yield* use, nameOf("acme"))
    }))

  const wrongOptions: ReadonlyArray<readonly [options: unknown, path: string, message: string]> = [
    [null, "options", "Expected an object with lookup, idleTimeToLive"],
    [undefined, "options", "Expected an object with lookup, idleTimeToLive"],
    [{}, "lookup", "Expected a function that returns an Effect with the options of a space"],
    [{ lookup: null }, "lookup", "Expected a function that returns an Effect with the options of a space"],
    [{ lookup: () => Effect.never, idleTime: 5 }, "idleTime", "Expected one of lookup, idleTimeToLive"],
    [
      { lookup: () => Effect.never, idleTimeToLive: null },
      "idleTimeToLive",
      "Expected a duration of at least zero and below 2^31 ms, such as \"5 minutes\", or Duration.infinity"
    ]
  ]

  it.effect.each(wrongOptions)(
    "the options %j are a ConfigError at %s",
    ([options, path, message]) =>
      Effect.gen(function*() {
        const made: ReturnType<typeof SpaceMap.make<string>> = Reflect.apply(SpaceMap.make, undefined, [options])
        const error = yield* Effect.flip(Effect.scoped(made))
        const text = JSON.stringify(error)
        assert.include(text, JSON.stringify([path]))
        assert.include(text, JSON.stringify(message))
      })
  )

  it.effect.each<readonly [what: string, lookup: () => unknown, path: string]>([
    ["returns null", () => null, "lookup"],
    ["returns a Promise", () => Promise.resolve({}), "lookup"],
    ["has null as its result", () => Effect.succeed(null), "options"]
  ])("a lookup that %s is a ConfigError of its callers", ([, lookup, path]) =>
    Effect.gen(function*() {
      const made: ReturnType<typeof SpaceMap.make<string>> = Reflect.apply(SpaceMap.make, undefined, [{ lookup }])
      const spaces = yield* made
      const error = yield* Effect.flip(Layer.build(spaces.get("acme")))
      assert.include(Cause.pretty(Cause.fail(error)), `at ${path}: "Expected`)
    }).pipe(Effect.scoped))

  it.scopedLive("a further column in the result of a lookup is ignored, so that a migration of the database ends no client", () =>
    Effect.gen(function*() {
      const server = yield* rawServer.make([echo])
      const spaces = yield* SpaceMap.make({
        lookup: (tenant: string) => Effect.succeed({ ...optionsOf(tenant, server), created_at: "2026-11-26" })
      })
      assert.strictEqual(yield* Effect.provide(getName, spaces.get("acme")), nameOf("acme"))
    }))

  it.effect("a row with a column that cannot be read is a ConfigError that names the option, without the text of the exception", () =>
    Effect.gen(function*() {
      const row = { ...optionsOf("acme", { baseUrl: "http://127.0.0.1" }), created_at: "2026-11-26" }
      class Row {
        get policy(): never {
          throw new Error("a secret")
        }
      }
      const throwing = Object.assign(new Row(), row)
      const revoked = Proxy.revocable(row, {})
      revoked.revoke()
      const cases = [
        [throwing, "policy: \"Expected a property that can be read"],
        [revoked.proxy, "options: \"Expected an object whose properties can be read"]
      ] as const
      for (const [found, expected] of cases) {
        const spaces = yield* SpaceMap.make({ lookup: () => Effect.succeed(found) })
        const error = Cause.pretty(Cause.fail(yield* Effect.flip(Layer.build(spaces.get("acme")))))
        assert.include(error, `at ${expected}`)
        assert.notMatch(error, /a secret|created_at/)
      }
    }).pipe(Effect.scoped))

  it.scopedLive("keys are compared by Equal, and the lookup has the services and errors of the application", () =>
    Effect.gen(function*() {
      class Database extends Context.Tag("Database")<Database, { readonly url: string }>() {}
      class Key extends Data.Class<{ readonly region: string; readonly tenant: string }> {}
      const server = yield* rawServer.make([echo])
      let lookups = 0
      const spaces = yield* SpaceMap.make({
        lookup: ({ tenant }: Key) =>
          Effect.map(Database, ({ url }) => {
            lookups++
            return optionsOf(tenant, { baseUrl: url })
          })
      }).pipe(Effect.provideService(Database, { url: server.baseUrl }))
      const use = () => Effect.provide(getName, spaces.get(new Key({ region: "eu", tenant: "acme" })))
      assert.deepStrictEqual([yield* use(), yield* use(), lookups], [nameOf("acme"), nameOf("acme"), 1])
    }))
})

describe("SpaceMap: idle clients", () => {
  const eventually = (holds: () => boolean) => TestServices.provideLive(until(holds))

  it.scoped("a client is closed when it was not used for the time, and made again for the next use", () =>
    Effect.gen(function*() {
      const { lookups, nameIn, server } = yield* makeMap({ idleTimeToLive: "1 minute" })
      yield* nameIn("acme")
      yield* TestClock.adjust("40 seconds")
      yield* nameIn("acme")
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(server.open(), 1)
      yield* TestClock.adjust("1 seconds")
      yield* eventually(() => server.open() === 0)
      assert.deepStrictEqual(lookups, ["acme"])
      assert.strictEqual(yield* nameIn("acme"), nameOf("acme"))
      assert.deepStrictEqual(lookups, ["acme", "acme"])
    }))

  it.scoped("a client in use is not idle, and the default time is 5 minutes", () =>
    Effect.gen(function*() {
      const { lookups, nameIn, server, spaces } = yield* makeMap()
      yield* nameIn("acme")
      const space = yield* open(spaces, "acme")
      yield* space.get
      yield* TestClock.adjust("1 hour")
      yield* space.get
      assert.deepStrictEqual([lookups.length, server.open()], [1, 1])
      yield* space.close
      yield* TestClock.adjust("299 seconds")
      assert.strictEqual(server.open(), 1)
      yield* TestClock.adjust("1 second")
      yield* eventually(() => server.open() === 0)
    }))

  it.scopedLive("with 0 a client is closed after its last use, and a lookup that nobody waits for is interrupted", () =>
    Effect.gen(function*() {
      const { interrupted, lookups, nameIn, server } = yield* makeMap({ idleTimeToLive: 0, lookupMillis: 30 })
      yield* Effect.all([nameIn("acme"), nameIn("acme")], { concurrency: 2 })
      yield* until(() => server.open() === 0)
      const fiber = yield* Effect.fork(nameIn("acme"))
      yield* until(() => lookups.length === 2)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(interrupted, ["acme"])
      assert.strictEqual(yield* nameIn("acme"), nameOf("acme"))
      assert.lengthOf(lookups, 3)
    }))

  it.scopedLive("a fiber holds the same number of FiberRefs after 300 clients that were closed in it", () =>
    Effect.gen(function*() {
      const { lookups, spaces } = yield* makeMap({ idleTimeToLive: 0 })
      const { spaces: invalidated } = yield* makeMap()
      const { spaces: inUse } = yield* makeMap()
      const uses = [
        Effect.provide(Effect.void, spaces.get("acme")),
        Effect.zipRight(Effect.provide(Effect.void, invalidated.get("acme")), invalidated.invalidate("acme")),
        Effect.provide(inUse.invalidate("acme"), inUse.get("acme"))
      ]
      for (const use of uses) {
        yield* use
        const before = yield* countRefs
        yield* Effect.repeatN(use, 98)
        assert.strictEqual(yield* countRefs, before)
      }
      assert.lengthOf(lookups, 100)
    }))

  it.effect("an idleTimeToLive that is no duration, negative or longer than a timer is a ConfigError that says what is expected", () =>
    Effect.gen(function*() {
      for (const idleTimeToLive of ["soon", -1, Number.NaN, "-1 seconds", [0, -5e9], "25 days"]) {
        // untyped JavaScript can pass any value
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        const options = { lookup: () => Effect.never, idleTimeToLive: idleTimeToLive as number }
        const error = yield* Effect.flip(Effect.scoped(SpaceMap.make(options)))
        assert.include(JSON.stringify(error), "a duration of at least zero")
        assert.deepInclude(error, { path: ["idleTimeToLive"] })
      }
    }))
})

describe("SpaceMap: invalidate", () => {
  it.scopedLive("the next use has the new token, and the client in use is closed after its last use", () =>
    Effect.gen(function*() {
      let token = "old"
      const server = yield* rawServer.make([echo])
      const spaces = yield* SpaceMap.make({
        lookup: (tenant: string) =>
          Effect.sync(() => ({ ...optionsOf(tenant, server), apiToken: Redacted.make(token) }))
      })
      const basic = (text: string) => `Basic ${Buffer.from(`acme:${text}`).toString("base64")}`
      const before = yield* open(spaces, "acme")
      assert.strictEqual(yield* before.get, basic("old"))
      token = "new"
      yield* spaces.invalidate("acme")
      yield* spaces.invalidate("acme")
      const after = yield* open(spaces, "acme")
      assert.deepStrictEqual([yield* before.get, yield* after.get], [basic("old"), basic("new")])
      assert.strictEqual(server.open(), 2)
      yield* before.close
      yield* until(() => server.open() === 1)
      assert.strictEqual(yield* after.get, basic("new"))
      yield* after.close
      yield* spaces.invalidate("acme")
      yield* until(() => server.open() === 0)
      yield* spaces.invalidate("unknown")
    }))
})

describe("SpaceMap: invalidate by a call that failed", () => {
  /** A space that rejects the old token. */
  const makeRotated = Effect.gen(function*() {
    let token = "old"
    let lookups = 0
    let requests = 0
    const basic = (text: string) => `Basic ${Buffer.from(`acme:${text}`).toString("base64")}`
    const server = yield* rawServer.make([
      withRequest(request => {
        if (authorizationOf(request) === basic("new")) return json(200, session())
        // the 401s arrive over some time, so that some callers invalidate when the new client is in use
        return sequence(pause(`${10 * (++requests % 5)} millis`), json(401, "{}"))
      })
    ])
    const spaces = yield* SpaceMap.make({
      lookup: (tenant: string) =>
        Effect.sync(() => {
          lookups++
          return { ...optionsOf(tenant, server), apiToken: Redacted.make(token) }
        })
    })
    const rotate = () => void (token = "new")
    return { spaces, rotate, lookups: () => lookups }
  })

  it.scopedLive("20 concurrent calls with a rejected token make one lookup, and none removes the client that was made after it", () =>
    Effect.gen(function*() {
      const { lookups, rotate, spaces } = yield* makeRotated
      yield* open(spaces, "acme")
      rotate()
      const call = getName.pipe(
        Effect.tapErrorTag("SignalWireUnauthorized", () => spaces.invalidate("acme")),
        Effect.provide(spaces.get("acme")),
        Effect.retry({ times: 1, while: error => error._tag === "SignalWireUnauthorized" })
      )
      yield* Effect.forEach(Array.from({ length: 20 }), () => call, { concurrency: "unbounded" })
      assert.strictEqual(lookups(), 2)
    }))

  it.scopedLive("in an effect with the services of another key or of no key, the client of the key is removed", () =>
    Effect.gen(function*() {
      const { lookups, spaces } = yield* makeRotated
      yield* open(spaces, "acme")
      yield* Effect.zipRight(spaces.invalidate("other"), spaces.invalidate("acme")).pipe(
        Effect.provide(spaces.get("other"))
      )
      yield* open(spaces, "acme")
      assert.strictEqual(lookups(), 3)
    }))
})

describe("SpaceMap: closing", () => {
  it.scopedLive("invalidate waits for a lookup of another caller, and continues in the asynchronous context of its own", () =>
    Effect.gen(function*() {
      const storage = new AsyncLocalStorage<string>()
      const run = <A>(caller: string, effect: Effect.Effect<A>) =>
        Effect.promise(() => storage.run(caller, () => Effect.runPromise(effect)))
      let lookups = 0
      const lookup = () =>
        Effect.uninterruptible(Effect.zipRight(Effect.sync(() => lookups++), Effect.sleep("50 millis"))).pipe(
          Effect.as(optionsOf("acme", { baseUrl: "http://127.0.0.1" }))
        )
      const spaces = yield* SpaceMap.make({ lookup })
      const using = yield* Effect.fork(run(
        "a",
        Effect.ignore(
          Effect.provide(Effect.void, spaces.get("acme")).pipe(
            Effect.timeout("10 millis")
          )
        )
      ))
      yield* until(() => lookups === 1)
      yield* Fiber.join(using)
      const store = Effect.sync(() => storage.getStore())
      assert.strictEqual(yield* run("b", Effect.zipRight(spaces.invalidate("acme"), store)), "b")
    }))

  it.scopedLive("calls in progress end with their session within the grace of their client", () =>
    Effect.gen(function*() {
      const { close, nameIn, server } = yield* makeMap({
        script: sequence(pause("50 millis"), echo),
        policy: { shutdownGrace: "1 minute" }
      })
      const fiber = yield* Effect.fork(Effect.forEach(["a", "b", "c"], nameIn, { concurrency: 3 }))
      yield* until(() => server.requests.length === 3)
      yield* close
      assert.deepStrictEqual(yield* Fiber.join(fiber), ["a", "b", "c"].map(nameOf))
      yield* until(() => server.open() === 0)
    }))

  it.scopedLive("all clients are closed at the same time, so that their graces do not add up, and no socket is left", () =>
    Effect.gen(function*() {
      const tenants = Array.from({ length: 20 }, (_, index) => `tenant-${index}`)
      const { close, nameIn, server } = yield* makeMap({
        script: sequence(send(head(200)), stall),
        policy: { shutdownGrace: "200 millis" }
      })
      const fiber = yield* Effect.fork(
        Effect.forEach(tenants, tenant => Effect.flip(nameIn(tenant)), { concurrency: "unbounded" })
      )
      yield* until(() => server.requests.length === 20)
      lag.assertWithin(yield* lag.during(close), 200, "closing")
      for (const error of yield* Fiber.join(fiber)) assert.deepInclude(error, { reason: "Closed" })
      yield* until(() => server.open() === 0)
    }))

  it.scopedLive("a call of a client after the map was closed is TransportError Closed; a new key and a lookup in progress are interruptions", () =>
    Effect.gen(function*() {
      const { close, lookups, nameIn, spaces } = yield* makeMap({ lookupMillis: 200 })
      const space = yield* open(spaces, "acme")
      yield* space.get
      const waiting = yield* Effect.fork(nameIn("other"))
      yield* until(() => lookups.length === 2)
      yield* close
      assert.deepInclude(yield* Effect.flip(space.get), { reason: "Closed" })
      yield* space.close
      for (const exit of [yield* Fiber.await(waiting), yield* Effect.exit(nameIn("new"))]) {
        assert.isTrue(Exit.isFailure(exit) && Chunk.isEmpty(Cause.failures(exit.cause)))
        assert.isTrue(Exit.isFailure(exit) && Cause.isInterrupted(exit.cause))
      }
    }))
})
