/**
 * An embedded SignalWire Video space: an HTTP server on loopback that responds like the service, for tests and for use of the
 * client without an account.
 *
 * @since 1.0.0
 */
import {
  type RoomRecording,
  type RoomSession,
  type RoomSessionEvent,
  type RoomSessionMember
} from "@effect-signalwire/core"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as HttpServer from "@effect/platform/HttpServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberHandle from "effect/FiberHandle"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Stream from "effect/Stream"
import { randomBytes } from "node:crypto"
import { path as controlPath } from "./internal/control/api.ts"
import { type Fault, FaultField } from "./internal/faults/fault.ts"
import { decodeAll, type FaultError } from "./internal/faults/faultError.ts"
import { Faults } from "./internal/faults/faults.ts"
import { type Response, ResponseField, toScripted } from "./internal/faults/script.ts"
import { isLoopback } from "./internal/host.ts"
import { play } from "./internal/scenario/play.ts"
import * as scenarios from "./internal/scenario/scenario.ts"
import * as app from "./internal/server/app.ts"
import * as authentication from "./internal/server/authentication.ts"
import * as certificates from "./internal/server/certificate.ts"
import type { ReceivedRequest } from "./internal/server/journal.ts"
import { Journal } from "./internal/server/journal.ts"
import type { ListenError } from "./internal/server/listener.ts"
import { listen } from "./internal/server/listener.ts"
import type { Control, State } from "./internal/server/state.ts"
import type { ChangeError } from "./internal/space/changeError.ts"
import { concat, type Contents, groupBy, located, toListed, toSummary } from "./internal/space/contents.ts"
import { generate } from "./internal/space/generate.ts"
import { seedContents } from "./internal/space/seedContents.ts"
import { Space } from "./internal/space/space.ts"

export { defaultScenario } from "./defaultScenario.ts"
export type { Fault, FaultScope } from "./internal/faults/fault.ts"
export { FaultError } from "./internal/faults/faultError.ts"
export type { Response } from "./internal/faults/script.ts"
export type { Transmission } from "./internal/faults/transmission.ts"
export type { DurationInput } from "./internal/fields.ts"
export type { Scenario, Step } from "./internal/scenario/scenario.ts"
export { ScenarioError } from "./internal/scenario/scenario.ts"
export type { ReceivedRequest } from "./internal/server/journal.ts"
export { ListenError } from "./internal/server/listener.ts"
export type { Operation } from "./internal/server/routes.ts"
export { ChangeError } from "./internal/space/changeError.ts"
export type { Contents } from "./internal/space/contents.ts"
export { html, rateLimited, session } from "./responses.ts"
export { seeds } from "./seeds.ts"

/**
 * The options of a sandbox.
 *
 * @since 1.0.0
 * @category models
 */
export interface Options {
  /** The port, a whole number from 0 to 65535; 0 is any free port. */
  readonly port: number
  /**
   * The sessions of the space, with different ids, in the order of the list. Default: none; without this option and the four below,
   * the space has `seeds` with their members, events and recordings. As an item of the list, a `RoomSessionSummary` costs what its
   * members cost; a `RoomSession` is listed unchanged.
   */
  readonly sessions?: ReadonlyArray<RoomSession.RoomSessionSummary | RoomSession.RoomSession> | undefined
  /** The members of the sessions, with different ids, in the order of their lists. */
  readonly members?: ReadonlyArray<RoomSessionMember.RoomSessionMember> | undefined
  /** The events of the sessions and of their recordings, with different ids, in the order of their lists. */
  readonly events?: ReadonlyArray<RoomSessionEvent.RoomSessionEvent> | undefined
  /** The recordings of the sessions, with different ids, in the order of their lists. */
  readonly recordings?: ReadonlyArray<RoomRecording.RoomRecording> | undefined
  /**
   * The number of completed sessions to generate for load, a whole number from 0 to 100,000; default 0. They follow `sessions`, have
   * two members each and a recording each fourth, and are the same in each run.
   */
  readonly generate?: number | undefined
  /** A scenario that is played from the start. The layer fails with `ScenarioError` for an invalid one. Default: none. */
  readonly scenario?: scenarios.Scenario | undefined
  /**
   * Whether a request chooses the status of its response by a header, such as `Prefer: code=503`. Default: false. Scripted responses
   * take precedence.
   */
  readonly prefer?: boolean | undefined
  /** The address to listen on. Default: `127.0.0.1`. Any other than that of loopback lets other machines use the sandbox. */
  readonly host?: string | undefined
  /**
   * The names by which clients address the sandbox, besides `localhost`, such as that of its container. They are in the certificate, and
   * the control endpoint accepts them. Default: none.
   */
  readonly hostNames?: ReadonlyArray<string> | undefined
  /** Whether the sandbox has TLS, with a certificate that is made for it: `ca` of the service. Default: false. */
  readonly tls?: boolean | undefined
  /**
   * Whether there is a control endpoint, and the console page at `/`: default false. Changes need the `token`, which is random by
   * default; with a `host` beyond loopback, reading needs it too. The page takes it from its address, `/#token=...`. Requests by other names than `hostNames` are rejected, since pages of other sites could send them.
   */
  readonly control?: boolean | { readonly token?: Redacted.Redacted | undefined } | undefined
  /** The user of Basic authentication. Default: `sandbox-project`. */
  readonly projectId?: string | undefined
  /** The password of Basic authentication. Default: `sandbox-token`. */
  readonly apiToken?: Redacted.Redacted | undefined
}

