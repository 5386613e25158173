import { Credentials, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { assert, describe } from "@effect/vitest"
import { ConfigProvider, Context, Effect, Layer } from "effect"
import { execFile } from "node:child_process"
import { inspect, promisify } from "node:util"
import { call, clientOf } from "./harness/call.ts"
import { assertResult } from "./harness/expected.ts"
import { eachTransport, once } from "./harness/faultTest.ts"
import { assertNoSecrets } from "./harness/invariant.ts"
import { bundle } from "./harness/program.ts"
import * as rawServer from "./harness/rawServer.ts"
import { authorizationOf, head, json, ok, reset, send, stall, withRequest } from "./harness/scripts.ts"
import { nasty } from "./harness/secrets.ts"
import { session } from "./harness/session.ts"
import { timed } from "./harness/transports.ts"

/** The header and what is in it, in the encodings in which servers and gateways repeat them. */
const echoes = (authorization: string): ReadonlyArray<string> => {
  const pair = authorization.replace(/^Basic /, "")
  const userAndToken = Buffer.from(pair, "base64").toString("utf8")
  const token = userAndToken.slice(userAndToken.indexOf(":") + 1)
  const texts = [authorization, pair, userAndToken, token]
  return [
    ...texts,
    authorization.toLowerCase(),
    ...texts.map(encodeURIComponent),
    ...texts.map(text => encodeURIComponent(encodeURIComponent(text))),
    ...texts.map(text => new URLSearchParams({ text }).toString()),
    ...texts.map(text => JSON.stringify(text).slice(1, -1)),
    pair.replace(/=+$/, ""),
    Buffer.from(userAndToken).toString("base64url"),
    Buffer.from(token).toString("base64"),
    Buffer.from(token).toString("base64url")
  ]
}

const inHeader = (text: string): string => Buffer.from(text).toString("latin1").replaceAll(/[\r\n]/g, " ")

/** Repeats a text in every part of a response. */
const repeat = (status: number, text: string): rawServer.Script => {
  const body = JSON.stringify({
    error: text,
    errors: [{ type: text, code: text, message: `you sent ${text}`, attribute: text, url: `https://h/?${text}` }]
  })
  return send(
    Buffer.from(
      head(status, {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
        "x-request-id": inHeader(text),
        "retry-after": inHeader(text),
        "www-authenticate": inHeader(text)
      }, inHeader(text)),
      "latin1"
    ),
    body
  )
}

const scripts: Readonly<Record<string, rawServer.Script>> = {
  SignalWireBadRequest: json(400, "{}"),
  SignalWireUnauthorized: json(401, "{}"),
  SignalWireNotFound: json(404, "{}"),
  SignalWireInternalServerError: json(500, "{}"),
  SignalWireRateLimited: json(429, "{}"),
  SignalWireServerUnavailable: json(503, "{}"),
  SignalWireUnexpectedStatus: json(418, "{}"),
  SignalWireInvalidResponse: json(200, session({ locked: "no" })),
  SignalWireTransportError: reset,
  SignalWireRequestTimeout: stall
}

const runFile = promisify(execFile)

describe("Secrets", () => {
  eachTransport(
    "no error class shows the secret in any output",
    transport =>
      Effect.forEach(Object.entries(scripts), ([tag, script]) =>
        Effect.gen(function*() {
          const target = yield* rawServer.make([script])
          const result = yield* call(transport, target, {
            policy: { maxRetries: 0 },
            ...(tag === "SignalWireRequestTimeout" ? { scale: timed } : {})
          })
          assertResult(result, target.requests.length, { error: { _tag: tag } }, `${tag} over ${transport}`)
        }), { discard: true })
  )

  eachTransport("credentials that a response echoes are redacted", transport =>
    Effect.gen(function*() {
      const pair = Buffer.from(`${nasty.projectId}:token`).toString("base64")
      const { length } = echoes(`Basic ${pair}`)
      for (const status of [401, 400, 422, 500]) {
        yield* Effect.forEach(Array.from({ length }, (_, index) => index), index =>
          Effect.gen(function*() {
            const target = yield* rawServer.make([
              withRequest(request => repeat(status, echoes(authorizationOf(request))[index] ?? ""))
            ])
            yield* call(transport, target, { policy: { maxRetries: 0 } })
            assert.strictEqual(target.requests.length, 1)
          }), { concurrency: 4, discard: true })
      }
    }))

  once(
    "the client, its configuration and its layer show no secret when inspected and as JSON",
    Effect.gen(function*() {
      const target = yield* rawServer.make([ok])
      const options = { baseUrl: target.baseUrl, projectId: nasty.projectId, apiToken: nasty.apiToken }
      const layer = Layer.orDie(clientOf("undici", target))
      const context = yield* Layer.build(layer)
      const config = ConfigProvider.fromMap(
        new Map([["SIGNALWIRE_SPACE", "acme"], ["SIGNALWIRE_PROJECT_ID", nasty.projectId]])
      )
      const things = {
        options,
        layer,
        context,
        client: Context.get(context, SignalWireClient.SignalWireClient),
        sessions: Context.get(context, RoomSessions.RoomSessions),
        credentials: Credentials.make(options),
        "configuration that lacks the token": yield* Effect.exit(
          Effect.withConfigProvider(Credentials.fromConfig(), config)
        )
      }
      const written = new Map(
        Object.entries(things).flatMap(([name, thing]) => [
          [`${name}, inspected`, inspect(thing, { depth: 10, showHidden: true })],
          [`${name}, inspected without custom functions`, inspect(thing, { depth: 10, customInspect: false })],
          [`${name} as JSON`, JSON.stringify(thing) ?? ""]
        ])
      )
      assertNoSecrets(nasty, written)
    })
  )

  once(
    "this library writes nothing for DEBUG=* and NODE_DEBUG=http,undici",
    Effect.gen(function*() {
      const target = yield* rawServer.make([ok])
      const program = yield* Effect.acquireRelease(
        Effect.sync(() => bundle("debugProgram")),
        ({ remove }) => Effect.sync(remove)
      )
      const { stderr, stdout } = yield* Effect.promise(() =>
        runFile(process.execPath, [program.file, target.baseUrl], {
          env: { ...process.env, NODE_OPTIONS: "", DEBUG: "*", NODE_DEBUG: "http,undici,fetch,net,tls" }
        })
      )
      assert.strictEqual(stdout, "completed\n")
      assertNoSecrets(nasty, new Map([["standard error", stderr]]))
      assert.notMatch(stderr, /effect-signalwire(?!\/|.*node_modules)/i, "not a line of this library's own")
    })
  )
})
