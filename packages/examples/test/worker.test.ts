import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { build } from "esbuild"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import worker from "../src/worker/worker.ts"
import { chromium, documentOf, serveWorker, workerd } from "./support/launch.ts"
import { sandboxVariables } from "./support/programs.ts"

const sandbox = Layer.orDie(SandboxSpace.layerTestWith({
  sessions: [
    RoomSessionFixture.completed({ display_name: "Retro" }),
    RoomSessionFixture.inProgress({
      id: RoomSessionFixture.id(2),
      display_name: "<img src=x onerror=document.title='run'>",
      start_time: "2026-11-26T08:00:00Z"
    })
  ]
}))

const listed = [{
  name: "<img src=x onerror=document.title='run'>",
  startedAt: "2026-11-26T08:00:00.000Z"
}]

const fetched = (url: string, init?: RequestInit) => (env: Parameters<typeof worker.fetch>[1]) =>
  Effect.promise(() => worker.fetch(new Request(url, init), env))

/** The requests that the sandbox has received, without their times. */
const received = Effect.flatMap(
  SandboxSpace.SandboxSpace,
  space => Effect.map(space.requests, requests => requests.map(({ method, status }) => [method, status]))
)

it.live("the worker lists the sessions in progress, and many requests in two seconds are one request to the space", () =>
  Effect.gen(function*() {
    const env = yield* sandboxVariables
    for (const _ of [1, 2, 3]) {
      const response = yield* fetched("http://localhost/sessions")(env)
      assert.strictEqual(response.status, 200)
      assert.deepStrictEqual(yield* Effect.promise(() => response.json()), listed)
    }
    assert.deepStrictEqual(yield* received, [["GET", 200]])
  }).pipe(Effect.provide(Layer.fresh(sandbox))))

/** Pages that ask at the same time. */
const concurrently = (count: number, url: string) => (env: Parameters<typeof worker.fetch>[1]) =>
  Effect.all(Array.from({ length: count }, () => fetched(url)(env)), { concurrency: "unbounded" })

it.live("200 pages that ask at the same time are one request to the space, and all have the list", () =>
  Effect.gen(function*() {
    const responses = yield* concurrently(200, "http://localhost/sessions")(yield* sandboxVariables)
    const lists = yield* Effect.promise(() => Promise.all(responses.map(response => response.json())))
    assert.deepStrictEqual(lists, lists.map(() => listed))
    assert.deepStrictEqual(yield* received, [["GET", 200]])
  }).pipe(Effect.provide(Layer.fresh(sandbox))))

it.live("pages that ask at the same time share an error", () =>
  Effect.gen(function*() {
    const env = { ...yield* sandboxVariables, SIGNALWIRE_API_TOKEN: "wrong-token" }
    const responses = yield* concurrently(20, "http://localhost/sessions")(env)
    assert.deepStrictEqual(responses.map(({ status }) => status), responses.map(() => 503))
    assert.deepStrictEqual(yield* received, [["GET", 401]])
  }).pipe(Effect.provide(Layer.fresh(sandbox))))

it.live("a page that is closed does not end the request that others wait for", () =>
  Effect.gen(function*() {
    const env = yield* sandboxVariables
    const page = new AbortController()
    const closed = worker.fetch(new Request("http://localhost/sessions", { signal: page.signal }), env)
    const waiting = worker.fetch(new Request("http://localhost/sessions"), env)
    page.abort()
    const [first, second] = yield* Effect.promise(() => Promise.allSettled([closed, waiting.then(_ => _.json())]))
    assert.strictEqual(first.status, "rejected")
    assert.deepStrictEqual(second, { status: "fulfilled", value: listed })
    assert.deepStrictEqual(yield* received, [["GET", 200]])
  }).pipe(Effect.provide(Layer.fresh(sandbox))))

