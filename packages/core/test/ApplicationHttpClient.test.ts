import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Option } from "effect"
import { sessionId } from "./support/sessions.ts"
import * as transports from "./support/transports.ts"
import { within } from "./support/within.ts"

type Transform = (client: HttpClient.HttpClient) => HttpClient.HttpClient

/** What applications put around an `HttpClient` that is to fail for statuses. */
const transforms: Readonly<Record<string, Transform>> = {
  "HttpClient.filterStatusOk": HttpClient.filterStatusOk,
  "HttpClient.filterStatus": HttpClient.filterStatus(status => status === 200),
  "HttpClient.filterOrFail with an error of its own": HttpClient.filterOrFail(
    response => response.status < 400,
    response =>
      new HttpClientError.ResponseError({
        request: HttpClientRequest.get("http://localhost"),
        response,
        reason: "StatusCode"
      })
  ),
  "HttpClient.transformResponse": HttpClient.transformResponse(Effect.flatMap(HttpClientResponse.filterStatusOk)),
  "HttpClient.transformResponse that reads the body of an error": HttpClient.transformResponse(
    Effect.flatMap(response =>
      response.status < 400
        ? Effect.succeed(response)
        : Effect.flatMap(Effect.ignore(response.text), () =>
          Effect.fail(
            new HttpClientError.ResponseError({ request: response.request, response, reason: "Decode" })
          ))
    )
  ),
  "HttpClient.catchTag that wraps the error": client =>
    HttpClient.catchTag(
      HttpClient.filterStatusOk(client),
      "ResponseError",
      cause => new HttpClientError.RequestError({ request: cause.request, reason: "Transport", cause })
    ),
  "HttpClient.tap that reads the body": HttpClient.tap(response => Effect.ignore(response.text)),
  "HttpClient.catchTag that dies": client =>
    HttpClient.catchTag(HttpClient.filterStatusOk(client), "ResponseError", error => Effect.die(error))
}

const over = (
  transform: Transform,
  transport: ReturnType<typeof transports.overHttpClient>
): Layer.Layer<HttpClient.HttpClient> =>
  Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, transform)).pipe(Layer.provide(transport.layer))

const get = (transform: Transform, transport: ReturnType<typeof transports.overHttpClient>) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId)).pipe(
    Effect.provide(
      RoomSessions.layer.pipe(
        Layer.provide(Layer.orDie(SignalWireClient.layer(transports.credentials))),
        Layer.provide(over(transform, transport))
      )
    ),
    Effect.exit,
    within("1 minute")
  )

const errorOf = <A, E>(exit: Exit.Exit<A, E>): E =>
  Exit.isSuccess(exit)
    ? assert.fail("a session where an error was due")
    : Option.getOrThrowWith(Cause.failureOption(exit.cause), () => Cause.squash(exit.cause))

const statuses: ReadonlyArray<readonly [status: number, tag: string, attempts: number]> = [
  [400, "SignalWireBadRequest", 1],
  [401, "SignalWireUnauthorized", 1],
  [404, "SignalWireNotFound", 1],
  [429, "SignalWireRateLimited", 3],
  [500, "SignalWireInternalServerError", 3],
  [503, "SignalWireServerUnavailable", 3],
  [418, "SignalWireUnexpectedStatus", 1]
]

describe.each(Object.entries(transforms))("under %s of an application", (_, transform) => {
  it.effect.each(statuses)("status %i is %s", ([status, tag, attempts]) =>
    Effect.gen(function*() {
      const transport = transports.overHttpClient(transports.json(status, "{}"))
      const error = errorOf(yield* get(transform, transport))
      assert.strictEqual(error._tag, tag)
      assert.strictEqual(error.attempts, attempts)
      assert.lengthOf(transport.requests, attempts)
    }))

  it.effect("a 500 and then a session is the session", () =>
    Effect.gen(function*() {
      const transport = transports.overHttpClient(transports.broken, transports.ok)
      assert.isTrue(Exit.isSuccess(yield* get(transform, transport)))
      assert.lengthOf(transport.requests, 2)
    }))

  it.effect("a refused connection stays one", () =>
    Effect.gen(function*() {
      const error = errorOf(yield* get(transform, transports.overHttpClient(transports.failing("ECONNREFUSED"))))
      assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Refused", requestsSent: 0 } as const)
    }))
})

it.effect("what the service says of a 400 is kept under HttpClient.filterStatusOk", () =>
  Effect.gen(function*() {
    const body = JSON.stringify({ errors: [{ code: "not_a_uuid", message: "Not a UUID" }] })
    const transport = transports.overHttpClient(transports.json(400, body))
    const error = errorOf(yield* get(HttpClient.filterStatusOk, transport))
    assert.strictEqual(error._tag === "SignalWireBadRequest" ? error.details[0]?.code : undefined, "not_a_uuid")
  }))
