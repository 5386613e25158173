import { SandboxSpace } from "@effect-signalwire/sandbox"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { environmentOf, roomSession } from "./harness.ts"

const folder = mkdtempSync(join(tmpdir(), "room-session-download-"))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const newPath = (): string => join(folder, `${++files}.mp4`)

const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251))

/** A host of files on this machine. */
const host = (handle: (request: IncomingMessage, response: ServerResponse) => void) =>
  Effect.acquireRelease(
    Effect.async<{ readonly url: string; readonly close: () => void }>(resume => {
      const server = createServer(handle).listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = address !== null && typeof address === "object" ? address.port : 0
        resume(Effect.succeed({
          url: `http://127.0.0.1:${port}`,
          close: () => {
            server.close()
            server.closeAllConnections()
          }
        }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )

const send = ({ headers: { range } }: IncomingMessage, response: ServerResponse) => {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0)
  response.writeHead(start === 0 ? 200 : 206, {
    etag: "\"a\"",
    "content-length": content.length - start,
    ...(start === 0 ? {} : { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` })
  })
  response.end(content.subarray(start))
}

/** Runs the command for a recording with a link. */
const run = (uri: string | null, path: string, ...args: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const [recording] = sandbox.recordings
    assert(recording !== undefined)
    const body = JSON.stringify({ ...recording.toJSON(), uri, size_in_bytes: content.length })
    yield* sandbox.respondNext({ body })
    return yield* roomSession(["download", recording.id, "--out", path, ...args], environmentOf(sandbox))
  })

const inSpace = <E>(name: string, test: Effect.Effect<void, E, SandboxSpace.SandboxSpace | Scope.Scope>) =>
  it.live(name, () => test.pipe(Effect.scoped, Effect.provide(SandboxSpace.layerTest)))

describe("room-session download", () => {
  inSpace(
    "the file of a recording is written, and nothing else",
    Effect.gen(function*() {
      const { url } = yield* host(send)
      const path = newPath()
      const { code, stderr, stdout } = yield* run(url, path)
      assert.match(stderr, /^Downloaded 100\.0 kB to [^\n]+, in \d+(?: ms|s)\.\n$/)
      assert.deepStrictEqual({ code, stdout }, { code: 0, stdout: "" })
      assert.isTrue(readFileSync(path).equals(content))
      assert.isFalse(existsSync(`${path}.part`))
      assert.deepStrictEqual(yield* run(url, newPath(), "--quiet"), { code: 0, stdout: "", stderr: "" })
    })
  )

  inSpace(
    "a download that was interrupted continues with the rest of the file",
    Effect.gen(function*() {
      const ranges: Array<string | undefined> = []
      const { url } = yield* host((request, response) => {
        ranges.push(request.headers.range)
        send(request, response)
      })
      const path = newPath()
      writeFileSync(`${path}.part`, content.subarray(0, 40_000))
      assert.strictEqual((yield* run(url, path)).code, 0)
      assert.deepStrictEqual(ranges, ["bytes=40000-"])
      assert.isTrue(readFileSync(path).equals(content))
    })
  )

  inSpace(
    "a link that expired is replaced by a new one",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const { url } = yield* host((request, response) =>
        request.url === "/new" ? send(request, response) : void response.writeHead(403).end()
      )
      const path = newPath()
      const [recording] = sandbox.recordings
      assert(recording !== undefined)
      const links = [`${url}/old`, `${url}/new`]
      yield* sandbox.respondNext(...links.map(uri => ({ body: JSON.stringify({ ...recording.toJSON(), uri }) })))
      const args = ["download", recording.id, "--out", path]
      assert.strictEqual((yield* roomSession(args, environmentOf(sandbox))).code, 0)
      assert.isTrue(readFileSync(path).equals(content))
    })
  )

  inSpace(
    "a recording without a file, a file that exists and a link that never works are errors that say so",
    Effect.gen(function*() {
      const none = yield* run(null, newPath())
      assert.match(none.stderr, /^room-session: the recording cannot be downloaded: the recording has no file yet\.\n/)
      assert.strictEqual(none.code, 1)

      const path = newPath()
      writeFileSync(path, "mine")
      const existing = yield* run("http://127.0.0.1:1", path)
      assert.strictEqual(existing.code, 2)
      assert.strictEqual(readFileSync(path, "utf8"), "mine")

      const { url } = yield* host((_, response) => void response.writeHead(410).end())
      const gonePath = newPath()
      const gone = yield* run(`${url}/secret`, gonePath)
      assert.isFalse(existsSync(`${gonePath}.part`))
      assert.match(gone.stderr, /status 410/)
      assert.notInclude(gone.stderr, "secret")
      assert.strictEqual(gone.code, 9)
    })
  )
})
