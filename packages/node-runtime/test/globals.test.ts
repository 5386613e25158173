import { afterAll, assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { bundle } from "./faults/harness/program.ts"
import * as rawServer from "./faults/harness/rawServer.ts"
import { respond } from "./faults/harness/scripts.ts"
import { session, sessionId } from "./faults/harness/session.ts"

const program = bundle("globalsProgram")
afterAll(program.remove)

it.scopedLive("a process that gets a session has no new global and no new listener, and its fetch sends bodies as before", () =>
  Effect.gen(function*() {
    const { baseUrl } = yield* rawServer.make([
      respond(200, session(), { "content-type": "application/json" }),
      respond(200, "")
    ])
    const env = { ...process.env, NODE_OPTIONS: "" }
    const { stdout } = yield* Effect.promise(() =>
      promisify(execFile)(process.execPath, [program.file, baseUrl, sessionId], { env })
    )
    assert.deepStrictEqual(JSON.parse(stdout), { status: "completed", added: [], ofFetch: 200 })
  }))
