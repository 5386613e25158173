import { assert, describe } from "@effect/vitest"
import { ConfigProvider, Effect, Exit, Layer, Redacted } from "effect"
import * as tls from "node:tls"
import * as certificates from "./harness/certificates.ts"
import { assertSilent, failureOf } from "./harness/invariant.ts"
import { once } from "./harness/once.ts"
import * as proxyServer from "./harness/proxyServer.ts"
import * as rawServer from "./harness/rawServer.ts"
import { assertOutcome, call, clientOf, type Expected, row, type Target } from "./harness/row.ts"
import { fin, head, json, ok, reset, send, sequence, stall } from "./harness/scripts.ts"
import { nasty } from "./harness/secrets.ts"
import { attemptMillis, timed } from "./harness/transports.ts"

const overTls = (
  certificate: certificates.Certificate,
  scripts: rawServer.Scripts,
  options: tls.TlsOptions = {}
) =>
  Effect.map(
    rawServer.make(scripts, {
      create: () => tls.createServer({ ...certificate, ...options }).on("tlsClientError", () => {}),
      connectionEvent: "secureConnection"
    }),
    server => ({ ...server, baseUrl: `https://127.0.0.1:${server.port}` })
  )

/** The promise of a call through a proxy that does not do its work. */
const throughProxy = (proxy: Target & { readonly url: string }, expected: Expected, where: string) =>
  Effect.gen(function*() {
    const target = yield* rawServer.make([ok])
    const outcome = yield* call("undici", { ...proxy, baseUrl: target.baseUrl }, {
      settings: { proxy: proxy.url },
      ...(expected.scale === undefined ? {} : { scale: expected.scale })
    })
    assertOutcome(outcome, proxy.requests.length, expected, where)
    assert.strictEqual(target.connections(), 0, where)
  })

const environment = (variables: Readonly<Record<string, string>>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const before = { ...process.env }
      Object.assign(process.env, variables)
      return before
    }),
    before =>
      Effect.sync(() => {
        for (const name of Object.keys(variables)) {
          if (before[name] === undefined) delete process.env[name]
          else process.env[name] = before[name]
        }
      })
  )