/**
 * The options of a client of a sandbox.
 *
 * @since 1.0.0
 * @category models
 */
export interface ClientOptions {
  /** Scheme, host and port, such as `http://127.0.0.1:4080`. */
  readonly baseUrl: string
  /** The user of Basic authentication. */
  readonly projectId: string
  /** The password of Basic authentication. */
  readonly apiToken: Redacted.Redacted
  /** The certificate to trust, in PEM, which only a sandbox with TLS has. */
  readonly ca?: string
}

/**
 * A running sandbox.
 *
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /** The address without a path, such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** The user of Basic authentication. */
  readonly projectId: string
  /** The password of Basic authentication. */
  readonly apiToken: Redacted.Redacted
  /** The certificate in PEM, to be trusted by clients; undefined without the option `tls`. */
  readonly ca: string | undefined
  /** The address of the control endpoint and its token; undefined without the option `control`. */
  readonly control: { readonly url: string; readonly token: Redacted.Redacted } | undefined
  /**
   * The options of `NodeSignalWire.layer` for a client of this sandbox; without the option `tls` also those of `SignalWireClient.layer`,
   * which has no `ca`.
   */
  readonly options: ClientOptions
  /** The sessions with which the space began, as `RoomSessions.get` returns them, in the order in which they were given. */
  readonly sessions: ReadonlyArray<RoomSession.RoomSessionSummary>
  /** The same sessions as `RoomSessions.list` returns them. */
  readonly listed: ReadonlyArray<RoomSession.RoomSession>
  /** The members with which the space began. */
  readonly members: ReadonlyArray<RoomSessionMember.RoomSessionMember>
  /** The events with which the space began. */
  readonly events: ReadonlyArray<RoomSessionEvent.RoomSessionEvent>
  /** The recordings with which the space began. */
  readonly recordings: ReadonlyArray<RoomRecording.RoomRecording>
  /** What the space contains now. */
  readonly contents: Effect.Effect<Contents>
  /**
   * Adds a session at the end of the list, or replaces the session with its id, and returns it as the list has it. The session is
   * served as it was given, except for the duration of a session in progress, which counts from its given value; from `start_time`,
   * when it is null. A change of the status to in-progress or completed adds the event `room.started` or `room.ended`; with the
   * latter, members leave and recordings end.
   *
   * @example
   * import { RoomSessionFixture } from "@effect-signalwire/core/testing"
   * import { SandboxSpace } from "@effect-signalwire/sandbox"
   * import { Effect } from "effect"
   *
   * const life = Effect.gen(function*() {
   *   const sandbox = yield* SandboxSpace.SandboxSpace
   *   const { id } = yield* sandbox.put(RoomSessionFixture.inProgress())
   *   const ada = yield* sandbox.addMember(id, { name: "Ada" })
   *   yield* sandbox.record(id)
   *   yield* sandbox.removeMember(ada.id)
   *   return yield* sandbox.end(id)
   * })
   */
  readonly put: (
    session: RoomSession.RoomSessionSummary | RoomSession.RoomSession
  ) => Effect.Effect<RoomSession.RoomSession>
  /**
   * Completes a session in progress: its recordings are completed, its members leave, and the session costs what they cost. Returns
   * the session as the list has it.
   */
  readonly end: (id: string) => Effect.Effect<RoomSession.RoomSession, ChangeError>
  /** Adds a member to a session in progress, and returns it. */
  readonly addMember: (
    id: string,
    member?: { readonly name?: string | null | undefined }
  ) => Effect.Effect<RoomSessionMember.RoomSessionMember, ChangeError>
  /** Ends the stay of a member, adds its cost to that of its session, and returns it. */
  readonly removeMember: (id: string) => Effect.Effect<RoomSessionMember.RoomSessionMember, ChangeError>
  /** Starts a recording of a session in progress. Returns the recording, which ends with its session at the latest. */
  readonly record: (id: string) => Effect.Effect<RoomRecording.RoomRecording, ChangeError>
  /** Completes a recording in progress. Returns the recording. */
  readonly endRecording: (id: string) => Effect.Effect<RoomRecording.RoomRecording, ChangeError>
  /**
   * Scripts the responses to the next requests of any endpoint, one response for each request. Each call appends to the script;
   * after the last scripted response, responses are as usual. Fails for a response that HTTP does not allow, and then no response of
   * the call is appended.
   *
   * @example
   * import { SandboxSpace } from "@effect-signalwire/sandbox"
   * import { Effect } from "effect"
   *
   * const twoErrors = Effect.flatMap(SandboxSpace.SandboxSpace, sandbox =>
   *   sandbox.respondNext(500, { status: 429, headers: { "retry-after": "1" } }))
   */
  readonly respondNext: (...responses: ReadonlyArray<Response>) => Effect.Effect<void, FaultError>
  /**
   * Replaces the faults of the space. Those of a scenario stay, and come after these; without arguments, the space has none of
   * both. Faults concern requests that no scripted response is for. Each
   * fault of a request delays its response, makes it, or changes how it is sent; of two that do the same, the first one does, except
   * that delays add up. Fails for an invalid fault, and then the faults do not change.
   *
   * @example
   * import { SandboxSpace } from "@effect-signalwire/sandbox"
   * import { Effect } from "effect"
   *
   * const unavailable = Effect.flatMap(SandboxSpace.SandboxSpace, sandbox =>
   *   sandbox.faults(
   *     { type: "status", status: 503, retryAfter: "1 second", requests: 2 },
   *     { type: "latency", delay: "200 millis", operation: "RoomSessions.list" }
   *   ))
   */
  readonly faults: (...faults: ReadonlyArray<Fault>) => Effect.Effect<void, FaultError>
  /**
   * Plays a scenario by the `Clock` with which the layer was built, and ends after its last step. Fails for an invalid scenario, and for
   * a step that is not possible.
   *
   * @example
   * import { SandboxSpace } from "@effect-signalwire/sandbox"
   * import { Effect } from "effect"
   *
   * const inTheBackground = Effect.flatMap(SandboxSpace.SandboxSpace, sandbox =>
   *   Effect.forkScoped(sandbox.play(SandboxSpace.defaultScenario)))
   */
  readonly play: (scenario: scenarios.Scenario) => Effect.Effect<void, scenarios.ScenarioError>
  /** The received requests in the order of arrival; at most the last 10,000. */
  readonly requests: Effect.Effect<ReadonlyArray<ReceivedRequest>>
  /** Each received request when it arrives, and again when it ends, from the time at which the stream runs. */
  readonly requestChanges: Stream.Stream<ReceivedRequest>
}

