import { RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Option, Redacted, Schedule, TestClock } from "effect"
import { connect } from "node:net"
import { Faults } from "../src/internal/faults/faults.ts"
import { credentials, get, received, send } from "./http.ts"

const [first] = SandboxSpace.seeds

const withSandbox = <E>(
  test: (space: SandboxSpace.Service) => Effect.Effect<void, E>,
  options: Omit<SandboxSpace.Options, "port"> = {}
) =>
() => Effect.flatMap(SandboxSpace.SandboxSpace, test).pipe(Effect.provide(SandboxSpace.layerTestWith(options)))

const list = (space: SandboxSpace.Service) =>
  send(`${space.url}/api/video/room_sessions`, { headers: credentials(space) })

interface Received {
  readonly text: string
  readonly code: string | undefined
}

/** Gets a session by a bare socket: the received bytes until the connection is closed, and the code of its error. */
const getRaw = (space: SandboxSpace.Service) =>
  Effect.async<Received>(resume => {
    let text = ""
    let code: string | undefined
    const socket = connect(Number(new URL(space.url).port), "127.0.0.1")
    socket.on("data", chunk => text += chunk.toString("utf8"))
    socket.on("error", error => code = "code" in error ? String(error.code) : error.message)
    socket.once("close", () => resume(Effect.succeed({ text, code })))
    const { projectId, apiToken } = space
    const basic = Buffer.from(`${projectId}:${Redacted.value(apiToken)}`).toString("base64")
    socket.write(
      `GET /api/video/room_sessions/${first.id} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${basic}\r\n` +
        "Connection: close\r\n\r\n"
    )
    return Effect.sync(() => socket.destroy())
  })

const bodyOf = ({ text }: Received) => text.slice(text.indexOf("\r\n\r\n") + 4)

describe("faults of responses", () => {
  it.live(
    "a status concerns the next requests of its operation only, with Retry-After, and then no more",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.faults({
          type: "status",
          status: 503,
          retryAfter: "1500 millis",
          operation: "RoomSessions.get",
          requests: 2
        })
        const usual = yield* list(space)
        const responses = yield* Effect.replicateEffect(get(space, first.id), 3)
        assert.strictEqual(usual.status, 200)
        assert.deepStrictEqual(responses.map(({ status }) => status), [503, 503, 200])
        assert.strictEqual(responses[0]?.headers["retry-after"], "2")
        assert.strictEqual(responses[0]?.body, "{\"error\":\"Service Unavailable\"}")
      })
    )
  )

  it.live(
    "a fault without a number of requests lasts until the faults are replaced or cleared",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.faults({ type: "status", status: 500 })
        assert.strictEqual((yield* get(space, first.id)).status, 500)
        assert.strictEqual((yield* get(space, first.id)).status, 500)
        yield* space.faults({ type: "html" })
        const page = yield* get(space, first.id)
        assert.strictEqual(page.status, 502)
        assert.strictEqual(page.headers["content-type"], "text/html")
        assert.include(page.body, "<h1>502 Bad Gateway</h1>")
        yield* space.faults()
        assert.strictEqual((yield* get(space, first.id)).status, 200)
      })
    )
  )

  it.live(
    "of two faults with a response the first is used, and the second after it",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.faults({ type: "status", status: 500, requests: 1 }, { type: "status", status: 404, requests: 1 })
        const responses = yield* Effect.replicateEffect(get(space, first.id), 3)
        assert.deepStrictEqual(responses.map(({ status }) => status), [500, 404, 200])
      })
    )
  )

  it.live(
    "a scripted response takes precedence over faults, and none of them is used up",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.faults({ type: "status", status: 500, requests: 1 })
        yield* space.respondNext(404)
        const responses = yield* Effect.replicateEffect(get(space, first.id), 3)
        assert.deepStrictEqual(responses.map(({ status }) => status), [404, 500, 200])
      })
    )
  )

  it.live(
    "builders script a session, a page in HTML and a 429",
    withSandbox(space =>
      Effect.gen(function*() {
        const session = RoomSessionFixture.completed({ duration: "1 hour" })
        yield* space.respondNext(
          SandboxSpace.session(session),
          SandboxSpace.html(),
          SandboxSpace.rateLimited("2 seconds")
        )
        const [one, two, three] = yield* Effect.replicateEffect(get(space, first.id), 3)
        assert.deepStrictEqual(JSON.parse(one?.body ?? ""), JSON.parse(JSON.stringify(session)))
        assert.strictEqual(two?.status, 502)
        assert.strictEqual(three?.status, 429)
        assert.strictEqual(three?.headers["retry-after"], "2")
      })
    )
  )
})

