/**
 * Real exchanges, kept as JSON without their secrets, to be replayed in tests.
 *
 * The form, which a person can read and edit:
 *
 * ```json
 * {
 *   "version": 1,
 *   "exchanges": [
 *     {
 *       "method": "GET",
 *       "path": "/api/video/room_sessions/0a1b2c3d-4e5f-4a6b-8c7d-000000000001",
 *       "status": 200,
 *       "headers": { "content-type": "application/json" },
 *       "body": "{\"id\":\"0a1b2c3d-4e5f-4a6b-8c7d-000000000001\", ...}"
 *     },
 *     {
 *       "method": "GET",
 *       "path": "/api/video/room_sessions/0a1b2c3d-4e5f-4a6b-8c7d-000000000002",
 *       "failure": "ECONNRESET"
 *     }
 *   ]
 * }
 * ```
 *
 * An exchange has a response (`status`, `headers` and `body`), a `failure` of the wire by its code, or both where the
 * connection ended inside the body. `TIMEOUT` stands for an exchange that was given up. A body that is not UTF-8 is kept in
 * base64 as `bodyBase64`. Neither hosts, request headers nor times are kept; of the response headers, those that the client
 * reads are. Queries of URLs inside a body are removed, since they can be signatures, and so is every form of the API token;
 * session names and ids stay as they are.
 *
 * @since 1.0.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Misuse } from "./internal/misuse.ts"
import * as recorder from "./internal/recorder.ts"
import * as scriptedClient from "./internal/scriptedClient.ts"
import type { Break, Reply } from "./internal/wireResponse.ts"

/**
 * One request and what came of it.
 *
 * @since 1.0.0
 * @category models
 */
export class Exchange extends Schema.Class<Exchange>("SignalWire/RecordedExchange")({
  method: Schema.String,
  /** From the first slash on. */
  path: Schema.String,
  status: Schema.optional(Schema.Int.pipe(Schema.between(200, 599))),
  /** Names in lower case. */
  headers: Schema.optional(Schema.Record({ key: Schema.String, value: Schema.String })),
  body: Schema.optional(Schema.String),
  bodyBase64: Schema.optional(Schema.Uint8ArrayFromBase64),
  /** The code of the transport, or `TIMEOUT`. */
  failure: Schema.optional(Schema.String)
}) {
  /** The form in which it is kept. */
  toJSON(): typeof Exchange.Encoded {
    return encodeExchange(this)
  }
}

const encodeExchange = Schema.encodeSync(Exchange)

const CompleteExchange = Exchange.pipe(Schema.filter(({ body, bodyBase64, failure, status }) => {
  if (status === undefined && failure === undefined) return "an exchange has a status, a failure or both"
  if (body !== undefined && bodyBase64 !== undefined) return "a body is text or base64, not both"
  if (status === undefined && (body ?? bodyBase64) !== undefined) return "a body belongs to a status"
  return failure === undefined || /^[A-Z][A-Z0-9_]*$/.test(failure)
    ? undefined
    : "a failure is the code of a transport, such as ECONNRESET, or TIMEOUT"
}))

/**
 * @since 1.0.0
 * @category models
 */
export class Recording extends Schema.Class<Recording>("SignalWire/Recording")({
  version: Schema.Literal(1),
  exchanges: Schema.Array(CompleteExchange)
}) {}

const RecordingJson = Schema.parseJson(Recording, { space: 2 })

/**
 * Reads a recording, as text or as the object that was parsed from it.
 *
 * @since 1.0.0
 * @category constructors
 */
export const decode = (recording: string | object): Effect.Effect<Recording, ParseResult.ParseError> =>
  typeof recording === "string"
    ? Schema.decode(RecordingJson)(recording)
    : Schema.decodeUnknown(Recording)(recording)

/**
 * Records all exchanges of the `HttpClient` below it, and gives their JSON to `save` when its scope ends. Recording goes through
 * a client that buffers whole bodies, so it is for making fixtures and not for production. One value is one recording, also
 * when several clients of a graph are built on it.
 *
 * @param save where the JSON goes, such as `json => fs.writeFileString("room-session.json", json)`; its failure is a defect
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
 * import { Recording } from "@effect-signalwire/core/testing"
 * import { FetchHttpClient } from "@effect/platform"
 * import { Console, Layer } from "effect"
 *
 * const recorded = RoomSessions.layer.pipe(
 *   Layer.provide(SignalWireClient.layerConfig()),
 *   Layer.provide(Recording.layerRecord(json => Console.log(json))),
 *   Layer.provide(FetchHttpClient.layer)
 * )
 */
export const layerRecord = <E, R>(
  save: (json: string) => Effect.Effect<void, E, R>
): Layer.Layer<HttpClient.HttpClient, never, HttpClient.HttpClient | R> =>
  Layer.scoped(
    HttpClient.HttpClient,
    Effect.gen(function*() {
      const client = yield* HttpClient.HttpClient
      const exchanges: Array<Exchange> = []
      yield* Effect.addFinalizer(() =>
        Schema.encode(RecordingJson)(new Recording({ version: 1, exchanges })).pipe(
          Effect.flatMap(save),
          Effect.orDie
        )
      )
      return recorder.observe(client, kept => {
        exchanges.push(new Exchange(kept))
      })
    })
  )

const toResponse = ({ body, bodyBase64, failure, headers, status }: Exchange): Reply | Break => {
  const code = failure === recorder.timeout ? "ETIMEDOUT" : failure
  const timed = { delay: Duration.zero, label: "" }
  if (status === undefined) return { _tag: "Break", code: code ?? "UNKNOWN", ...timed }
  return {
    _tag: "Reply",
    status,
    headers: headers ?? {},
    body: bodyBase64 ?? new TextEncoder().encode(body ?? ""),
    ending: code === undefined ? { _tag: "Whole" } : { _tag: "Broken", code },
    ...timed
  }
}

/** @internal */
export const stage = (
  owner: string,
  source: string | object
): Effect.Effect<scriptedClient.Stage, ParseResult.ParseError, Scope.Scope> =>
  Effect.flatMap(decode(source), ({ exchanges }) => {
    const asked = new Map<string, number>()
    return scriptedClient.fromLookup(url => {
      // a recording made through a gateway has its prefix before the path
      const wanted = url.pathname.toLowerCase()
      const recorded = exchanges.filter(({ path }) => path.toLowerCase().endsWith(wanted))
      const index = asked.get(wanted) ?? 0
      asked.set(wanted, index + 1)
      const exchange = recorded[index]
      return exchange === undefined
        ? new Misuse(
          recorded.length === 0
            ? `${owner}: nobody recorded GET ${url.pathname}; recorded are ${
              [...new Set(exchanges.map(({ path }) => path))].join(", ") || "no requests at all"
            }`
            : `${owner}: GET ${url.pathname} was recorded ${recorded.length} time${
              recorded.length === 1 ? "" : "s"
            }, and this is request ${index + 1}`
        )
        : { response: toResponse(exchange) }
    }, "NOT_RECORDED")
  })

/**
 * An `HttpClient` that replays a recording: each path in the order in which it was recorded, at once. A request that nobody
 * recorded fails as `TransportError` with the code `NOT_RECORDED`, and the scope ends with a defect that names it.
 * `RoomSessionsTest.layerReplay` puts the rest on top.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerReplay = (
  recording: string | object
): Layer.Layer<HttpClient.HttpClient, ParseResult.ParseError> =>
  Layer.scoped(HttpClient.HttpClient, Effect.map(stage("Recording.layerReplay", recording), ({ client }) => client))