/**
 * The service of a running sandbox.
 *
 * @since 1.0.0
 * @category tags
 * @example
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 * import { Effect } from "effect"
 *
 * const statuses = Effect.gen(function*() {
 *   const sandbox = yield* SandboxSpace.SandboxSpace
 *   return (yield* sandbox.requests).map(request => request.status)
 * }).pipe(Effect.provide(SandboxSpace.layerTest))
 */
export class SandboxSpace extends Context.Tag("@effect-signalwire/sandbox/SandboxSpace")<SandboxSpace, Service>() {}

const defaultHost = "127.0.0.1"

const decodeResponses = decodeAll("SandboxSpace.respondNext", ResponseField)

const decodeFaults = decodeAll("SandboxSpace.faults", FaultField)

const controlOf = (
  { control, host = defaultHost }: Omit<Options, "port">,
  hosts: ReadonlyArray<string>
): Control | undefined => {
  if (control === undefined || control === false) return undefined
  const token = control === true ? undefined : control.token
  const isPrivate = !isLoopback(host)
  return { token: token ?? Redacted.make(randomBytes(18).toString("base64url")), isPrivate, hosts }
}

const maxGenerated = 100_000

/** The contents that the options describe. */
const contentsOf = (options: Omit<Options, "port">): Effect.Effect<Contents> => {
  const { events, generate: count, members, recordings, sessions } = options
  const given = [events, count, members, recordings, sessions]
  if (given.every(option => option === undefined)) return Effect.succeed(seedContents)
  if (count !== undefined && (!Number.isInteger(count) || count < 0 || count > maxGenerated)) {
    return Effect.dieMessage(`SandboxSpace: expected a whole number from 0 to 100,000 as generate, got ${count}`)
  }
  const bySession = groupBy(members ?? [], ({ room_session_id }) => room_session_id)
  const own: Contents = {
    sessions: (sessions ?? []).map(session => toListed(session, bySession.get(session.id.toLowerCase()) ?? [])),
    members: members ?? [],
    events: events ?? [],
    recordings: recordings ?? []
  }
  return Effect.sync(() => concat([own, generate(count ?? 0)]))
}