describe("a token bucket", () => {
  it.effect("a burst beyond the capacity is a 429 that says when there is a token, and tokens come back with time", () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      yield* space.faults({ type: "rateLimit", capacity: 2, per: "4 seconds", operation: "RoomSessions.get" })
      const burst = yield* Effect.replicateEffect(get(space, first.id), 4)
      assert.deepStrictEqual(burst.map(({ status }) => status), [200, 200, 429, 429])
      assert.strictEqual(burst[2]?.headers["retry-after"], "2")
      assert.strictEqual((yield* list(space)).status, 200)
      yield* TestClock.adjust("1 second")
      const early = yield* get(space, first.id)
      assert.deepStrictEqual([early.status, early.headers["retry-after"]], [429, "1"])
      yield* TestClock.adjust("1 second")
      const later = yield* Effect.replicateEffect(get(space, first.id), 2)
      assert.deepStrictEqual(later.map(({ status }) => status), [200, 429])
      yield* TestClock.adjust("1 hour")
      const full = yield* Effect.replicateEffect(get(space, first.id), 3)
      assert.deepStrictEqual(full.map(({ status }) => status), [200, 200, 429])
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live("the client waits as Retry-After says, and gets the session", () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      const sessions = yield* RoomSessions.RoomSessions
      yield* space.faults({ type: "rateLimit", capacity: 1, per: "500 millis" })
      yield* sessions.get(first.id)
      yield* sessions.get(first.id)
      const requests = yield* space.requests
      assert.deepStrictEqual(requests.map(({ attempt, status }) => [attempt, status]), [[1, 200], [1, 429], [2, 200]])
    }).pipe(Effect.provide(SandboxSpace.layerWired(NodeSignalWire.layer))))
})

describe("latency", () => {
  it.effect("a fixed latency delays each response by the clock, and delays add up", () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      yield* space.faults({ type: "latency", delay: "2 seconds" }, { type: "latency", delay: "1 second" })
      const fiber = yield* Effect.fork(get(space, first.id))
      yield* Effect.promise(() => Effect.runPromise(received(space, 1)))
      yield* TestClock.adjust("2999 millis")
      assert.isTrue(Option.isNone(yield* Fiber.poll(fiber)))
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(fiber)).status, 200)
      const [request] = yield* space.requests
      assert.strictEqual(Duration.toMillis(request?.elapsed ?? Duration.zero), 3000)
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.effect("a lognormal latency delays a response by the clock", () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      yield* space.faults({ type: "lognormalLatency", median: "1 hour", sigma: 0.1 })
      const fiber = yield* Effect.fork(get(space, first.id))
      yield* Effect.promise(() => Effect.runPromise(received(space, 1)))
      yield* TestClock.adjust("20 minutes")
      assert.isTrue(Option.isNone(yield* Fiber.poll(fiber)))
      yield* TestClock.adjust("2 hours")
      assert.strictEqual((yield* Fiber.join(fiber)).status, 200)
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it("two lognormal latencies without seeds are independent", () => {
    const faults = new Faults()
    const fault = { type: "lognormalLatency", median: Duration.millis(80), sigma: 1 } as const
    faults.given.set([fault])
    const one = faults.next(undefined, 0).delay ?? Duration.zero
    faults.given.set([fault, fault])
    const two = faults.next(undefined, 0).delay ?? Duration.zero
    assert.notStrictEqual(Duration.toMillis(two), 2 * Duration.toMillis(one))
  })

  it("a lognormal latency has the given median and spread, and is the same with the same seed", () => {
    const faults = new Faults()
    const sample = (sigma: number, seed = 1) => {
      faults.given.set([{ type: "lognormalLatency", median: Duration.millis(80), sigma, seed }])
      return Array.from({ length: 2000 }, () => Duration.toMillis(faults.next(undefined, 0).delay ?? Duration.zero))
        .toSorted((a, b) => a - b)
    }
    const delays = sample(1)
    assert.closeTo(delays[1000] ?? 0, 80, 8)
    // the 84th percentile is one standard deviation of the logarithm above the median
    assert.closeTo((delays[1683] ?? 0) / (delays[1000] ?? 1), Math.E, 0.3)
    assert.deepStrictEqual(new Set(sample(0)), new Set([80]))
    assert.deepStrictEqual(sample(1), delays)
    assert.notDeepEqual(sample(1, 2), delays)
  })
})

