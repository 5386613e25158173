import { afterAll, assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { bundle } from "./faults/harness/program.ts"
import * as proxyServer from "./faults/harness/proxyServer.ts"
import * as rawServer from "./faults/harness/rawServer.ts"
import { respond } from "./faults/harness/scripts.ts"
import { session, sessionId } from "./faults/harness/session.ts"
import * as tlsServer from "./faults/harness/tlsServer.ts"

const programs = { globals: bundle("globalsProgram"), copies: bundle("copiesProgram") }
afterAll(() => {
  for (const { remove } of Object.values(programs)) remove()
})

/** Runs a program, which prints JSON. */
const run = (program: keyof typeof programs, ...args: ReadonlyArray<string>) =>
  Effect.promise(async (): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(process.execPath, [programs[program].file, ...args], {
      env: { ...process.env, NODE_OPTIONS: "" }
    })
    return JSON.parse(stdout)
  })

const json = { "content-type": "application/json" }

/** A server for the session and for the body that the program sends. */
const server = rawServer.make([respond(200, session(), json), respond(200, "")])

it.scopedLive("a process that gets a session has no new global and no new listener, and its fetch sends bodies as before", () =>
  Effect.gen(function*() {
    const { baseUrl } = yield* server
    const seen = yield* run("globals", baseUrl, sessionId, "NodeSignalWire")
    assert.deepStrictEqual(seen, { status: "completed", added: [], ofFetch: 200 })
  }))

it.scopedLive("a process that has not loaded undici's entry gets a session through a proxy", () =>
  Effect.gen(function*() {
    const { baseUrl, ca } = yield* tlsServer.withAuthority([respond(200, session(), json)])
    const ofFetch = yield* rawServer.make([respond(200, "")])
    const proxy = yield* proxyServer.make()
    const seen = yield* run("globals", baseUrl, sessionId, "NodeSignalWire", proxy.url, ca, ofFetch.baseUrl)
    assert.deepStrictEqual(seen, { status: "completed", added: [], ofFetch: 200 })
    assert.lengthOf(proxy.requests, 1)
  }))

it.scopedLive("the fetch of a process that gets a session over UndiciHttpClient, which loads undici's entry, sends bodies as before", () =>
  Effect.gen(function*() {
    const { baseUrl } = yield* server
    assert.deepInclude(yield* run("globals", baseUrl, sessionId, "UndiciHttpClient"), {
      status: "completed",
      ofFetch: 200
    })
  }))

it.scopedLive("a copy of Effect that is loaded before that of the library adds no spans to a call", () =>
  Effect.gen(function*() {
    const { baseUrl } = yield* rawServer.make([respond(200, session(), { "content-type": "application/json" })])
    const packageFile = fileURLToPath(new URL("../package.json", import.meta.url))
    const seen = yield* run("copies", baseUrl, sessionId, packageFile)
    assert.deepStrictEqual(seen, { status: "completed", spans: 0, copies: true })
  }))