/**
 * Starts a sandbox. When the scope of the layer closes, the sandbox stops immediately and closes all connections. Sandboxes are
 * independent: any number can run at the same time. The layer fails with `ListenError` when the server cannot listen on the port, and
 * with `ScenarioError` for an invalid scenario of its options. Two sessions, members, events or recordings with the same id are a defect.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessions } from "@effect-signalwire/core"
 * import { NodeSignalWire } from "@effect-signalwire/node-runtime"
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 * import { Effect } from "effect"
 *
 * const program = Effect.flatMap(SandboxSpace.SandboxSpace, ({ options }) =>
 *   Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(SandboxSpace.seeds[0].id)).pipe(
 *     Effect.provide(NodeSignalWire.layer(options))
 *   )).pipe(Effect.provide(SandboxSpace.layer({ port: 4080 })))
 */
export const layer = (options: Options): Layer.Layer<SandboxSpace, ListenError | scenarios.ScenarioError> =>
  Layer.unwrapScoped(Effect.gen(function*() {
    const { apiToken = Redacted.make(authentication.defaultToken), projectId = "sandbox-project" } = options
    const clock = yield* Effect.clock
    const now = () => clock.unsafeCurrentTimeMillis()
    const { host = defaultHost, port, tls = false } = options
    const hostNames = [host, ...options.hostNames ?? []].map(name => name.toLowerCase())
    const certificate = tls ? yield* certificates.make(hostNames) : undefined
    const { reset, server, url } = yield* listen({ host, port, certificate })
    const { recordings, ...given } = yield* contentsOf(options)
    const contents = { ...given, recordings: recordings.map(recording => located(recording, url)) }
    const space = yield* Effect.sync(() => new Space(contents, url))
    const player = yield* FiberHandle.make<void>()
    const state: State = {
      url,
      projectId,
      apiToken,
      ca: certificate?.cert,
      space,
      now,
      isAuthorized: authentication.make(projectId, apiToken),
      journal: new Journal(now),
      script: [],
      faults: new Faults(),
      scenario: {
        start: scenario =>
          // the faults of the scenario before end with it
          FiberHandle.clear(player).pipe(
            Effect.zipRight(
              FiberHandle.run(player, Effect.catchAll(play(state, scenario), ({ message }) => Effect.logError(message)))
            ),
            Effect.asVoid
          ),
        stop: FiberHandle.clear(player)
      },
      control: controlOf(options, hostNames),
      prefer: options.prefer ?? false,
      reset
    }
    if (options.scenario !== undefined) {
      yield* state.scenario.start(yield* scenarios.validate(options.scenario))
    }
    const serving = app.serve(state).pipe(
      Layer.provide(Layer.succeed(HttpServer.HttpServer, server)),
      Layer.provide(NodeHttpServer.layerContext)
    )
    const service = SandboxSpace.of({
      url,
      projectId,
      apiToken,
      control: state.control === undefined ? undefined : { url: `${url}${controlPath}`, token: state.control.token },
      ca: certificate?.cert,
      options: {
        baseUrl: url,
        projectId,
        apiToken,
        ...(certificate === undefined ? {} : { ca: certificate.cert })
      },
      sessions: contents.sessions.map(toSummary),
      listed: contents.sessions,
      members: contents.members,
      events: contents.events,
      recordings: contents.recordings,
      contents: Effect.sync(() => space.snapshot(now())),
      put: session => Effect.sync(() => space.put(session, now())),
      end: id => Effect.suspend(() => space.end(id, now())),
      addMember: (id, { name = null } = {}) => Effect.suspend(() => space.addMember(id, name, now())),
      removeMember: id => Effect.suspend(() => space.removeMember(id, now())),
      record: id => Effect.suspend(() => space.record(id, now())),
      endRecording: id => Effect.suspend(() => space.endRecording(id, now())),
      respondNext: (...responses) =>
        Effect.map(decodeResponses(responses), valid => void state.script.push(...valid.map(toScripted))),
      faults: (...faults) =>
        faults.length === 0
          ? Effect.sync(() => state.faults.clear())
          : Effect.map(decodeFaults(faults), valid => state.faults.given.set(valid)),
      play: scenario =>
        Effect.flatMap(scenarios.validate(scenario), valid => Effect.withClock(play(state, valid), clock)),
      requests: Effect.sync(() => state.journal.snapshot()),
      requestChanges: state.journal.changes
    })
    return Layer.merge(Layer.succeed(SandboxSpace, service), serving)
  }))

