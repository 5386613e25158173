import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { isExcluded } from "../src/doctor/noProxy.ts"
import { exitCodes } from "../src/exitCodes.ts"
import { environmentOf, type Result, roomSession } from "./harness.ts"
import * as proxiedSpace from "./proxiedSpace.ts"

interface Check {
  readonly check: string
  readonly status: string
  readonly message: string
  readonly advice: ReadonlyArray<string>
}

const checksOf = ({ stdout }: Result): ReadonlyArray<Check> =>
  stdout.trimEnd().split("\n").map(line => JSON.parse(line))

const statusesOf = (ran: Result) => Object.fromEntries(checksOf(ran).map(({ check, status }) => [check, status]))

const last = (ran: Result): Check | undefined => checksOf(ran).at(-1)

const doctor = (env: Readonly<Record<string, string>>, ...args: ReadonlyArray<string>) =>
  roomSession(["doctor", "--json", ...args], env)

/** The port of a proxy that responds to each CONNECT with a status. */
const rejectingProxy = (status: number) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.async<Server>(resume => {
        const server = createServer()
          .on("connect", (_, socket) => socket.end(`HTTP/1.1 ${status} Rejected\r\ncontent-length: 0\r\n\r\n`))
          .listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      server => Effect.sync(() => server.close())
    ),
    server => {
      const address = server.address()
      return address !== null && typeof address === "object" ? address.port : 0
    }
  )

