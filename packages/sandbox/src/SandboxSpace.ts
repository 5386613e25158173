/**
 * An embedded SignalWire Video space: an HTTP server on loopback that responds like the service, for tests and for use of the
 * client without an account.
 *
 * @since 1.0.0
 */
import type { RoomSession } from "@effect-signalwire/core"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as HttpServer from "@effect/platform/HttpServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as app from "./internal/app.ts"
import * as authentication from "./internal/authentication.ts"
import type { ReceivedRequest } from "./internal/journal.ts"
import { Journal } from "./internal/journal.ts"
import type { ListenError } from "./internal/listener.ts"
import { listen, urlOf } from "./internal/listener.ts"
import type { Response } from "./internal/script.ts"
import { validate } from "./internal/script.ts"
import { byId, type State } from "./internal/state.ts"
import { seeds } from "./seeds.ts"

export type { ReceivedRequest } from "./internal/journal.ts"
export { ListenError } from "./internal/listener.ts"
export type { Response } from "./internal/script.ts"
export { seeds } from "./seeds.ts"

/**
 * The options of a sandbox.
 *
 * @since 1.0.0
 * @category models
 */
export interface Options {
  /** The port of 127.0.0.1, a whole number from 0 to 65535; 0 is any free port. */
  readonly port: number
  /** The sessions of the space, with different ids. Default: `seeds`. */
  readonly sessions?: ReadonlyArray<RoomSession.RoomSessionSummary> | undefined
  /** The user of Basic authentication. Default: `sandbox-project`. */
  readonly projectId?: string | undefined
  /** The password of Basic authentication. Default: `sandbox-token`. */
  readonly apiToken?: Redacted.Redacted | undefined
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
  /** The options of `NodeSignalWire.layer` or `SignalWireClient.layer` for a client of this sandbox. */
  readonly options: {
    readonly baseUrl: string
    readonly projectId: string
    readonly apiToken: Redacted.Redacted
  }
  /** The sessions of the space, in the order in which they were given. */
  readonly sessions: ReadonlyArray<RoomSession.RoomSessionSummary>
  /**
   * Scripts the responses to the next requests of any endpoint, one response for each request. Each call appends to the script;
   * after the last scripted response, responses are as usual. A response that HTTP does not allow is a defect, and then no
   * response of the call is appended.
   *
   * @example
   * import { SandboxSpace } from "@effect-signalwire/sandbox"
   * import { Effect } from "effect"
   *
   * const twoErrors = Effect.flatMap(SandboxSpace.SandboxSpace, sandbox =>
   *   sandbox.respondNext(500, { status: 429, headers: { "retry-after": "1" } }))
   */
  readonly respondNext: (...responses: ReadonlyArray<Response>) => Effect.Effect<void>
  /** The received requests in the order of arrival; at most the last 10,000. */
  readonly requests: Effect.Effect<ReadonlyArray<ReceivedRequest>>
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

/**
 * Starts a sandbox. When the scope of the layer closes, the sandbox stops immediately and closes all connections. Sandboxes are
 * independent: any number can run at the same time. The layer fails with `ListenError` when the server cannot listen on the port.
 * Two sessions with the same id are a defect.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessions } from "@effect-signalwire/core"
 * import { NodeSignalWire } from "@effect-signalwire/node-runtime"
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 * import { Effect, Layer } from "effect"
 *
 * const client = Layer.unwrapEffect(
 *   Effect.map(SandboxSpace.SandboxSpace, ({ options }) => NodeSignalWire.layer(options))
 * ).pipe(Layer.provideMerge(SandboxSpace.layer({ port: 0 })))
 *
 * const program = Effect.gen(function*() {
 *   const sandbox = yield* SandboxSpace.SandboxSpace
 *   const sessions = yield* RoomSessions.RoomSessions
 *   yield* sandbox.respondNext(500, 500)
 *   return yield* sessions.get(SandboxSpace.seeds[0].id)
 * }).pipe(Effect.provide(client))
 */
export const layer = (options: Options): Layer.Layer<SandboxSpace, ListenError> =>
  Layer.unwrapScoped(Effect.gen(function*() {
    const { apiToken = Redacted.make("sandbox-token"), projectId = "sandbox-project", sessions = seeds } = options
    const found = yield* byId(sessions)
    const server = yield* listen(options.port)
    const url = urlOf(server, options.port)
    const state: State = {
      sessions: found,
      isAuthorized: authentication.make(projectId, apiToken),
      journal: new Journal(),
      script: []
    }
    const serving = app.serve(state).pipe(
      Layer.provide(Layer.succeed(HttpServer.HttpServer, server)),
      Layer.provide(NodeHttpServer.layerContext)
    )
    const service = SandboxSpace.of({
      url,
      projectId,
      apiToken,
      options: { baseUrl: url, projectId, apiToken },
      sessions,
      respondNext: (...responses) =>
        Effect.map(Effect.forEach(responses, validate), valid => void state.script.push(...valid)),
      requests: Effect.sync(() => state.journal.snapshot())
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
export const layerTestWith = (options: Omit<Options, "port">): Layer.Layer<SandboxSpace, ListenError> =>
  layer({ ...options, port: 0 })

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
export const layerTest: Layer.Layer<SandboxSpace, ListenError> = layerTestWith({})
