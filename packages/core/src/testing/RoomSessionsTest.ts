/**
 * `RoomSessions` without a network: over given sessions, over functions of your own, over a script, or over the real
 * pipeline with a transport that follows a script or a recording. Each layer also gives the `CallJournal` of its calls, and
 * starts anew wherever it is built.
 *
 * @since 1.0.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as ParseResult from "effect/ParseResult"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { RoomSessionId, type RoomSessionSummary } from "../RoomSession.ts"
import * as RoomSessions from "../RoomSessions.ts"
import * as SignalWireClient from "../SignalWireClient.ts"
import { InvalidRequest, NotFound } from "../SignalWireError.ts"
import { CallJournal } from "./CallJournal.ts"
import * as Recording from "./Recording.ts"
import type * as ScriptedTransport from "./ScriptedTransport.ts"
import * as journal from "./internal/journal.ts"
import { makeReport, Misuse, type Report } from "./internal/misuse.ts"
import { Cursor, mustBeUsedUp } from "./internal/script.ts"
import * as scriptedClient from "./internal/scriptedClient.ts"

/**
 * What every layer here gives.
 *
 * @since 1.0.0
 * @category models
 */
export type Services = RoomSessions.RoomSessions | CallJournal

/**
 * The result of a call: a session, a failure as it is (`new NotFound()`), or an effect, for instance one that takes its time.
 *
 * @since 1.0.0
 * @category models
 */
export type Response = RoomSessionSummary | Effect.Effect<RoomSessionSummary, RoomSessions.GetError>

const isRoomSessionId = Schema.is(RoomSessionId)
const sameId = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** The response, if it is one that this id can have. */
const toEffect = (
  owner: string,
  id: string,
  response: Response,
  report: Report
): Effect.Effect<RoomSessionSummary, RoomSessions.GetError> =>
  Effect.flatMap(Effect.isEffect(response) ? response : Effect.succeed(response), session =>
    sameId(session.id, id)
      ? Effect.succeed(session)
      : report(new Misuse(`${owner}: the session ${session.id} is no response to a request for ${id}`)))

const observed = (service: RoomSessions.Service, hasTransport = false): Context.Context<Services> => {
  const made = journal.observe(service, { hasTransport })
  return Context.make(RoomSessions.RoomSessions, made.service).pipe(Context.add(CallJournal, made.journal))
}

/** An id that is no UUID fails in production before anything else happens. */
const withIdCheck = (get: RoomSessions.Service["get"]): RoomSessions.Service => ({
  get: id => Effect.suspend(() => isRoomSessionId(id) ? get(id) : Effect.fail(new InvalidRequest()))
})

const byId = (
  sessions: ReadonlyArray<RoomSessionSummary> | { readonly [id: string]: Response }
): Effect.Effect<ReadonlyMap<string, Response>> => {
  const entries: ReadonlyArray<readonly [string, Response]> = Array.isArray(sessions)
    ? sessions.map((session: RoomSessionSummary) => [session.id, session] as const)
    : Object.entries(sessions)
  const map = new Map(entries.map(([id, response]) => [id.toLowerCase(), response]))
  const wrongKey = entries.find(([id]) => !isRoomSessionId(id))
  if (wrongKey !== undefined) {
    return Effect.die(new Misuse(`RoomSessionsTest.layer: the key ${JSON.stringify(wrongKey[0])} is no UUID`))
  }
  return map.size === entries.length
    ? Effect.succeed(map)
    : Effect.die(
      new Misuse("RoomSessionsTest.layer: two sessions have the same id; RoomSessionFixture.id(2) makes another one")
    )
}

/**
 * Serves given sessions, as a list or by their ids; by id, a failure may stand in place of a session. Any other id is
 * `NotFound`, and one that is no UUID `InvalidRequest`, as in production.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { SignalWireError } from "@effect-signalwire/core"
 * import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
 *
 * const one = RoomSessionsTest.layer([RoomSessionFixture.inProgress()])
 * const two = RoomSessionsTest.layer({
 *   [RoomSessionFixture.id(1)]: RoomSessionFixture.completed(),
 *   [RoomSessionFixture.id(2)]: new SignalWireError.Unauthorized()
 * })
 */
export const layer = (
  sessions: ReadonlyArray<RoomSessionSummary> | { readonly [id: string]: Response }
): Layer.Layer<Services> =>
  Layer.scopedContext(
    Effect.zipWith(byId(sessions), makeReport, (responses, report) =>
      observed(withIdCheck(id =>
        toEffect("RoomSessionsTest.layer", id, responses.get(id.toLowerCase()) ?? new NotFound(), report)
      )))
  )

