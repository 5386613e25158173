import { SandboxSpace } from "@effect-signalwire/sandbox"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
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

const send = ({ headers: { range } }: IncomingMessage, response: ServerResponse, etag = "\"a\"") => {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0)
  response.writeHead(start === 0 ? 200 : 206, {
    etag,
    "content-length": content.length - start,
    ...(start === 0 ? {} : { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` })
  })
  response.end(content.subarray(start))
}

/** Runs the command for a recording with a link. */
const run = (uri: string | null, path: string, ...args: ReadonlyArray<string>) => runOf(0, uri, path, ...args)

/** Runs the command for one of the recordings. */
const runOf = (index: number, uri: string | null, path: string, ...args: ReadonlyArray<string>) =>
  runOfSize(content.length, index, uri, path, ...args)

/** Runs the command for one of the recordings, with a size. */
const runOfSize = (
  size: number | null,
  index: number,
  uri: string | null,
  path: string,
  ...args: ReadonlyArray<string>
) =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const recording = sandbox.recordings[index]
    assert(recording !== undefined)
    const body = JSON.stringify({ ...recording.toJSON(), uri, size_in_bytes: size })
    yield* sandbox.respondNext({ body })
    return yield* roomSession(["download", recording.id, "--out", path, ...args], environmentOf(sandbox))
  })

/** The names of the files that a download to a path has written. */
const filesOf = (path: string): ReadonlyArray<string> =>
  readdirSync(folder).filter(name => name.startsWith(basename(path, "mp4")))

const inSpace = <E>(
  name: string,
  test: Effect.Effect<void, E, SandboxSpace.SandboxSpace | Scope.Scope>,
  timeout?: number
) => it.live(name, () => test.pipe(Effect.scoped, Effect.provide(SandboxSpace.layerTest)), timeout)

describe("room-session download", () => {
  inSpace(
    "the file of a recording is written, and nothing else",
    Effect.gen(function*() {
      const { url } = yield* host((request, response) => send(request, response))
      const path = newPath()
      const { code, stderr, stdout } = yield* run(url, path)
      assert.match(stderr, /^Downloaded 100\.0 kB to [^\n]+, in \d+(?: ms|s)\.\n$/)
      assert.deepStrictEqual({ code, stdout }, { code: 0, stdout: "" })
      assert.isTrue(readFileSync(path).equals(content))
      assert.isFalse(existsSync(`${path}.part`))
      assert.deepStrictEqual(yield* run(url, newPath(), "--quiet"), { code: 0, stdout: "", stderr: "" })
    })
  )

  it.live("the authority of SIGNALWIRE_REST_CA_FILE in the file of --env is trusted for the file of a recording too", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const recording = sandbox.recordings.find(({ uri }) => uri !== null)
      assert(recording !== undefined)
      const [path, authority, variables] = [newPath(), join(folder, "authority.pem"), join(folder, "tls.env")]
      writeFileSync(authority, sandbox.ca ?? "")
      writeFileSync(variables, `SIGNALWIRE_REST_CA_FILE=${authority}\n`)
      const args = ["download", recording.id, "--out", path, "--quiet", "--env", variables]
      assert.deepStrictEqual(yield* roomSession(args, environmentOf(sandbox)), { code: 0, stdout: "", stderr: "" })
      assert.lengthOf(readFileSync(path), recording.size_in_bytes ?? 0)
    }).pipe(Effect.provide(SandboxSpace.layerTestWith({ tls: true }))))

  inSpace(
    "a download that was interrupted continues with the rest of the same file",
    Effect.gen(function*() {
      const [sent, path] = [{ broken: true, etag: "\"a\"" }, newPath()]
      const requests: Array<readonly [range: string | undefined, ifRange: string | string[] | undefined]> = []
      const { url } = yield* host((request, response) => {
        const { "if-range": ifRange, range } = request.headers
        requests.push([range, ifRange])
        if (!sent.broken) return send(request, response, sent.etag)
        if (range !== undefined) return void response.destroy()
        response.writeHead(200, { etag: "\"a\"", "content-length": content.length })
        response.write(content.subarray(0, 40_000), () => response.destroy())
      })
      const broken = yield* run(url, path)
      assert.match(broken.stderr, /Run the same command again: it continues where it ended\.\n$/)
      assert.strictEqual(broken.code, 7)
      const part = readFileSync(`${path}.part`)
      assert.isAbove(part.length, 0)

      sent.broken = false
      const other = yield* runOf(1, url, path)
      assert.match(other.stderr, /\.part is a part of the recording [^\n]+\.\nRemove or rename /)
      assert.strictEqual(other.code, 2)
      sent.etag = "\"b\""
      const changed = yield* run(url, path)
      assert.match(changed.stderr, /or another file[^\n]*\.\nRemove [^\n]+\.part, and download it again\.\n$/)
      assert.strictEqual(changed.code, 9)
      assert.isTrue(readFileSync(`${path}.part`).equals(part))

      sent.etag = "\"a\""
      requests.length = 0
      assert.strictEqual((yield* run(url, path)).code, 0)
      assert.deepStrictEqual(requests, [[`bytes=${part.length}-`, "\"a\""]])
      assert.isTrue(readFileSync(path).equals(content))
      assert.deepStrictEqual(filesOf(path), [basename(path)])
    })
  )

  inSpace(
    "a part that is not known to be of the recording, or larger than it, is not continued",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const { url } = yield* host((request, response) => send(request, response))
      const path = newPath()
      writeFileSync(`${path}.part`, content.subarray(0, 40_000))
      const unknown = yield* run(url, path)
      assert.match(
        unknown.stderr,
        /it is not known what [^\n]+ is a part of\.\nRemove or rename [^\n]+\.part, or pass /
      )
      assert.strictEqual(unknown.code, 2)

      writeFileSync(`${path}.part`, Buffer.concat([content, content]))
      writeFileSync(`${path}.part.json`, JSON.stringify({ recording: sandbox.recordings[0]?.id }))
      const larger = yield* run(url, path)
      assert.match(larger.stderr, /\.part is larger than the recording\.\nRemove or rename /)
      assert.strictEqual(larger.code, 2)
      assert.strictEqual(readFileSync(`${path}.part`).length, 2 * content.length)
    })
  )

  inSpace(
    "a part of a file that has neither an etag nor a size is not continued",
    Effect.gen(function*() {
      const path = newPath()
      let calls = 0
      const { url } = yield* host(({ headers: { range } }, response) => {
        calls++
        if (range === undefined) {
          response.writeHead(200)
          response.write(content.subarray(0, 40_000), () => response.destroy())
        } else {
          const start = Number(/\d+/.exec(range)?.[0])
          response.writeHead(206, { "content-range": `bytes ${start}-${content.length - 1}/*` })
          response.end(Buffer.alloc(content.length - start))
        }
      })
      for (const requests of [2, 3]) {
        const { code, stderr } = yield* runOfSize(null, 0, url, path)
        assert.match(stderr, /no etag, date or size tells [^\n]+\.\nRemove [^\n]+\.part, and download it again\.\n$/)
        assert.deepStrictEqual([code, calls], [9, requests])
      }
      const part = readFileSync(`${path}.part`)
      assert.isTrue(part.equals(content.subarray(0, part.length)))
    })
  )

  inSpace(
    "a host that is busy for longer than the command waits is an error that can be retried, with the code of its status",
    Effect.gen(function*() {
      for (const [status, expected] of [[408, 8], [429, 6], [503, 8]] as const) {
        const { url } = yield* host((_, response) => void response.writeHead(status, { "retry-after": "3600" }).end())
        const { code, stderr } = yield* run(url, newPath(), "--json")
        assert.deepInclude(JSON.parse(stderr), { status, retryable: true })
        assert.strictEqual(code, expected)
      }
    })
  )

  inSpace(
    "a page in place of the file, or a file of another size than the recording, is an error that leaves no file",
    Effect.gen(function*() {
      for (
        const [headers, body, message] of [
          [{ "content-type": "text/html" }, "<html>Log in</html>", /sent a page or a document of JSON in place of /],
          [{ "content-length": "10" }, "0123456789", /does not have the size of the recording/]
        ] as const
      ) {
        const { url } = yield* host((_, response) => void response.writeHead(200, headers).end(body))
        const path = newPath()
        const { code, stderr } = yield* run(url, path)
        assert.match(stderr, message)
        assert.strictEqual(code, 9)
        assert.deepStrictEqual(filesOf(path), [])
      }
    })
  )

  inSpace(
    "a host without TLS behind an https link is an error of the network, which is not retried",
    Effect.gen(function*() {
      const { url } = yield* host((request, response) => send(request, response))
      const { code, stderr } = yield* run(url.replace("http:", "https:"), newPath())
      assert.match(stderr, /\(ERR_SSL_[A-Z_]+\)\.\nCheck the network, the proxy and the certificates\.\n$/)
      assert.strictEqual(code, 7)
    })
  )

  inSpace(
    "of two downloads to one file, the second one fails while the first one runs",
    Effect.gen(function*() {
      const path = newPath()
      let [second, calls] = ["", 0]
      const { url } = yield* host((request, response) => {
        calls++
        response.writeHead(200, { etag: "\"a\"", "content-length": content.length })
        response.write(content.subarray(0, 10_000))
        const timer = setInterval(() => {
          if (second === "") return
          clearInterval(timer)
          response.end(content.subarray(10_000))
        }, 20)
      })
      const isStarted = Effect.repeat(Effect.delay(Effect.sync(() => existsSync(`${path}.part`)), "20 millis"), {
        until: exists => exists
      })
      const both = yield* Effect.all([
        run(url, path),
        Effect.zipRight(isStarted, run(url, path)).pipe(
          Effect.tap(({ stderr }) => Effect.sync(() => second = stderr))
        )
      ], { concurrency: 2 })
      assert.match(second, /another command is writing to /)
      assert.deepStrictEqual([both[0].code, both[1].code, calls], [0, 1, 1])
      assert.isTrue(readFileSync(path).equals(content))
    })
  )

  inSpace(
    "--json prints the summary of a download, and its errors, as JSON",
    Effect.gen(function*() {
      const { url } = yield* host((request, response) => send(request, response))
      const path = newPath()
      const { code, stderr, stdout } = yield* run(url, path, "--json")
      assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
      assert.deepStrictEqual(JSON.parse(stdout), { file: path, size: content.length, before: 0 })
      const again = yield* run(url, path, "--json")
      assert.deepInclude(JSON.parse(again.stderr), { tag: "UsageError", message: `there is a file ${path} already.` })
      assert.strictEqual((yield* run(url, "-")).code, 2)
      assert.strictEqual((yield* run(url, "/dev/stdout")).code, 2)
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
      yield* sandbox.respondNext(
        ...links.map(uri => ({ body: JSON.stringify({ ...recording.toJSON(), uri, size_in_bytes: null }) }))
      )
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
