import { Credentials, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { assert, describe } from "@effect/vitest"
import { ConfigProvider, Context, Effect, Layer } from "effect"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { inspect, promisify } from "node:util"
import { call, clientOf } from "./harness/call.ts"
import { assertResult } from "./harness/expected.ts"
import { eachTransport, once } from "./harness/faultTest.ts"
import { assertNoSecrets } from "./harness/invariant.ts"
import * as rawServer from "./harness/rawServer.ts"
import { authorizationOf, head, json, ok, reset, send, stall, withRequest } from "./harness/scripts.ts"
import { nasty } from "./harness/secrets.ts"
import { session } from "./harness/session.ts"
import { timed } from "./harness/transports.ts"

/** The header and what is in it, as a careless server might say them again. */
const echoes = (said: string): ReadonlyArray<string> => {
  const pair = said.replace(/^Basic /, "")
  const text = Buffer.from(pair, "base64").toString("utf8")
  const token = text.slice(text.indexOf(":") + 1)
  const forms = [said, pair, text, token]
  return [
    ...forms,
    ...forms.map(encodeURIComponent),
    ...forms.map(form => encodeURIComponent(encodeURIComponent(form))),
    ...forms.map(form => form.replace(/=+$/, "")),
    ...forms.map(form => form.replace(/[^0-9a-z]/gi, character => `&#${character.codePointAt(0)};`)),
    ...forms.map(form => Buffer.from(form).toString("base64")),
    ...forms.map(form => JSON.stringify(form).slice(1, -1)),
    ...forms.map(form => Buffer.from(form).toString("base64url"))
  ]
}

const inHeader = (text: string): string => Buffer.from(text).toString("latin1").replaceAll(/[\r\n]/g, " ")

/** Says something in every place that a response has. */
const saying = (status: number, text: string): rawServer.Script => {
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

const fails: Readonly<Record<string, rawServer.Script>> = {
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
      Effect.forEach(Object.entries(fails), ([tag, script]) =>
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
      const forms = echoes(`Basic ${pair}`).length
      for (const status of [401, 400, 422, 500]) {
        yield* Effect.forEach(Array.from({ length: forms }, (_, form) => form), form =>
          Effect.gen(function*() {
            const target = yield* rawServer.make([
              withRequest(request => saying(status, echoes(authorizationOf(request))[form] ?? ""))
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
          [`${name}, inspected plainly`, inspect(thing, { depth: 10, customInspect: false })],
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
      const program = fileURLToPath(new URL("./harness/debugProgram.ts", import.meta.url))
      const { stderr, stdout } = yield* Effect.promise(() =>
        runFile(process.execPath, [
          "--conditions=@effect-signalwire/source",
          "--import",
          "tsx",
          program,
          target.baseUrl
        ], {
          cwd: fileURLToPath(new URL("../..", import.meta.url)),
          env: { ...process.env, NODE_OPTIONS: "", DEBUG: "*", NODE_DEBUG: "http,undici,fetch,net,tls" }
        })
      )
      assert.strictEqual(stdout, "completed\n")
      assertNoSecrets(nasty, new Map([["standard error", stderr]]))
      assert.notMatch(stderr, /effect-signalwire(?!\/|.*node_modules)/i, "not a line of this library's own")
    })
  )
})
