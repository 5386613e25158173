/**
 * Recordings of real requests and responses, as JSON without secrets, for replay in tests.
 *
 * The format is readable and editable:
 *
 * ```json
 * {
 *   "version": 1,
 *   "interactions": [
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
 *       "error": "ECONNRESET"
 *     }
 *   ]
 * }
 * ```
 *
 * An interaction has a response (`status`, `headers` and `body`), an `error`, which is the code of a connection error, or both
 * where the connection ended inside the body. The `error` of a request that timed out or was interrupted is `TIMEOUT`. A body
 * that is not UTF-8 is recorded in base64 as `bodyBase64`.
 *
 * Hosts, request headers and times are not recorded, and only the response headers that the client reads. A path, a header or a
 * body that contains the API token is recorded as `<redacted>`. In a URL with `http:` or `https:` inside of these texts, the user,
 * the query and the fragment are replaced, since they can be signatures. The query of the request itself is recorded unchanged,
 * and so are names and ids of sessions.
 *
 * @since 1.0.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import type * as ParseResult from "effect/ParseResult"
import type * as Scope from "effect/Scope"
import type * as SignalWireClient from "../SignalWireClient.ts"
import type { Services } from "./RoomSessionsTest.ts"
import * as recorder from "./internal/recorder.ts"
import { decode, encode, type Interaction, toResponse } from "./internal/recordingFormat.ts"
import * as scriptedHttpClient from "./internal/scriptedHttpClient.ts"
import * as services from "./internal/services.ts"
import { TestSetupError } from "./internal/testSetupError.ts"

/**
 * Records all requests over the `HttpClient` of the context, and passes the JSON to `save` when the scope closes. It reads whole
 * bodies before it passes them on, so it is not for production. One value of this layer makes one recording, even for several
 * clients in a graph of layers.
 *
 * @param save writes the JSON, such as `json => fs.writeFileString("room-session.json", json)`. Its error is a defect
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
 * import * as Recording from "@effect-signalwire/core/testing/recording"
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
      const interactions: Array<Interaction> = []
      yield* Effect.addFinalizer(() => Effect.orDie(Effect.flatMap(encode(interactions), save)))
      return recorder.make(client, interaction => interactions.push(interaction))
    })
  )

const owner = "Recording.layerReplay"

const makeHttpClient = (
  recording: string | object
): Effect.Effect<scriptedHttpClient.ScriptedHttpClient, ParseResult.ParseError, Scope.Scope> =>
  Effect.flatMap(decode(recording), ({ interactions }) => {
    const requests = new Map<string, number>()
    return scriptedHttpClient.fromLookup(({ method }, url) => {
      const path = url.pathname + url.search
      const request = `${method} ${path}`
      // the path of a recording that was made through a gateway has a prefix
      const recorded = interactions.filter(interaction =>
        interaction.method === method && interaction.path.toLowerCase().endsWith(path.toLowerCase())
      )
      const number = (requests.get(request.toLowerCase()) ?? 0) + 1
      requests.set(request.toLowerCase(), number)
      const interaction = recorded[number - 1]
      if (interaction !== undefined) return Either.right(toResponse(interaction))
      const all = new Set(interactions.map(({ method, path }) => `${method} ${path}`))
      return Either.left(
        new TestSetupError(
          recorded.length === 0
            ? `${owner}: ${request} was not recorded, only ${[...all].join(", ") || "an empty list of interactions"}`
            : `${owner}: ${request} was recorded ${recorded.length} time${recorded.length === 1 ? "" : "s"}, ` +
              `and this is request ${number}`
        )
      )
    }, "NOT_RECORDED")
  })

/**
 * Provides the real pipeline over a recording. The interactions of a path are replayed in the order in which they were recorded,
 * without delays. A request that was not recorded, or not as often, ends the test with a defect that names it. Unused
 * interactions are allowed.
 *
 * @param recording the text of the recording, or the parsed object. Any other value is a `ParseError`
 * @param options the options of the client; default: those of `SignalWireClient.layer`
 * @since 1.0.0
 * @category layers
 * @example
 * import * as Recording from "@effect-signalwire/core/testing/recording"
 *
 * const path = "/api/video/room_sessions/0a1b2c3d-4e5f-4a6b-8c7d-000000000001"
 * const layer = Recording.layerReplay({ version: 1, interactions: [{ method: "GET", path, status: 404 }] })
 */
export const layerReplay = (
  recording: string | object,
  options: SignalWireClient.OptionsWithoutCredentials = {}
): Layer.Layer<Services, ConfigError.ConfigError | ParseResult.ParseError> =>
  services.fromHttpClient(makeHttpClient(recording), options)
