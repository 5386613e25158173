import { type RoomSession, SignalWireClient, type SignalWireError } from "@effect-signalwire/core"
import { HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import * as vm from "node:vm"
import { getOver } from "../support/client.ts"
import { connectionError, json, ok, type PlayedResponses, serverError } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { overHttpClient, overTransport, type Recorded } from "../support/transports.ts"
import { within } from "../support/within.ts"

type Call = Effect.Effect<RoomSession.RoomSessionSummary, SignalWireError.SignalWireError>

type Middleware = (client: HttpClient.HttpClient) => HttpClient.HttpClient

/** What applications add to an `HttpClient` so that it fails for statuses or reads bodies. */
const middlewares: ReadonlyArray<readonly [name: string, middleware: Middleware]> = [
  ["HttpClient.filterStatusOk", HttpClient.filterStatusOk],
  ["HttpClient.filterStatus", HttpClient.filterStatus(status => status === 200)],
  [
    "HttpClient.filterOrFail with an error of the application",
    HttpClient.filterOrFail(
      response => response.status < 400,
      response =>
        new HttpClientError.ResponseError({
          request: HttpClientRequest.get("http://localhost"),
          response,
          reason: "StatusCode"
        })
    )
  ],
  ["HttpClient.transformResponse", HttpClient.transformResponse(Effect.flatMap(HttpClientResponse.filterStatusOk))],
  [
    "HttpClient.transformResponse that reads the body of an error",
    HttpClient.transformResponse(
      Effect.flatMap(response =>
        response.status < 400
          ? Effect.succeed(response)
          : Effect.flatMap(Effect.ignore(response.text), () =>
            Effect.fail(
              new HttpClientError.ResponseError({ request: response.request, response, reason: "Decode" })
            ))
      )
    )
  ],
  [
    "HttpClient.catchTag that wraps the error",
    client =>
      HttpClient.catchTag(
        HttpClient.filterStatusOk(client),
        "ResponseError",
        cause => new HttpClientError.RequestError({ request: cause.request, reason: "Transport", cause })
      )
  ],
  ["HttpClient.tap that reads the body", HttpClient.tap(response => Effect.ignore(response.text))],
  [
    "HttpClient.catchTag that dies",
    client => HttpClient.catchTag(HttpClient.filterStatusOk(client), "ResponseError", error => Effect.die(error))
  ]
]

const statuses: ReadonlyArray<
  readonly [status: number, tag: SignalWireError.SignalWireError["_tag"], retry: "is retried" | "is not retried"]
> = [
  [400, "SignalWireBadRequest", "is not retried"],
  [401, "SignalWireUnauthorized", "is not retried"],
  [404, "SignalWireNotFound", "is not retried"],
  [429, "SignalWireRateLimited", "is retried"],
  [500, "SignalWireInternalServerError", "is retried"],
  [503, "SignalWireServerUnavailable", "is retried"],
  [418, "SignalWireUnexpectedStatus", "is not retried"]
]

/** Where an application adds middleware. */
const places: ReadonlyArray<
  readonly [name: string, over: (middleware: Middleware, ...responses: PlayedResponses) => Recorded & { call: Call }]
> = [
  ["in the HttpClient of the context", (middleware, ...responses) => {
    const { layer, ...recorded } = overHttpClient(...responses)
    const client = Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, middleware))
    return { ...recorded, call: getOver({ layer: Layer.provide(client, layer) }) }
  }],
  ["as transformClient over an HttpClient", (middleware, ...responses) => {
    const base = overHttpClient(...responses)
    return { ...base, call: getOver(base, { transformClient: middleware }) }
  }],
  ["as transformClient over a Transport", (middleware, ...responses) => {
    const base = overTransport(...responses)
    return { ...base, call: getOver(base, { transformClient: middleware }) }
  }],
  ["by withTransform over a Transport", (middleware, ...responses) => {
    const base = overTransport(...responses)
    return { ...base, call: SignalWireClient.withTransform(middleware)(getOver(base)) }
  }],
  ["by withTransform around transformClient over a Transport", (middleware, ...responses) => {
    const base = overTransport(...responses)
    return { ...base, call: SignalWireClient.withTransform(middleware)(getOver(base, { transformClient: middleware })) }
  }]
]

const everywhere = places.flatMap(([place, over]) =>
  middlewares.map(([name, middleware]) => [`${name}, ${place}`, middleware, over] as const)
)

describe.concurrent.each(everywhere)("under %s", (_, middleware, over) => {
  const overMiddleware = (...args: Parameters<typeof over>) => {
    const { call, ...recorded } = over(...args)
    return { ...recorded, call: within("1 minute")(call) }
  }

  it.effect.each(statuses)("a %d is %s, and %s", ([status, tag, retry]) =>
    Effect.gen(function*() {
      const attempts = retry === "is retried" ? 3 : 1
      const { call, requests } = overMiddleware(middleware, json(status, "{}"))
      const error = yield* Effect.flip(call)
      assert.strictEqual(error._tag, tag)
      assert.strictEqual(error.attempts, attempts)
      assert.lengthOf(requests, attempts)
    }))

  it.effect("a 500 and then a 200 is the session", () =>
    Effect.gen(function*() {
      const { call, requests } = overMiddleware(middleware, serverError, ok)
      assert.strictEqual((yield* call).id, sessionId)
      assert.lengthOf(requests, 2)
    }))

  it.effect("ECONNREFUSED is TransportError Refused", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(
        overMiddleware(middleware, { ...connectionError("ECONNREFUSED"), isSent: false }).call
      )
      assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Refused", requestsSent: 0 })
    }))
})

describe.each(places)("under HttpClient.filterStatusOk, %s", (_, over) => {
  it.effect("a 400 has the error details of its body", () =>
    Effect.gen(function*() {
      const response = json(400, JSON.stringify({ errors: [{ code: "not_a_uuid", message: "Not a UUID" }] }))
      const error = yield* Effect.flip(over(HttpClient.filterStatusOk, response).call)
      assert.strictEqual(error._tag === "SignalWireBadRequest" ? error.details[0]?.code : undefined, "not_a_uuid")
    }))
})

describe("a response of an application's own, whose stream fails with a TypeError since its body was read", () => {
  /** In Jest, errors of the runtime are those of another realm. */
  const errors: ReadonlyArray<readonly [realm: string, error: unknown]> = [
    ["this realm", new TypeError("Body is unusable")],
    ["another realm", vm.runInNewContext("new TypeError('Body is unusable')")]
  ]

  it.effect.each(errors)(
    "is read as text, also where the TypeError is that of %s",
    ([, cause]) =>
      Effect.gen(function*() {
        const client = HttpClient.make(request => {
          const read = HttpClientResponse.fromWeb(
            request,
            new Response(body(), { headers: { "content-type": "application/json" } })
          )
          const stream = Stream.fail(
            new HttpClientError.ResponseError({ request, response: read, reason: "Decode", cause })
          )
          return Effect.succeed(Object.create(read, {
            stream: { value: stream },
            text: { value: Effect.succeed(body()) }
          }))
        })
        const session = yield* getOver({ layer: Layer.succeed(HttpClient.HttpClient, client) })
        assert.strictEqual(session.id, sessionId)
      })
  )
})