it.live("the worker says of an error only that the sessions are unavailable", () =>
  Effect.gen(function*() {
    const env = { ...yield* sandboxVariables, SIGNALWIRE_API_TOKEN: "wrong-token" }
    const response = yield* fetched("http://localhost/sessions")(env)
    assert.strictEqual(response.status, 503)
    assert.strictEqual(yield* Effect.promise(() => response.text()), "Unavailable")
  }).pipe(Effect.provide(Layer.fresh(sandbox))))

it.live("the worker passes no other path or method on to the space", () =>
  Effect.gen(function*() {
    const env = yield* sandboxVariables
    const statuses = yield* Effect.forEach([
      fetched("http://localhost/api/video/room_sessions"),
      fetched(`http://localhost/sessions/${RoomSessionFixture.id(2)}`),
      fetched("http://localhost/sessions", { method: "POST" })
    ], get => Effect.map(get(env), ({ status }) => status))
    assert.deepStrictEqual(statuses, [404, 404, 405])
    assert.deepStrictEqual(yield* received, [])
  }).pipe(Effect.provide(Layer.fresh(sandbox))))

/** The worker in one file, as it is deployed. */
const bundled = Effect.gen(function*() {
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "worker-"))),
    created => Effect.promise(() => rm(created, { recursive: true, force: true }))
  )
  const outfile = join(folder, "worker.mjs")
  yield* Effect.promise(() =>
    build({
      entryPoints: [fileURLToPath(new URL("../src/worker/worker.ts", import.meta.url))],
      outfile,
      bundle: true,
      format: "esm",
      target: "es2022",
      platform: "neutral",
      mainFields: ["module", "main"],
      conditions: ["@effect-signalwire/source", "import"],
      logLevel: "error"
    })
  )
  return outfile
})

/** The worker behind a server of Node. */
const servedByNode = (env: Parameters<typeof worker.fetch>[1]) =>
  Effect.acquireRelease(
    Effect.promise(() =>
      new Promise<ReturnType<typeof createServer>>(resolve => {
        const server = createServer(async (request, response) => {
          const { body, headers, status } = await worker.fetch(new Request(`http://localhost${request.url}`), env).then(
            async found => ({
              status: found.status,
              headers: Object.fromEntries(found.headers),
              body: await found.text()
            })
          )
          response.writeHead(status, headers).end(body)
        })
        server.listen(0, "127.0.0.1", () => resolve(server))
      })
    ),
    server =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      })
  ).pipe(Effect.map(server => {
    const address = server.address()
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`
  }))

it.live.skipIf(workerd === undefined)(
  "on workerd, 20 pages that ask the bundled worker at the same time have the sessions in progress by one request to the space",
  () =>
    Effect.scoped(Effect.gen(function*() {
      const url = yield* serveWorker(workerd ?? "", yield* bundled, yield* sandboxVariables)
      const lists = yield* Effect.promise(() =>
        Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/sessions`).then(response => response.json())))
      )
      assert.deepStrictEqual(lists, lists.map(() => listed))
      assert.deepStrictEqual(yield* received, [["GET", 200]])
    })).pipe(Effect.provide(Layer.fresh(sandbox)))
)

it.live.skipIf(chromium === undefined)(
  "in Chromium, the page shows the live sessions as text, and has no token",
  () =>
    Effect.scoped(Effect.gen(function*() {
      const { apiToken } = yield* SandboxSpace.SandboxSpace
      const variables = yield* sandboxVariables
      const url = workerd === undefined
        ? yield* servedByNode(variables)
        : yield* serveWorker(workerd, yield* bundled, variables)
      const document = yield* documentOf(chromium ?? "", `${url}/`)
      assert.include(document, "1 in progress")
      assert.include(
        document,
        "<li>&lt;img src=x onerror=document.title='run'&gt;, since 2026-11-26T08:00:00.000Z</li>"
      )
      assert.include(document, "<title>Live sessions</title>")
      assert.notInclude(document, Redacted.value(apiToken))
    })).pipe(Effect.provide(Layer.fresh(sandbox)))
)