/**
 * Starts a sandbox on a free port, for tests. The layer fails with `ListenError` when the server cannot listen on any port.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessionFixture } from "@effect-signalwire/core/testing"
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 *
 * const oneSession = SandboxSpace.layerTestWith({ sessions: [RoomSessionFixture.completed({ duration: "1 hour" })] })
 */
export const layerTestWith = (
  options: Omit<Options, "port">
): Layer.Layer<SandboxSpace, ListenError | scenarios.ScenarioError> => layer({ ...options, port: 0 })

/**
 * Starts a sandbox with the sessions of `seeds` on a free port, for tests. The layer fails with `ListenError` when the server
 * cannot listen on any port.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 * import { Effect } from "effect"
 *
 * const url = Effect.map(SandboxSpace.SandboxSpace, ({ url }) => url).pipe(Effect.provide(SandboxSpace.layerTest))
 */
export const layerTest: Layer.Layer<SandboxSpace, ListenError | scenarios.ScenarioError> = layerTestWith({})

/**
 * A sandbox and a client of it: the layer that `makeLayer` makes of the options of the client, and the sandbox itself. It listens on a
 * free port unless the options have another one. Each build of the layer has a sandbox of its own.
 *
 * @param makeLayer such as `NodeSignalWire.layer`, or the layer of an application with its client
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessions } from "@effect-signalwire/core"
 * import { NodeSignalWire } from "@effect-signalwire/node-runtime"
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const sandbox = yield* SandboxSpace.SandboxSpace
 *   const sessions = yield* RoomSessions.RoomSessions
 *   yield* sandbox.respondNext(500, 500)
 *   return yield* sessions.get(SandboxSpace.seeds[0].id)
 * }).pipe(Effect.provide(SandboxSpace.layerWired(NodeSignalWire.layer)))
 */
export const layerWired = <A, E, R>(
  makeLayer: (options: ClientOptions) => Layer.Layer<A, E, R>,
  options: Partial<Options> = {}
): Layer.Layer<A | SandboxSpace, E | ListenError | scenarios.ScenarioError, R> =>
  Layer.unwrapEffect(Effect.map(SandboxSpace, sandbox => makeLayer(sandbox.options))).pipe(
    Layer.provideMerge(layer({ port: 0, ...options }))
  )

/**
 * Reads a scenario from YAML or JSON, for `play`. Fails for what is not a scenario.
 *
 * @since 1.0.0
 * @category scenarios
 * @example
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 *
 * const scenario = SandboxSpace.parseScenario(`
 * steps:
 *   - { at: 0 seconds, do: start, session: kick-off }
 *   - { at: 1 second, do: join, session: kick-off, member: Ada }
 *   - { at: 5 seconds, do: end, session: kick-off }
 * `)
 */
export const parseScenario = (text: string): Effect.Effect<scenarios.Scenario, scenarios.ScenarioError> =>
  scenarios.parse(text)
