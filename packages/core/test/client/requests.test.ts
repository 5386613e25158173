import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { version } from "../../src/internal/version.ts"
import { credentials, getOver } from "../support/client.ts"
import { ok, serverError } from "../support/responses.ts"
import { sessionId } from "../support/sessions.ts"
import { type Recorded, transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

const path = `/api/video/room_sessions/${sessionId}`

/** Project and token of the first request. */
const sentCredentials = ({ requests }: Recorded): string => {
  const [scheme, pair = ""] = requests[0]?.headers["authorization"]?.split(" ") ?? []
  assert.strictEqual(scheme, "Basic")
  return Buffer.from(pair, "base64").toString("utf8")
}

describe.concurrent.each(transports)("requests over %s", (_, over) => {
  it.effect("a call sends one GET to the URL of its session, with four headers", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      yield* getOver(transport)
      assert.deepStrictEqual(transport.requests, [{
        method: "GET",
        body: undefined,
        url: `https://acme.signalwire.com${path}`,
        atMillis: 0,
        headers: {
          accept: "application/json",
          "accept-encoding": "identity",
          authorization: `Basic ${Buffer.from(`${credentials.projectId}:PTtopsecret`).toString("base64")}`,
          "user-agent": `effect-signalwire/${version}`
        }
      }])
    }))

  it.effect("a call sends its request under the base URL and its path", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      yield* getOver(transport, { baseUrl: "http://127.0.0.1:8080/gateway/" })
      assert.strictEqual(transport.requests[0]?.url, `http://127.0.0.1:8080/gateway${path}`)
    }))

  it.effect.each(["Grüße", "日本語🔑", "%+/:", "ÿĀ"])(
    "the token %s is sent as the base64 of its UTF-8 bytes",
    token =>
      Effect.gen(function*() {
        const transport = over(ok)
        yield* getOver(transport, { apiToken: Redacted.make(token) })
        assert.strictEqual(sentCredentials(transport), `${credentials.projectId}:${token}`)
      })
  )

  it.effect("a retry has the URL and the headers of the first attempt", () =>
    Effect.gen(function*() {
      const transport = over(serverError)
      yield* Effect.flip(within("10 seconds")(getOver(transport)))
      const sent = transport.requests.map(({ headers, url }) => ({ headers, url }))
      assert.deepStrictEqual(sent, [sent[0], sent[0], sent[0]])
    }))

  it.effect("two clients in one process send their own credentials", () =>
    Effect.gen(function*() {
      const first = over(ok)
      const second = over(ok)
      yield* Effect.all([
        getOver(first, { apiToken: Redacted.make("one") }),
        getOver(second, { apiToken: Redacted.make("two") })
      ], { concurrency: 2 })
      assert.deepStrictEqual([first, second].map(sentCredentials), [
        `${credentials.projectId}:one`,
        `${credentials.projectId}:two`
      ])
    }))
})
