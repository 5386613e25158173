/** The programs of the examples, bundled from the sources, as processes that use a sandbox. */
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { once } from "node:events"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { createServer, get } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundle, remove, sandboxVariables, start as startIn } from "./support/programs.ts"

const programs = bundle([
  "application",
  "exportCsv",
  "finishCurrent",
  "httpService",
  "routerService",
  "run",
  "withoutEffect/express",
  "withoutEffect/fastify",
  "withoutEffect/lambda"
])
afterAll(() => remove(programs))

const start = (args: ReadonlyArray<string>, variables: Readonly<Record<string, string>>) =>
  startIn(programs, args, variables)

const [known] = SandboxSpace.seeds
const unknownId = "ffffffff-ffff-4fff-8fff-ffffffffffff"

interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

const request = (url: string, signal?: AbortSignal) =>
  Effect.promise(async (): Promise<Received> => {
    const response = await fetch(url, { signal: signal ?? null })
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.json() }
  })

/** Waits until so many requests have arrived at the sandbox. */
const arrived = (count: number) =>
  Effect.flatMap(
    SandboxSpace.SandboxSpace,
    sandbox =>
      Effect.repeat(Effect.zipRight(Effect.sleep("5 millis"), sandbox.requests), {
        until: requests => requests.length === count
      })
  )

const respondNext = (...responses: ReadonlyArray<SandboxSpace.Response>) =>
  Effect.flatMap(SandboxSpace.SandboxSpace, sandbox => sandbox.respondNext(...responses))

const overSandbox = <E>(test: Effect.Effect<void, E, SandboxSpace.SandboxSpace>, sandbox = SandboxSpace.layerTest) =>
  test.pipe(Effect.provide(Layer.orDie(Layer.fresh(sandbox))))

/** A space that never responds. */
const silentSpace = Effect.acquireRelease(
  Effect.promise(async () => {
    let count = 0
    const server = createServer()
    server.on("request", () => count++)
    const arrived = once(server, "request")
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    return {
      server,
      variables: {
        SIGNALWIRE_SPACE: `127.0.0.1:${typeof address === "object" ? address?.port : address}`,
        SIGNALWIRE_PROJECT_ID: "project",
        SIGNALWIRE_API_TOKEN: "token"
      },
      count: () => count,
      arrived,
      /** Resolves when the connection of the first request is closed. */
      closed: arrived.then(([request]) => once(request.socket, "close"))
    }
  }),
  ({ server }) =>
    Effect.sync(() => {
      server.close()
      server.closeAllConnections()
    })
)

/** Sends requests, on connections that are kept alive, until the server refuses them. Each of them has a response until then. */
const refused = (url: string) =>
  Effect.promise(() => {
    const signal = AbortSignal.timeout(10_000)
    return fetch(url, { signal }).then(
      ({ status }) => `status ${status}`,
      (error: unknown) => signal.aborted ? "no response" : String(error)
    )
  }).pipe(
    Effect.repeat({ while: result => result === "status 404" || result === "status 503" }),
    Effect.tap(result => Effect.sync(() => assert.include(result, "fetch failed")))
  )

const listening = /(http:\/\/127\.0\.0\.1:\d+)/