describe("TLS, proxy, redirect", () => {
  row(85, transport =>
    Effect.gen(function*() {
      const authority = yield* certificates.authority
      const good = yield* certificates.make({ by: authority })
      const cases = {
        "self-signed": yield* overTls(yield* certificates.make(), [ok]),
        expired: yield* overTls(yield* certificates.make({ by: authority, expired: true }), [ok]),
        "for another host": yield* overTls(yield* certificates.make({ by: authority, host: "example.com" }), [ok]),
        "TLS 1.1 at most": yield* overTls(good, [ok], {
          minVersion: "TLSv1",
          maxVersion: "TLSv1.1",
          ciphers: "DEFAULT@SECLEVEL=0"
        })
      }
      for (const [name, target] of Object.entries(cases)) {
        const trusted = name === "self-signed" ? {} : { settings: { ca: authority.cert } }
        const outcome = yield* call(transport, target, trusted)
        assertOutcome(outcome, target.requests.length, {
          failure: { _tag: "SignalWireTransportError", reason: "Tls", attempts: 1 },
          requests: 0
        }, `${name}, over ${transport}`)
      }
      if (transport !== "undici") return
      const target = yield* overTls(good, [ok])
      const outcome = yield* call(transport, target, { settings: { ca: authority.cert } })
      assertOutcome(
        outcome,
        target.requests.length,
        { requests: 1 },
        "a good certificate of an authority that is trusted"
      )
    }))

  row(86, transport =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([stall])
      const outcome = yield* call(transport, {
        baseUrl: `https://127.0.0.1:${target.port}`,
        requests: target.requests,
        ...(transport === "fetch" ? {} : { open: target.open })
      }, { scale: timed })
      assertOutcome(outcome, 0, { failure: { _tag: "SignalWireRequestTimeout", attempts: 3 } }, transport)
      assert.strictEqual(target.requests.length, 0)
    }))

  row(87, transport =>
    Effect.gen(function*() {
      const elsewhere = yield* rawServer.make([ok])
      const places = (origin: string) => ({
        "the same origin": `${origin}/elsewhere`,
        "a path": "/elsewhere",
        "another port": `http://127.0.0.1:${elsewhere.port}/`,
        "another host": `http://localhost:${elsewhere.port}/`,
        "without a scheme": `//127.0.0.1:${elsewhere.port}/`,
        "not a URL": "http://[",
        "a file": "file:///etc/passwd"
      })
      yield* Effect.forEach([301, 302, 303, 307, 308], status =>
        Effect.forEach(Object.keys(places("")), place =>
          Effect.gen(function*() {
            const target: rawServer.Server = yield* rawServer.make([exchange =>
              json(status, "{}", { location: new Map(Object.entries(places(target.baseUrl))).get(place) ?? "" })(
                exchange
              )])
            const outcome = yield* call(transport, target)
            assertOutcome(
              outcome,
              target.requests.length,
              { failure: { _tag: "SignalWireUnexpectedStatus", status, attempts: 1 }, requests: 1 },
              `${status} to ${place} over ${transport}`
            )
          }), { concurrency: 8, discard: true }), { discard: true })
      assert.strictEqual(elsewhere.connections(), 0)
    }))

  row(88, transport =>
    Effect.gen(function*() {
      const proxy = yield* proxyServer.make()
      yield* environment({
        HTTP_PROXY: proxy.url,
        HTTPS_PROXY: proxy.url,
        http_proxy: proxy.url,
        https_proxy: proxy.url,
        no_proxy: "",
        NO_PROXY: ""
      })
      const target = yield* rawServer.make([ok])
      const ignored = yield* call(transport, target)
      assertOutcome(ignored, target.requests.length, { requests: 1 }, transport)
      assert.lengthOf(proxy.requests, 0)
      if (transport !== "undici") return

      const asked = yield* call(transport, target, { settings: { proxy: "environment" } })
      assertOutcome(asked, target.requests.length, { requests: 2 }, "when asked for")
      assert.deepStrictEqual(proxy.requests, [`CONNECT 127.0.0.1:${target.port}`])

      yield* environment({ http_proxy: "", https_proxy: "" })
      const upperCase = yield* call(transport, target, { settings: { proxy: "environment" } })
      assertOutcome(upperCase, target.requests.length, { requests: 3 }, "when the names in lower case are empty")
      assert.lengthOf(proxy.requests, 2)

      yield* environment({ no_proxy: "127.0.0.1" })
      const excepted = yield* call(transport, target, { settings: { proxy: "environment" } })
      assertOutcome(excepted, target.requests.length, { requests: 4 }, "when excepted")
      assert.lengthOf(proxy.requests, 2)
    }), { sequential: true })

  once(
    89,
    Effect.gen(function*() {
      const refusal = { failure: { _tag: "SignalWireTransportError", reason: "Proxy", attempts: 1 }, requests: 1 }
      const html = "<html>Bad gateway</html>"
      const timeout = { scale: timed, failure: { _tag: "SignalWireRequestTimeout", attempts: 3 } }
      const brokenOff = { failure: { _tag: "SignalWireTransportError", reason: "Reset", attempts: 3 }, requests: 3 }
      const faults: Readonly<Record<string, { readonly script: rawServer.Script; readonly expected: Expected }>> = {
        "502 HTML": {
          script: send(head(502, { "content-type": "text/html", "content-length": String(html.length) }), html),
          expected: refusal
        },
        "no response to CONNECT": { script: stall, expected: { ...timeout, requests: 3 } },
        "a tunnel to nowhere": { script: sequence(send(head(200)), stall), expected: timeout },
        "reset after CONNECT": { script: reset, expected: brokenOff },
        "closed after CONNECT": { script: fin, expected: brokenOff },
        "no HTTP": {
          script: send("SSH-2.0-x\r\n\r\n"),
          expected: { failure: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 }, requests: 1 }
        }
      }
      const refusing = yield* proxyServer.make(() => false)
      yield* throughProxy({ ...refusing, baseUrl: refusing.url }, refusal, "407")
      yield* Effect.forEach(
        Object.entries(faults),
        ([name, { expected, script }]) =>
          Effect.flatMap(
            rawServer.make([script]),
            server => throughProxy({ ...server, url: server.baseUrl }, expected, name)
          ),
        { concurrency: "unbounded", discard: true }
      )
      const hung = yield* rawServer.make([stall])
      const impatient = yield* call("undici", { ...hung, baseUrl: "http://127.0.0.1:1" }, {
        settings: { proxy: hung.baseUrl },
        policy: { connectTimeout: attemptMillis, maxRetries: 0 },
        boundMillis: attemptMillis
      })
      assertOutcome(impatient, hung.requests.length, {
        failure: { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 1 },
        requests: 1
      }, "no response to CONNECT within the time for connecting")

      const wrong = [
        "http://user:secret@127.0.0.1:1",
        "socks5://127.0.0.1:1",
        "127.0.0.1:3128",
        "",
        "http://127.0.0.1:1/path",
        Redacted.make("http://u:%zz@127.0.0.1:1")
      ]
      for (const proxy of wrong) {
        const exit = yield* Effect.exit(
          Effect.scoped(Layer.build(clientOf("undici", { baseUrl: "http://127.0.0.1:1" }, { settings: { proxy } })))
        )
        assert.strictEqual(String(failureOf(exit)).includes("an HTTP proxy"), true)
        assert.notInclude(String(failureOf(exit)), "secret")
      }
      for (const address of ["http://u:secret@[", "http://secret@127.0.0.1:1"]) {
        const unusable = ConfigProvider.fromMap(new Map([["HTTPS_PROXY", address]]))
        const exit = yield* Effect.exit(
          Effect.scoped(
            Layer.build(clientOf("undici", { baseUrl: "http://127.0.0.1:1" }, { settings: { proxy: "environment" } }))
          ).pipe(Effect.withConfigProvider(unusable))
        )
        assert.isTrue(Exit.isFailure(exit))
        assert.include(String(failureOf(exit)), "HTTPS_PROXY")
        assert.notInclude(String(failureOf(exit)), "secret")
      }
    })
  )

  once(
    90,
    Effect.gen(function*() {
      const authority = yield* certificates.authority
      const target = yield* overTls(yield* certificates.make({ by: authority }), [ok])
      const user = "someone"
      const password = "p%40ss/w\u00f6rd"
      const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`
      const proxy = yield* proxyServer.make(credentials => credentials === expected)
      const address = `http://${user}:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}`
      const outcome = yield* call("undici", { ...target, open: () => target.open() + proxy.open() }, {
        settings: { proxy: Redacted.make(address), ca: authority.cert }
      })
      assertOutcome(outcome, target.requests.length, { requests: 1 }, "through the proxy")
      assert.deepStrictEqual(proxy.requests, [`CONNECT 127.0.0.1:${target.port}`])
      assert.notMatch(proxy.heads(), /^authorization$/im)
      assertSilent(nasty, new Map([["what the proxy saw", proxy.heads()]]))

      const untrusted = yield* call("undici", target, { settings: { proxy: Redacted.make(address) } })
      assertOutcome(untrusted, target.requests.length, {
        failure: { _tag: "SignalWireTransportError", reason: "Tls", attempts: 1 },
        requests: 1
      }, "a certificate that is not trusted, through the proxy")
    })
  )
})
