/**
 * `RoomSessions` and `RoomRecordings` without a network: over given sessions, given functions or a script of results, or with the real pipeline over
 * a script of HTTP responses. Each layer also provides the `CallJournal` of its calls, and the client itself, for layers such as
 * `RoomSessions.layerCached`. Each build of a layer has a new script and a new journal.
 *
 * @since 1.0.0
 */
import * as Chunk from "effect/Chunk"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type * as Endpoint from "../Endpoint.ts"
import type { RoomRecording } from "../RoomRecording.ts"
import type * as RoomRecordings from "../RoomRecordings.ts"
import { RoomSessionId, type RoomSessionSummary } from "../RoomSession.ts"
import type { RoomSessionEvent } from "../RoomSessionEvent.ts"
import type { RoomSessionMember } from "../RoomSessionMember.ts"
import type * as RoomSessions from "../RoomSessions.ts"
import type * as SignalWireClient from "../SignalWireClient.ts"
import { NotFound } from "../SignalWireError.ts"
import { endpoints, type SpecOf } from "../endpoints/index.ts"
import { get } from "../endpoints/roomSessions.ts"
import * as derived from "../internal/derived.ts"
import type { CallJournal } from "./CallJournal.ts"
import type { Operation, When } from "./Script.ts"
import type * as ScriptedTransport from "./ScriptedTransport.ts"
import * as dataset from "./internal/dataset.ts"
import * as journal from "./internal/journal.ts"
import { encodeParameters, labelOf } from "./internal/operations.ts"
import * as scriptCursor from "./internal/scriptCursor.ts"
import * as scriptedClient from "./internal/scriptedClient.ts"
import * as scriptedHttpClient from "./internal/scriptedHttpClient.ts"
import * as services from "./internal/services.ts"
import { makeReport, TestSetupError } from "./internal/testSetupError.ts"

/**
 * The services that every layer of this module provides.
 *
 * @since 1.0.0
 * @category models
 */
export type Services =
  | RoomSessions.RoomSessions
  | RoomRecordings.RoomRecordings
  | SignalWireClient.SignalWireClient
  | CallJournal

/**
 * The result of a call: a success, an error (`new NotFound()`), or an effect with one of them, for example a delayed one.
 *
 * @since 1.0.0
 * @category models
 */
export type Response<O extends Operation = Operation> = O extends Operation
  ? Endpoint.Success<SpecOf<O>> | Effect.Effect<Endpoint.Success<SpecOf<O>>, Endpoint.Error<SpecOf<O>>>
  : never

/**
 * Results in order for all calls, or lists of results by operation and parameters. Each call takes one result.
 *
 * @since 1.0.0
 * @category models
 */
export type Script =
  | ReadonlyArray<Response>
  | ReadonlyArray<{ readonly [O in Operation]: When<O, Response<O>> }[Operation]>

type GetResponse = RoomSessionSummary | Effect.Effect<RoomSessionSummary, RoomSessions.GetError>

/**
 * The sessions of a space with what belongs to them.
 *
 * @since 1.0.0
 * @category models
 */
export interface Data {
  /** For `get` and `list`. A session without the fields of `RoomSessionFixture.listed` is listed with null in their place. */
  readonly sessions?: ReadonlyArray<RoomSessionSummary> | undefined
  /** For `members`, by their `room_session_id`. */
  readonly members?: ReadonlyArray<RoomSessionMember> | undefined
  /** For `events` of sessions and of recordings, by their `room_session_id` and `room_recording_id`. */
  readonly events?: ReadonlyArray<RoomSessionEvent> | undefined
  /** For `recordings`, by their `room_session_id`, and for `RoomRecordings`. */
  readonly recordings?: ReadonlyArray<RoomRecording> | undefined
}

interface ById {
  readonly [id: string]: GetResponse
}

const isRoomSessionId = Schema.is(RoomSessionId)