describe("room-session doctor", () => {
  it.live("all checks succeed against a sandbox, and each says what was found", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const ran = yield* roomSession(["doctor"], environmentOf(sandbox))
      assert.deepStrictEqual({ code: ran.code, stderr: ran.stderr }, { code: 0, stderr: "" })
      for (const name of ["Configuration", "Proxy", "DNS", "TLS", "Clock", "Credentials"]) {
        assert.match(ran.stdout, new RegExp(`^✓ ${name}\\n {4}[A-Z1]`, "m"))
      }
      assert.include(ran.stdout, `SIGNALWIRE_REST_BASE_URL: ${sandbox.url} (from the environment)`)
      assert.include(ran.stdout, "SIGNALWIRE_API_TOKEN: set, not shown (from the environment)")
      assert.notInclude(ran.stdout, "sandbox-token")
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live("an incomplete configuration is a failed check with what to set, and nothing else is checked", () =>
    Effect.gen(function*() {
      const ran = yield* doctor({ SIGNALWIRE_TOKEN: "PTsecret" }, "--space", "acme")
      assert.deepStrictEqual(statusesOf(ran), { configuration: "failed" })
      const { advice = [], message = "" } = last(ran) ?? {}
      assert.include(message, "SIGNALWIRE_SPACE: acme (from --space)")
      assert.match(advice.join("\n"), /^SIGNALWIRE_PROJECT_ID is not set[^]+SIGNALWIRE_TOKEN is set instead/)
      assert.notInclude(ran.stdout, "PTsecret")
      assert.strictEqual(ran.code, exitCodes.configuration)
    }))

  it.live.skipIf(!existsSync("/usr/bin/mkfifo"))(
    "certificates and a decoding that cannot be used are failed checks of the configuration, with the reason",
    () =>
      Effect.gen(function*() {
        const env = environmentOf(yield* SandboxSpace.SandboxSpace)
        const folder = mkdtempSync(join(tmpdir(), "room-session-doctor-"))
        yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
        const [missing, pipe, text] = [join(folder, "missing.pem"), join(folder, "pipe"), join(folder, "text.pem")]
        execFileSync("/usr/bin/mkfifo", [pipe])
        writeFileSync(text, "no certificate\n")
        for (
          const [name, value, advice] of [
            ["SIGNALWIRE_REST_CA_FILE", missing, /certificates in PEM, but there is no such file \(ENOENT\)/],
            ["SIGNALWIRE_REST_CA_FILE", text, /certificates in PEM, but it has other contents/],
            ["SIGNALWIRE_REST_CA_FILE", pipe, /certificates in PEM, but it is not a regular file/],
            ["SIGNALWIRE_DECODING", "bogus", /strict.*lenient/]
          ] as const
        ) {
          const ran = yield* doctor({ ...env, [name]: value })
          assert.deepStrictEqual(statusesOf(ran), { configuration: "failed" })
          const [first = ""] = last(ran)?.advice ?? []
          assert.match(first, advice)
          assert.match(first, new RegExp(`^${name} cannot be used`))
          assert.strictEqual(ran.code, exitCodes.configuration)
        }
      }).pipe(Effect.scoped, Effect.provide(SandboxSpace.layerTestWith({ tls: true })))
  )

  it.live("a wrong token is a failed check with the causes, and where a sandbox has its token", () =>
    Effect.gen(function*() {
      const env = environmentOf(yield* SandboxSpace.SandboxSpace)
      const ran = yield* doctor({ ...env, SIGNALWIRE_API_TOKEN: "PTwrong" })
      assert.deepInclude(last(ran), { check: "credentials", status: "failed" })
      assert.match(last(ran)?.message ?? "", /not authorized \(status 401\): .*Video scope/)
      assert.match(last(ran)?.advice.join("\n") ?? "", /\nA sandbox prints its project id and its token/)
      assert.notInclude(ran.stdout, "dashboard")
      assert.strictEqual(ran.code, exitCodes.unauthorized)
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live("a wrong token of a space is a failed check, and where its dashboard has the tokens", () =>
    Effect.gen(function*() {
      const { env, proxy } = yield* proxiedSpace.make(SandboxSpace.seeds[0], 401)
      const ran = yield* doctor({ ...env, HTTPS_PROXY: proxy })
      assert.match(last(ran)?.advice.join("\n") ?? "", /\nIn the dashboard of the space, the API page lists/)
      assert.notInclude(ran.stdout, "sandbox")
      assert.strictEqual(ran.code, exitCodes.unauthorized)
    }).pipe(Effect.scoped))

  it.live("a name that cannot be resolved, and a port on which nothing listens, are failed checks", () =>
    Effect.gen(function*() {
      const env = { SIGNALWIRE_PROJECT_ID: "p", SIGNALWIRE_API_TOKEN: "t" }
      const unresolved = yield* doctor({ ...env, SIGNALWIRE_REST_BASE_URL: "https://acme.invalid" })
      assert.deepStrictEqual(statusesOf(unresolved), { configuration: "ok", proxy: "ok", dns: "failed" })
      assert.strictEqual(unresolved.code, exitCodes.network)
      const refused = yield* doctor({ ...env, SIGNALWIRE_SPACE: "127.0.0.1:1" })
      assert.deepInclude(last(refused), { check: "connection", status: "failed" })
      assert.include(last(refused)?.message, "ECONNREFUSED")
      assert.strictEqual(refused.code, exitCodes.network)
    }))

  it.live("a clock that is wrong is a warning, and the exit code is 0", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* sandbox.respondNext({ status: 401, headers: { date: new Date(Date.now() + 600_000).toUTCString() } })
      const ran = yield* doctor(environmentOf(sandbox))
      const clock = checksOf(ran).find(({ check }) => check === "clock")
      assert.match(
        clock?.message ?? "",
        /^This machine is (?:10 minutes|9 minutes 59 seconds|10 minutes 1 second) behind the space\.$/
      )
      assert.strictEqual(clock?.status, "warning")
      assert.strictEqual(ran.code, 0)
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live("a space behind a proxy is checked through it, and neither its user nor its password is printed", () =>
    Effect.gen(function*() {
      const [session] = SandboxSpace.seeds
      const { env, password, proxy, tunnels, wrongProxy } = yield* proxiedSpace.make(session)
      const ran = yield* doctor({ ...env, HTTPS_PROXY: proxy })
      assert.deepInclude(statusesOf(ran), { configuration: "ok", proxy: "ok", dns: "ok", tls: "ok" })
      assert.match(checksOf(ran).find(({ check }) => check === "tls")?.message ?? "", /^TLSv1\.[23]; .* valid until /)
      assert.include(tunnels, "acme.invalid:443")
      const untrusting = yield* doctor({ ...env, HTTPS_PROXY: proxy, SIGNALWIRE_REST_CA_FILE: "" })
      assert.deepInclude(last(untrusting), { check: "tls", status: "failed" })
      assert.include(last(untrusting)?.advice.join(" "), "SIGNALWIRE_REST_CA_FILE")
      const wrong = yield* doctor({ ...env, HTTPS_PROXY: wrongProxy })
      assert.deepInclude(last(wrong), { check: "connection", status: "failed" })
      assert.include(last(wrong)?.message, "status 407")
      assert.deepStrictEqual(last(wrong)?.advice, ["Check the user and the password of the proxy."])
      for (const { stdout } of [ran, untrusting, wrong]) assert.notInclude(stdout, password)
    }).pipe(Effect.scoped))

  it.live("a proxy that makes no tunnel is a failed check that names the status, and no server that does not run", () =>
    Effect.gen(function*() {
      const port = yield* rejectingProxy(403)
      const ran = yield* doctor({
        SIGNALWIRE_SPACE: "acme",
        SIGNALWIRE_PROJECT_ID: "p",
        SIGNALWIRE_API_TOKEN: "t",
        HTTPS_PROXY: `http://127.0.0.1:${port}`
      })
      assert.deepInclude(last(ran), {
        check: "connection",
        message: `No connection to 127.0.0.1:${port} and from there to acme.signalwire.com (status 403).`,
        advice: ["The proxy does not reach acme.signalwire.com, or does not allow it: ask who operates it."]
      })
      assert.strictEqual(ran.code, exitCodes.network)
    }).pipe(Effect.scoped))

  it("NO_PROXY is read as undici reads it", () => {
    for (const value of ["*", "example.com", ".example.com", "*.com", "x.org, a.example.com", "a.example.com:443"]) {
      assert.isTrue(isExcluded(value, "a.example.com", 443), value)
    }
    for (const value of ["", "ample.com", "b.example.com", "a.example.com:8443"]) {
      assert.isFalse(isExcluded(value, "a.example.com", 443), value)
    }
  })
})
