import { assert, describe } from "@effect/vitest"
import { ConfigProvider, Effect, Exit, Layer, Redacted } from "effect"
import { call, clientOf, type Target } from "./harness/call.ts"
import { errorOf } from "./harness/callExit.ts"
import * as certificates from "./harness/certificates.ts"
import { assertResult, type Expected } from "./harness/expected.ts"
import { eachTransport, once } from "./harness/faultTest.ts"
import { assertNoSecrets } from "./harness/invariant.ts"
import * as proxyServer from "./harness/proxyServer.ts"
import * as rawServer from "./harness/rawServer.ts"
import { fin, head, json, ok, reset, send, sequence, stall } from "./harness/scripts.ts"
import { nasty } from "./harness/secrets.ts"
import * as tlsServer from "./harness/tlsServer.ts"
import { attemptMillis, timed } from "./harness/transports.ts"

/** A call through a proxy that never connects it with its target. */
const throughProxy = (proxy: Target & { readonly url: string }, expected: Expected, where: string) =>
  Effect.gen(function*() {
    const target = yield* tlsServer.withAuthority([ok])
    const result = yield* call("undici", { ...proxy, baseUrl: target.baseUrl }, {
      client: { proxy: proxy.url, ca: target.ca },
      ...(expected.scale === undefined ? {} : { scale: expected.scale })
    })
    assertResult(result, proxy.requests.length, expected, where)
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
  eachTransport(
    "a certificate that is self-signed, expired or for another host, and TLS below 1.2, are TransportError Tls",
    transport =>
      Effect.gen(function*() {
        const authority = yield* certificates.authority
        const good = yield* certificates.make({ by: authority })
        const cases = {
          "self-signed": yield* tlsServer.make(yield* certificates.make(), [ok]),
          expired: yield* tlsServer.make(yield* certificates.make({ by: authority, expired: true }), [ok]),
          "for another host": yield* tlsServer.make(yield* certificates.make({ by: authority, host: "example.com" }), [
            ok
          ]),
          "TLS 1.1 at most": yield* tlsServer.make(good, [ok], {
            minVersion: "TLSv1",
            maxVersion: "TLSv1.1",
            ciphers: "DEFAULT@SECLEVEL=0"
          })
        }
        for (const [name, target] of Object.entries(cases)) {
          const trusted = name === "self-signed" ? {} : { client: { ca: authority.cert } }
          const result = yield* call(transport, target, trusted)
          assertResult(result, target.requests.length, {
            error: { _tag: "SignalWireTransportError", reason: "Tls", attempts: 1 },
            requests: 0
          }, `${name}, over ${transport}`)
        }
        if (transport !== "undici") return
        const target = yield* tlsServer.make(good, [ok])
        const result = yield* call(transport, target, { client: { ca: authority.cert } })
        assertResult(
          result,
          target.requests.length,
          { requests: 1 },
          "a good certificate of an authority that is trusted"
        )
      })
  )

  eachTransport("a TLS handshake that stalls after ClientHello is RequestTimeout", transport =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([stall])
      const result = yield* call(transport, {
        baseUrl: `https://127.0.0.1:${target.port}`,
        requests: target.requests,
        ...(transport === "fetch" ? {} : { open: target.open })
      }, { scale: timed })
      assertResult(result, 0, { error: { _tag: "SignalWireRequestTimeout", attempts: 3 } }, transport)
      assert.strictEqual(target.requests.length, 0)
    }))

  eachTransport("a redirect is UnexpectedStatus and is never followed", transport =>
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
            const target: rawServer.Server = yield* rawServer.make([request =>
              json(status, "{}", { location: new Map(Object.entries(places(target.baseUrl))).get(place) ?? "" })(
                request
              )])
            const result = yield* call(transport, target)
            assertResult(
              result,
              target.requests.length,
              { error: { _tag: "SignalWireUnexpectedStatus", status, attempts: 1 }, requests: 1 },
              `${status} to ${place} over ${transport}`
            )
          }), { concurrency: 8, discard: true }), { discard: true })
      assert.strictEqual(elsewhere.connections(), 0)
    }))

  eachTransport("HTTP_PROXY is ignored unless the options ask for it", transport =>
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
      const plain = yield* rawServer.make([ok])
      const ignored = yield* call(transport, plain)
      assertResult(ignored, plain.requests.length, { requests: 1 }, transport)
      assert.lengthOf(proxy.requests, 0)
      if (transport !== "undici") return

      const target = yield* tlsServer.withAuthority([ok])
      const client = { proxy: "environment", ca: target.ca }
      const asked = yield* call(transport, target, { client })
      assertResult(asked, target.requests.length, { requests: 1 }, "when the options ask for it")
      assert.deepStrictEqual(proxy.requests, [`CONNECT 127.0.0.1:${target.port}`])

      yield* environment({ http_proxy: "", https_proxy: "" })
      const upperCase = yield* call(transport, target, { client })
      assertResult(upperCase, target.requests.length, { requests: 2 }, "when the names in lower case are empty")
      assert.lengthOf(proxy.requests, 2)

      yield* environment({ no_proxy: "127.0.0.1" })
      const direct = yield* call(transport, target, { client })
      assertResult(direct, target.requests.length, { requests: 3 }, "when no_proxy names the host")
      assert.lengthOf(proxy.requests, 2)
    }), { sequential: true })

  once(
    "a proxy that rejects CONNECT or never responds is an error in bounded time",
    Effect.gen(function*() {
      const rejectedWith = (status: number, attempts: number): Expected => ({
        error: { _tag: "SignalWireTransportError", reason: "Proxy", code: `ERR_PROXY_STATUS_${status}`, attempts },
        requests: attempts
      })
      const html = "<html>Bad gateway</html>"
      const timeout = { scale: timed, error: { _tag: "SignalWireRequestTimeout", attempts: 3 } }
      const resetError = { error: { _tag: "SignalWireTransportError", reason: "Reset", attempts: 3 }, requests: 3 }
      const faults: Readonly<Record<string, { readonly script: rawServer.Script; readonly expected: Expected }>> = {
        "502 HTML": {
          script: send(head(502, { "content-type": "text/html", "content-length": String(html.length) }), html),
          expected: rejectedWith(502, 3)
        },
        "403": { script: send(head(403, { "content-length": "0" })), expected: rejectedWith(403, 1) },
        "503": { script: send(head(503, { "content-length": "0" })), expected: rejectedWith(503, 3) },
        "no response to CONNECT": { script: stall, expected: { ...timeout, requests: 3 } },
        "a tunnel without a target": { script: sequence(send(head(200)), stall), expected: timeout },
        "reset after CONNECT": { script: reset, expected: resetError },
        "closed after CONNECT": { script: fin, expected: resetError },
        "not HTTP": {
          script: send("SSH-2.0-x\r\n\r\n"),
          expected: { error: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 }, requests: 1 }
        }
      }
      const rejecting = yield* proxyServer.make(() => false)
      yield* throughProxy({ ...rejecting, baseUrl: rejecting.url }, rejectedWith(407, 1), "407")
      yield* Effect.forEach(
        Object.entries(faults),
        ([name, { expected, script }]) =>
          Effect.flatMap(
            rawServer.make([script]),
            server => throughProxy({ ...server, url: server.baseUrl }, expected, name)
          ),
        { concurrency: "unbounded", discard: true }
      )
      const unresponsive = yield* rawServer.make([stall])
      const timedOut = yield* call("undici", { ...unresponsive, baseUrl: "https://127.0.0.1:1" }, {
        client: { proxy: unresponsive.baseUrl },
        policy: { connectTimeout: attemptMillis, maxRetries: 0 },
        boundMillis: attemptMillis
      })
      assertResult(timedOut, unresponsive.requests.length, {
        error: { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 1 },
        requests: 1
      }, "no response to CONNECT within connectTimeout")

      const invalid = [
        "http://user:secret@127.0.0.1:1",
        "socks5://127.0.0.1:1",
        "127.0.0.1:3128",
        "",
        "http://127.0.0.1:1/path",
        Redacted.make("http://u:%zz@127.0.0.1:1")
      ]
      for (const proxy of invalid) {
        const exit = yield* Effect.exit(
          Effect.scoped(Layer.build(clientOf("undici", { baseUrl: "http://127.0.0.1:1" }, { client: { proxy } })))
        )
        assert.strictEqual(String(errorOf(exit)).includes("an HTTP proxy"), true)
        assert.notInclude(String(errorOf(exit)), "secret")
      }
      for (const address of ["http://u:secret@[", "http://secret@127.0.0.1:1"]) {
        const provider = ConfigProvider.fromMap(new Map([["HTTPS_PROXY", address]]))
        const exit = yield* Effect.exit(
          Effect.scoped(
            Layer.build(clientOf("undici", { baseUrl: "http://127.0.0.1:1" }, { client: { proxy: "environment" } }))
          ).pipe(Effect.withConfigProvider(provider))
        )
        assert.isTrue(Exit.isFailure(exit))
        assert.include(String(errorOf(exit)), "HTTPS_PROXY")
        assert.notInclude(String(errorOf(exit)), "secret")
      }
    })
  )

  once(
    "plain http goes to its server directly, and not through a proxy, which would see the token",
    Effect.gen(function*() {
      const proxy = yield* proxyServer.make()
      const variables = ConfigProvider.fromMap(new Map([["HTTP_PROXY", proxy.url], ["HTTPS_PROXY", proxy.url]]))
      for (const option of [proxy.url, "environment"]) {
        const target = yield* rawServer.make([ok])
        const result = yield* Effect.withConfigProvider(
          call("undici", target, { client: { proxy: option } }),
          variables
        )
        assertResult(result, target.requests.length, { requests: 1 }, option)
      }
      assert.lengthOf(proxy.requests, 0)
    })
  )

  once(
    "a proxy to a TLS server sees CONNECT only",
    Effect.gen(function*() {
      const target = yield* tlsServer.withAuthority([ok])
      const user = "someone"
      const password = "p%40ss/w\u00f6rd"
      const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`
      const proxy = yield* proxyServer.make(credentials => credentials === expected)
      const address = `http://${user}:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}`
      const result = yield* call("undici", { ...target, open: () => target.open() + proxy.open() }, {
        client: { proxy: Redacted.make(address), ca: target.ca }
      })
      assertResult(result, target.requests.length, { requests: 1 }, "through the proxy")
      assert.deepStrictEqual(proxy.requests, [`CONNECT 127.0.0.1:${target.port}`])
      assert.notMatch(proxy.heads(), /^authorization$/im)
      assertNoSecrets(nasty, new Map([["what the proxy received", proxy.heads()]]))

      const untrusted = yield* call("undici", target, { client: { proxy: Redacted.make(address) } })
      assertResult(untrusted, target.requests.length, {
        error: { _tag: "SignalWireTransportError", reason: "Tls", attempts: 1 },
        requests: 1
      }, "a certificate that is not trusted, through the proxy")
    })
  )
})