describe.concurrent("the programs", () => {
  for (const name of ["fastify", "express"]) {
    it.live(`${name}: results and errors are HTTP responses, and SIGTERM ends the process after the last response`, () =>
      overSandbox(
        Effect.scoped(Effect.gen(function*() {
          const program = yield* start([`withoutEffect/${name}.js`], yield* sandboxVariables)
          const url = yield* program.printed(listening)

          assert.deepInclude(yield* request(`${url}/sessions/${known.id}`), {
            status: 200,
            body: { name: known.display_name, status: known.status }
          })
          assert.include(yield* request(`${url}/sessions/${unknownId}`), { status: 404 })
          assert.include(yield* request(`${url}/sessions/1`), { status: 404 })
          yield* respondNext({ status: 429, headers: { "retry-after": "90" } })
          const limited = yield* request(`${url}/sessions/${known.id}`)
          assert.deepInclude(limited, { status: 503, body: { error: "SignalWireRateLimited" } })
          assert.strictEqual(limited.headers["retry-after"], "90")

          yield* respondNext({ delay: "500 millis" })
          const inFlight = yield* Effect.fork(request(`${url}/sessions/${known.id}`))
          yield* arrived(4)
          program.child.kill("SIGTERM")
          assert.include(yield* inFlight, { status: 200 })
          const { code } = yield* program.end
          assert.strictEqual(code, 0)
        }))
      ))

    it.live(`${name}: a caller that disconnects ends the request to SignalWire, and no retry follows`, () =>
      Effect.scoped(Effect.gen(function*() {
        const space = yield* silentSpace
        const program = yield* start([`withoutEffect/${name}.js`], space.variables)
        const url = yield* program.printed(listening)
        const caller = get(`${url}/sessions/${known.id}`)
        caller.once("error", () => {})
        yield* Effect.promise(() => space.arrived)
        caller.destroy()
        yield* Effect.promise(() => space.closed)
        // longer than the delay before a retry
        yield* Effect.sleep("1 second")
        assert.strictEqual(space.count(), 1)
        program.child.kill("SIGTERM")
        assert.deepInclude(yield* program.end, { code: 0 })
      })))
  }

  it.live("run: an example without a space runs against a sandbox of its own", () =>
    Effect.scoped(Effect.gen(function*() {
      const program = yield* start(["run.js", "application"], {})
      assert.deepStrictEqual(yield* program.end, { code: 0, output: "Design review is completed\n" })
    })))

  it.live("without a token, an application ends before it listens", () =>
    Effect.scoped(Effect.gen(function*() {
      const program = yield* start(["withoutEffect/fastify.js"], { SIGNALWIRE_SPACE: "acme" })
      const { code, output } = yield* program.end
      assert.strictEqual(code, 1)
      assert.include(output, "SIGNALWIRE_API_TOKEN")
      assert.notMatch(output, listening)
    })))

  it.live("lambda: invocations share the runtime, the deadline is the rest of the invocation, and SIGTERM ends the process", () =>
    overSandbox(
      Effect.scoped(Effect.gen(function*() {
        yield* respondNext(200, { delay: "1 hour" })
        const invocations = `
          const { handler } = await import("./withoutEffect/lambda.js")
          const invoke = (id, millis) => handler({ pathParameters: { id } }, { getRemainingTimeInMillis: () => millis })
          console.log(JSON.stringify([await invoke("${known.id}", 30_000), await invoke("${known.id}", 700)]))
          setInterval(() => {}, 1000)`
        const program = yield* start(["--input-type=module", "--eval", invocations], yield* sandboxVariables)
        const responses: ReadonlyArray<unknown> = JSON.parse(yield* program.printed(/^(\[.*\])$/m))
        const headers = { "content-type": "application/json" }
        assert.deepStrictEqual(responses, [
          { statusCode: 200, headers, body: JSON.stringify({ name: known.display_name, status: known.status }) },
          { statusCode: 504, headers, body: "{\"error\":\"SignalWireRequestTimeout\"}" }
        ])
        program.child.kill("SIGTERM")
        assert.strictEqual((yield* program.end).code, 0)
      }))
    ))

  it.live("httpService: serves sessions of its own, and SIGTERM ends it after the request in flight, while new ones are refused or 503", () =>
    overSandbox(
      Effect.scoped(Effect.gen(function*() {
        const program = yield* start(["httpService.js"], yield* sandboxVariables)
        const url = yield* program.printed(listening)
        assert.deepInclude(yield* request(`${url}/meetings/${known.id}`), {
          status: 200,
          body: { name: known.name, status: known.status }
        })
        yield* respondNext({ status: 429, headers: { "retry-after": "90" } })
        assert.include(yield* request(`${url}/sessions/${known.id}`), { status: 429 })

        yield* respondNext({ delay: "2 seconds" })
        const inFlight = yield* Effect.fork(
          Effect.promise(() => fetch(`${url}/meetings/${known.id}`).then(({ status }) => status))
        )
        yield* arrived(3)
        program.child.kill("SIGTERM")
        yield* refused(url)
        const status = yield* inFlight
        assert.strictEqual(status, 200)
        assert.strictEqual((yield* program.end).code, 0)
      }))
    ))

  it.live("routerService: serves sessions of its own, and SIGTERM ends it after the request in flight, while new ones are refused or 503", () =>
    overSandbox(
      Effect.scoped(Effect.gen(function*() {
        const program = yield* start(["routerService.js"], yield* sandboxVariables)
        const url = yield* program.printed(listening)
        yield* respondNext({ delay: "2 seconds" })
        const inFlight = yield* Effect.fork(request(`${url}/meetings/${known.id}`))
        yield* arrived(1)
        program.child.kill("SIGTERM")
        yield* refused(url)
        assert.deepInclude(yield* inFlight, { status: 200, body: { name: known.name, status: known.status } })
        assert.strictEqual((yield* program.end).code, 0)
      }))
    ))

  it.live("finishCurrent: SIGINT ends the program after the call in progress", () =>
    overSandbox(
      Effect.scoped(Effect.gen(function*() {
        yield* respondNext({ delay: "500 millis" })
        const program = yield* start(["finishCurrent.js"], yield* sandboxVariables)
        yield* arrived(1)
        program.child.kill("SIGINT")
        assert.strictEqual((yield* program.end).output, `${known.status}\n`)
        assert.lengthOf(yield* Effect.flatMap(SandboxSpace.SandboxSpace, ({ requests }) => requests), 1)
      }))
    ))

  it.live("finishCurrent: a call without a response ends the program at its deadline", () =>
    overSandbox(
      Effect.scoped(Effect.gen(function*() {
        yield* respondNext({ delay: "1 hour" })
        const program = yield* start(["finishCurrent.js"], yield* sandboxVariables)
        yield* arrived(1)
        program.child.kill("SIGINT")
        const [elapsed, { output }] = yield* Effect.timed(program.end)
        assert.strictEqual(output, "")
        // the time limit of the test is the upper bound, since the process has the CPU time of a busy machine
        assert.isAbove(Duration.toSeconds(elapsed), 3)
      }))
    ))

  const folder = mkdtempSync(join(tmpdir(), "examples-"))
  const file = join(folder, "sessions.csv")

  it.live("exportCsv: writes each session with its cost, and a name that is a formula as text", () =>
    overSandbox(
      Effect.scoped(Effect.gen(function*() {
        const program = yield* start(["exportCsv.js", file], yield* sandboxVariables)
        assert.deepInclude(yield* program.end, { code: 0 })
        assert.strictEqual(
          readFileSync(file, "utf8"),
          [
            "id,name,seconds,dollars",
            `${RoomSessionFixture.id(1)},"the ""retro"", part 1",2700,0`,
            `${RoomSessionFixture.id(2)},"'=HYPERLINK(""https://example.com"",""open"")",,0`,
            ""
          ].join("\r\n")
        )
        assert.deepStrictEqual(readdirSync(folder), ["sessions.csv"])

        yield* respondNext(401)
        const failing = yield* start(["exportCsv.js", join(folder, "none.csv")], yield* sandboxVariables)
        assert.strictEqual((yield* failing.end).code, 1)
        assert.deepStrictEqual(readdirSync(folder), ["sessions.csv"])
      })).pipe(Effect.ensuring(Effect.sync(() => rmSync(folder, { recursive: true })))),
      SandboxSpace.layerTestWith({
        sessions: [
          RoomSessionFixture.completed({ display_name: "the \"retro\", part 1", duration: "45 minutes" }),
          RoomSessionFixture.completed({
            id: RoomSessionFixture.id(2),
            display_name: "=HYPERLINK(\"https://example.com\",\"open\")",
            duration: null
          })
        ]
      })
    ))
})