describe("faults of the connection", () => {
  it.live(
    "a reset before the headers is ECONNRESET, without a status",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.faults({ type: "reset", requests: 1 })
        assert.deepStrictEqual(yield* getRaw(space), { text: "", code: "ECONNRESET" })
        assert.strictEqual((yield* get(space, first.id)).status, 200)
        const requests = yield* space.requests
        assert.deepStrictEqual(
          requests.map((
            { attempt, elapsed, status, transmission }
          ) => [attempt, status, transmission, elapsed === undefined]),
          [[1, undefined, "reset", false], [2, 200, undefined, false]]
        )
      })
    )
  )

  it.live(
    "a reset after some bytes of the body is ECONNRESET, with these bytes",
    withSandbox(space =>
      Effect.gen(function*() {
        const usual = yield* getRaw(space)
        yield* space.respondNext({ transmission: { type: "reset", after: 20 } })
        const reset = yield* getRaw(space)
        assert.strictEqual(reset.code, "ECONNRESET")
        assert.match(reset.text, /^HTTP\/1\.1 200 /)
        assert.strictEqual(bodyOf(reset), bodyOf(usual).slice(0, 20))
        assert.strictEqual((yield* space.requests)[1]?.status, 200)
      })
    )
  )

  it.live(
    "a truncated body ends without an error of the connection, and is shorter than its content-length",
    withSandbox(space =>
      Effect.gen(function*() {
        const usual = yield* getRaw(space)
        yield* space.faults({ type: "truncate" })
        const truncated = yield* getRaw(space)
        assert.isUndefined(truncated.code)
        assert.include(truncated.text.toLowerCase(), `content-length: ${bodyOf(usual).length}`)
        assert.strictEqual(bodyOf(truncated), bodyOf(usual).slice(0, Math.floor(bodyOf(usual).length / 2)))
      })
    )
  )

  it.live(
    "a dripped body arrives whole, in parts with their interval",
    withSandbox(space =>
      Effect.gen(function*() {
        const usual = yield* getRaw(space)
        yield* space.faults({ type: "drip", bytes: 200, interval: "50 millis" })
        const [elapsed, dripped] = yield* Effect.timed(getRaw(space))
        assert.strictEqual(bodyOf(dripped), bodyOf(usual))
        const parts = Math.ceil(bodyOf(usual).length / 200)
        assert.isAtLeast(Duration.toMillis(elapsed), (parts - 1) * 50 - 5)
        yield* space.faults({ type: "drip", bytes: 200, interval: "1 millis" }, { type: "status", status: 500 })
        const error = yield* get(space, first.id)
        assert.deepStrictEqual([error.status, error.body], [500, "{\"error\":\"Internal Server Error\"}"])
      })
    )
  )

  it.live(
    "a stall sends nothing, or the first bytes, and keeps the connection open",
    withSandbox(space =>
      Effect.gen(function*() {
        /** Requests a session, whose response does not end, and aborts the request 200 ms after the sandbox has received it. */
        const stalls = (number: number) =>
          Effect.gen(function*() {
            const response = yield* Effect.fork(getRaw(space))
            yield* Effect.repeat(Effect.delay(space.requests, "5 millis"), { until: ({ length }) => length === number })
            yield* Effect.sleep("200 millis")
            assert.isTrue(Option.isNone(yield* Fiber.poll(response)))
            yield* Fiber.interrupt(response)
          })
        yield* space.faults({ type: "stall", requests: 1 })
        yield* stalls(1)
        yield* space.faults({ type: "stall", after: 10, requests: 1 })
        yield* stalls(2)
        assert.strictEqual((yield* get(space, first.id)).status, 200)
        assert.deepStrictEqual((yield* space.requests).map(({ status }) => status), [undefined, 200, 200])
      })
    )
  )

  const unfinished: ReadonlyArray<SandboxSpace.Response> = [
    { delay: "1 hour" },
    { transmission: { type: "stall" } },
    { transmission: { type: "stall", after: 5 } },
    { transmission: { type: "drip", interval: "1 hour" } }
  ]
  for (const response of unfinished) {
    it.live(
      `the request with ${JSON.stringify(response)} ends when its client closes the connection`,
      withSandbox(space =>
        Effect.gen(function*() {
          yield* space.respondNext(response)
          const fiber = yield* Effect.fork(getRaw(space))
          yield* received(space, 1)
          yield* Fiber.interrupt(fiber)
          yield* Effect.repeat(Effect.map(space.requests, ([request]) => request?.elapsed), {
            until: elapsed => elapsed !== undefined,
            schedule: Schedule.spaced("5 millis")
          })
        })
      )
    )
  }

  const reasonOf = (fault: SandboxSpace.Fault) =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      const sessions = yield* RoomSessions.RoomSessions
      yield* space.faults(fault)
      const error = yield* Effect.flip(sessions.get(first.id))
      return "reason" in error ? error.reason : error._tag
    })

  const over = (policy: NodeSignalWire.Options["policy"]) =>
    SandboxSpace.layerWired(options => NodeSignalWire.layer({ ...options, policy: { ...policy, maxRetries: 0 } }))

  it.live("the client reports a reset and a truncated body with their reasons, and reads a dripped body", () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      const sessions = yield* RoomSessions.RoomSessions
      assert.strictEqual(yield* reasonOf({ type: "reset" }), "Reset")
      assert.strictEqual(yield* reasonOf({ type: "truncate" }), "Truncated")
      yield* space.faults({ type: "drip", bytes: 50, interval: "1 millis" })
      assert.deepStrictEqual(yield* sessions.get(first.id), first)
    }).pipe(Effect.provide(over({}))))

  it.live("a stall is a timeout of the client", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* reasonOf({ type: "stall" }), "SignalWireRequestTimeout")
      assert.strictEqual(yield* reasonOf({ type: "stall", after: 10 }), "SignalWireRequestTimeout")
    }).pipe(Effect.provide(over({ attemptTimeout: "200 millis" }))))
})