/**
 * Serves functions of your own, which get every id as it is. A function that is not given ends the test with a defect that
 * names it.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerPartial = (service: Partial<RoomSessions.Service>): Layer.Layer<Services> =>
  Layer.scopedContext(
    Effect.map(makeReport, report => {
      const missing = () =>
        report(new Misuse("RoomSessionsTest.layerPartial: RoomSessions.get was called and is not given"))
      return observed({ get: service.get ?? missing })
    })
  )

/**
 * Gives responses in order, to all calls or to the calls for each id. A call beyond the script is a defect that names it, which
 * also ends the scope where the defect was caught or overlooked; and so is, at the end of the scope, a response that nobody
 * asked for. An id that is no UUID is `InvalidRequest` and takes no
 * response.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { SignalWireError } from "@effect-signalwire/core"
 * import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
 *
 * const endsAtTheThirdLook = RoomSessionsTest.layerScript([
 *   RoomSessionFixture.inProgress(),
 *   new SignalWireError.ServerUnavailable(),
 *   RoomSessionFixture.completed()
 * ])
 */
export const layerScript = (
  script: ReadonlyArray<Response> | { readonly [id: string]: ReadonlyArray<Response> }
): Layer.Layer<Services> => {
  const owner = "RoomSessionsTest.layerScript"
  return Layer.scopedContext(
    Effect.flatMap(makeReport, report => {
      const cursor = new Cursor(owner, script, describe)
      const get: RoomSessions.Service["get"] = id =>
        Effect.suspend(() => {
          const taken = cursor.take(id)
          return "response" in taken ? toEffect(owner, id, taken.response, report) : report(taken)
        })
      return Effect.as(mustBeUsedUp(owner, cursor), observed(withIdCheck(get)))
    })
  )
}

const describe = (response: Response): string => {
  if (!Effect.isEffect(response)) return `session ${response.id}, ${response.status ?? "without a status"}`
  return "_tag" in response && "operation" in response ? String(response._tag) : "an effect"
}

/** The real pipeline over a transport of this kit. */
const overStage = <E>(
  makeStage: Effect.Effect<scriptedClient.Stage, E, Scope.Scope>,
  settings: SignalWireClient.Settings
): Layer.Layer<Services, E | ConfigError.ConfigError> =>
  Layer.scopedContext(
    Effect.gen(function*() {
      const stage = yield* makeStage
      const service = yield* RoomSessions.RoomSessions.pipe(
        Effect.provide(RoomSessions.layer),
        Effect.provide(SignalWireClient.layer({ space: "test", projectId: "test", apiToken, ...settings })),
        Effect.provideService(HttpClient.HttpClient, stage.client)
      )
      const get: RoomSessions.Service["get"] = id =>
        Effect.catchTag(service.get(id), "SignalWireTransportError", failure => {
          const misuse = stage.misuseOf(failure.code)
          return misuse === undefined ? Effect.fail(failure) : Effect.die(misuse)
        })
      return observed({ get }, true)
    })
  )

const apiToken = Redacted.make("a token that goes nowhere")

/**
 * The real pipeline over a scripted transport: what `ScriptedTransport` says happens to one request each, and retries, waits,
 * timeouts and limits are those of production, with `RequestPolicy.defaults` unless `policy` changes it. Under `TestClock` they
 * take no time.
 *
 * A request beyond the script is a defect that names it, and so is, at the end of the scope, a response that nobody asked for.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
 *
 * const ridesOutTwo500s = RoomSessionsTest.layerTransport([
 *   ScriptedTransport.status(500),
 *   ScriptedTransport.status(500),
 *   ScriptedTransport.ok(RoomSessionFixture.inProgress())
 * ])
 */
export const layerTransport = (
  script: ScriptedTransport.Script,
  settings: SignalWireClient.Settings = {}
): Layer.Layer<Services, ConfigError.ConfigError> =>
  overStage(scriptedClient.make("RoomSessionsTest.layerTransport", script), settings)

/**
 * The real pipeline over a recording, as text or as the object that was parsed from it. A request that nobody recorded is a
 * defect that names it.
 *
 * @see `Recording` for how to make one
 * @since 1.0.0
 * @category layers
 */
export const layerReplay = (
  recording: string | object,
  settings: SignalWireClient.Settings = {}
): Layer.Layer<Services, ConfigError.ConfigError | ParseResult.ParseError> =>
  overStage(Recording.stage("RoomSessionsTest.layerReplay", recording), settings)