const byId = (owner: string, sessions: ById): Either.Either<scriptedClient.Respond, TestSetupError> => {
  const entries = Object.entries(sessions)
  const invalid = entries.find(([id]) => !isRoomSessionId(id))
  if (invalid !== undefined) {
    return Either.left(new TestSetupError(`${owner}: the key ${JSON.stringify(invalid[0])} is not a UUID`))
  }
  const responses = new Map(entries.map(([id, response]) => [id.toLowerCase(), response]))
  if (responses.size < entries.length) {
    return Either.left(new TestSetupError(`${owner}: two keys are the same id in upper and lower case`))
  }
  return Either.right(({ name }, { id }) =>
    name === get.name
      ? Either.right(responses.get(String(id).toLowerCase()) ?? new NotFound())
      : Either.left(
        new TestSetupError(`${owner}: ${name} was called, and sessions by id provide RoomSessions.get alone`)
      )
  )
}

const isList = (given: ReadonlyArray<RoomSessionSummary> | ById | Data): given is ReadonlyArray<RoomSessionSummary> =>
  Array.isArray(given)

/**
 * Provides given sessions, as a list, with their members, events and recordings, or by id.
 *
 * A list is served as the service does: `get` by id, `list` with its filters, and every list in pages of `page_size`, 50 by default,
 * in the given order. Any other id is `NotFound` for `get` and an empty list for the other operations. An id that is not a UUID and a
 * page size that is out of range are `InvalidRequest`, as in production. An unknown page token is `UnprocessableContent`.
 *
 * By id, a session can also be an error or an effect, and only `get` is provided.
 *
 * The test ends with a defect for: two items with the same id, a member, event or recording of a session that is not among `sessions`,
 * a call of an operation whose items are not given, a key that is not a UUID, and a session with another id than its key.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { SignalWireError } from "@effect-signalwire/core"
 * import { RoomSessionFixture, RoomSessionMemberFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
 *
 * const one = RoomSessionsTest.layer([RoomSessionFixture.inProgress()])
 * const withMembers = RoomSessionsTest.layer({
 *   sessions: [RoomSessionFixture.listed(RoomSessionFixture.inProgress(), { cost_in_dollars: "0.05" })],
 *   members: [RoomSessionMemberFixture.joined()]
 * })
 * const byId = RoomSessionsTest.layer({
 *   [RoomSessionFixture.id(1)]: RoomSessionFixture.completed(),
 *   [RoomSessionFixture.id(2)]: new SignalWireError.Unauthorized()
 * })
 */
export const layer = (
  given: ReadonlyArray<RoomSessionSummary> | { readonly [id: string]: GetResponse } | Data
): Layer.Layer<Services> => {
  const owner = "RoomSessionsTest.layer"
  return Layer.scopedContext(
    Effect.gen(function*() {
      const data = isList(given) ? { sessions: given } : given
      const respond = yield* Effect.orDie(dataset.isData(data) ? dataset.make(owner, data) : byId(owner, data))
      return yield* services.fromClient(scriptedClient.make(owner, respond, yield* makeReport))
    })
  )
}

/** A list as its only page. */
const asPage = (list: RoomSessions.Service["list"]): RoomSessions.Service["listPage"] => options =>
  Effect.map(Stream.runCollect(list(options)), items => ({ items: Chunk.toReadonlyArray(items), next: null }))

/**
 * Provides given functions. Their arguments are not validated. A call of a function that is not given ends the test with a defect
 * that names it: `getMany`, `watch` and `awaitCompleted` are made of `get`, and `watchAll` of `listPage` or `list`. Of the calls of
 * given functions, the journal has those of `RoomSessions.get`. The client calls the given `get`, and nothing else. An error without
 * an `operation`, such as `new ServerUnavailable()`, has `RoomSessions.get`, whatever function fails with it.
 *
 * @param service functions of `RoomSessions`
 * @param recordings functions of `RoomRecordings`
 * @since 1.0.0
 * @category layers
 * @example
 * import { SignalWireError } from "@effect-signalwire/core"
 * import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
 * import { Effect } from "effect"
 *
 * const layer = RoomSessionsTest.layerPartial({
 *   get: id => id === "" ? new SignalWireError.InvalidRequest() : Effect.succeed(RoomSessionFixture.inProgress())
 * })
 */