describe("Prefer", () => {
  const preferring = (space: SandboxSpace.Service, prefer: string) =>
    send(`${space.url}/api/video/room_sessions/${first.id}`, { headers: { ...credentials(space), prefer } })

  it.live(
    "a request has the status that it prefers, and the next one the usual one",
    withSandbox(space =>
      Effect.gen(function*() {
        const preferred = yield* preferring(space, "respond-async, code=503")
        assert.strictEqual(preferred.status, 503)
        assert.strictEqual((yield* preferring(space, "code = \"503\"")).status, 503)
        assert.strictEqual(preferred.headers["preference-applied"], "code=503")
        assert.strictEqual((yield* preferring(space, "respond-async")).status, 200)
        assert.strictEqual((yield* preferring(space, "code=\"404\"")).status, 404)
        assert.strictEqual((yield* get(space, first.id)).status, 200)
        const invalid = yield* preferring(space, "code=abc")
        assert.deepStrictEqual([invalid.status, invalid.body], [
          400,
          "{\"error\":\"Prefer: code expects a status from 200 to 999\"}"
        ])
      }), { prefer: true })
  )

  it.live(
    "without the option, Prefer is ignored",
    withSandbox(space => Effect.map(preferring(space, "code=503"), ({ status }) => assert.strictEqual(status, 200)))
  )
})

describe("invalid faults", () => {
  const cases: ReadonlyArray<readonly [fault: unknown, message: string]> = [
    [{ type: "status", status: 99 }, "status: expected a status from 200 to 999, got 99"],
    [{ type: "status" }, "status: is missing"],
    [
      { type: "status", status: 500, requests: 0 },
      "requests: expected a whole number of at least 1, got 0"
    ],
    [
      { type: "latency", delay: 200 },
      "delay: expected a duration with its unit, such as \"200 millis\" or \"2 seconds\", got 200"
    ],
    [
      { type: "latency", delay: "soon" },
      "delay: expected a duration with its unit, such as \"200 millis\" or \"2 seconds\", got \"soon\""
    ],
    [{ type: "lognormalLatency", median: "1 second", sigma: -1 }, "sigma: expected a number from 0 to 5, got -1"],
    [{ type: "rateLimit", capacity: 1, per: "0 millis" }, "per: expected a duration of more than 0"],
    [{ type: "status", status: 500, headers: { "a b": "c" } }, "headers: [\"a b\",\"c\"] is not a valid header"],
    [{ type: "stall", statuss: 5 }, "statuss: is unexpected"],
    [{ type: "nap" }, "type: "],
    [
      { type: "stall", operation: "RoomSessions.gett" },
      "operation: expected one of RoomSessions.get, RoomSessions.list, "
    ]
  ]

  it.live(
    "an invalid fault is a FaultError that says what was expected, and the faults do not change",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.faults({ type: "status", status: 404 })
        for (const [fault, message] of cases) {
          // a program in JavaScript can give anything
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion
          const error = yield* Effect.flip(space.faults({ type: "html" }, fault as SandboxSpace.Fault))
          assert.strictEqual(error._tag, "FaultError")
          assert.include(error.message, `SandboxSpace.faults: 1.${message}`)
        }
        assert.strictEqual((yield* get(space, first.id)).status, 404)
      })
    )
  )
})