export const layerPartial = (
  service: Partial<RoomSessions.Service>,
  recordings: Partial<RoomRecordings.Service> = {}
): Layer.Layer<Services> =>
  Layer.scopedContext(
    Effect.gen(function*() {
      const report = yield* makeReport
      const calls = journal.make({ countsRequests: false })
      const { get: given } = service
      const client: SignalWireClient.Service = {
        prepare: <S extends Endpoint.Spec>({ name }: Endpoint.Endpoint<S>) => {
          const call = ({ id }: { readonly id?: unknown }) =>
            name === get.name && given !== undefined
              ? calls.record(name, { id }, Effect.suspend(() => given(String(id))))
              : report(new TestSetupError(`RoomSessionsTest.layerPartial: ${name} was called and is not given`))
          // the endpoint with the name of `get` has its parameters and its result
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion
          return call as (input: Endpoint.Input<S>) => Effect.Effect<Endpoint.Success<S>, Endpoint.Error<S>>
        }
      }
      const notGiven = yield* services.make(client)
      const base = { ...notGiven.sessions, ...service }
      const recorded: RoomSessions.Service["get"] = id =>
        calls.record(get.name, { id }, Effect.suspend(() => base.get(id)))
      const listPage = service.listPage ?? (service.list === undefined ? base.listPage : asPage(service.list))
      return services.toContext({
        client,
        sessions: {
          ...base,
          ...derived.make({ get: recorded, listPage, watch: service.watch }),
          ...service,
          get: recorded
        },
        recordings: { ...notGiven.recordings, ...recordings }
      }, calls)
    })
  )

const describe = (response: unknown): string => {
  if (typeof response !== "object" || response === null) return String(response)
  if ("data" in response && Array.isArray(response.data)) return `page of ${response.data.length}`
  if (!Effect.isEffect(response)) {
    return [response.constructor.name, ...["id", "status"].map(key => Reflect.get(response, key))].filter(Boolean).join(
      " "
    )
  }
  return "_tag" in response && "operation" in response ? String(response._tag) : "an effect"
}

/**
 * Provides results in order, for all calls or by operation and parameters. A call takes one result. A call with invalid parameters
 * is `InvalidRequest` and takes none. An error without an `operation`, such as `new ServerUnavailable()`, has that of the call.
 *
 * A call without a result in the script ends with a defect that names it. The scope ends with the same defect, in case the code
 * under test catches it. Unused results at the end of the scope are a defect that lists them.
 *
 * @param script see `Script.when` for results by operation and parameters
 * @since 1.0.0
 * @category layers
 * @example
 * import { SignalWireError } from "@effect-signalwire/core"
 * import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
 *
 * const completedAtTheThirdPoll = RoomSessionsTest.layerScript([
 *   RoomSessionFixture.inProgress(),
 *   new SignalWireError.ServerUnavailable(),
 *   RoomSessionFixture.completed()
 * ])
 */
export const layerScript = (script: Script): Layer.Layer<Services> => {
  const owner = "RoomSessionsTest.layerScript"
  return Layer.scopedContext(
    Effect.gen(function*() {
      const report = yield* makeReport
      const cursor = yield* scriptCursor.make<unknown>(script, { owner, endpoints, noun: "call", describe })
      const respond: scriptedClient.Respond = (endpoint, given) =>
        Either.flatMap(
          encodeParameters(owner, endpoint, given),
          parameters => cursor.next({ name: endpoint.name, parameters, label: labelOf(endpoint.name, parameters) })
        )
      return yield* services.fromClient(scriptedClient.make(owner, respond, report))
    })
  )
}

/**
 * Provides the real pipeline over a scripted transport: the script has one response or connection error for each request.
 * Retries, delays, timeouts and limits are those of production, with `RequestPolicy.defaults` unless `policy` changes it. With
 * `TestClock` they take no time.
 *
 * A request without a response in the script is a defect that names it. Unused responses at the end of the scope are a defect
 * that lists them.
 *
 * @param script see `Script.when` for responses by operation and parameters
 * @param options the options of the client; default: those of `SignalWireClient.layer`
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
 *
 * const successAfterTwoRetries = RoomSessionsTest.layerTransport([
 *   ScriptedTransport.status(500),
 *   ScriptedTransport.status(500),
 *   ScriptedTransport.ok(RoomSessionFixture.inProgress())
 * ])
 */
export const layerTransport = (
  script: ScriptedTransport.Script,
  options: SignalWireClient.OptionsWithoutCredentials = {}
): Layer.Layer<Services, ConfigError.ConfigError> =>
  services.fromHttpClient(scriptedHttpClient.make("RoomSessionsTest.layerTransport", script), options)
