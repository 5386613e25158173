/**
 * A space of your own: a real HTTP server on loopback that responds as SignalWire Video does, for tests and for trying things
 * out without an account.
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
import * as authentication from "./internal/authentication.ts"
import type { ReceivedRequest } from "./internal/journal.ts"
import { Journal } from "./internal/journal.ts"
import type { ListenError } from "./internal/listener.ts"
import { listen, urlOf } from "./internal/listener.ts"
import type { Response } from "./internal/responses.ts"
import { toScript } from "./internal/responses.ts"
import * as space from "./internal/space.ts"
import { seeds } from "./sessions.ts"

export type { ReceivedRequest } from "./internal/journal.ts"
export { ListenError } from "./internal/listener.ts"
export type { Response } from "./internal/responses.ts"
export { seeds } from "./sessions.ts"

/**
 * @since 1.0.0
 * @category models
 */
export interface Options {
  /** The port of 127.0.0.1 to listen on; 0 takes one that is free. */
  readonly port: number
  /** The sessions that exist, each with an id of its own; default `seeds`. */
  readonly sessions?: ReadonlyArray<RoomSession.RoomSessionSummary> | undefined
  /** Default `sandbox-project`. */
  readonly projectId?: string | undefined
  /** Default `sandbox-token`. */
  readonly apiToken?: Redacted.Redacted | undefined
}

/**
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string
  readonly projectId: string
  readonly apiToken: Redacted.Redacted
  /** For `NodeSignalWire.layer` or `SignalWireClient.layer`. */
  readonly options: {
    readonly baseUrl: string
    readonly projectId: string
    readonly apiToken: Redacted.Redacted
  }
  /** The sessions that exist. */
  readonly sessions: ReadonlyArray<RoomSession.RoomSessionSummary>
  /**
   * Responds to the next requests, whatever they ask for, with these, one each; afterwards as usual. Further calls add to the
   * end. A response that HTTP does not allow is a defect that says so.
   */
  readonly respondNext: (...responses: ReadonlyArray<Response>) => Effect.Effect<void>
  /** The requests received so far, in the order in which they arrived; the last 10,000 of them. */
  readonly requests: Effect.Effect<ReadonlyArray<ReceivedRequest>>
}

/**
 * @since 1.0.0
 * @category tags
 */
export class SandboxSpace extends Context.Tag("@effect-signalwire/sandbox/SandboxSpace")<SandboxSpace, Service>() {}

/**
 * Starts a sandbox, which ends with the layer: at once, and its open connections with it. Any number can run at the same
 * time. Two sessions with the same id are a defect that names it.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessions } from "@effect-signalwire/core"
 * import { NodeSignalWire } from "@effect-signalwire/node-runtime"
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 * import { Effect, Layer } from "effect"
 *
 * const live = Layer.unwrapEffect(
 *   Effect.map(SandboxSpace.SandboxSpace, ({ options }) => NodeSignalWire.layer(options))
 * ).pipe(Layer.provideMerge(SandboxSpace.layer({ port: 0 })))
 *
 * const program = Effect.gen(function*() {
 *   const sandbox = yield* SandboxSpace.SandboxSpace
 *   const sessions = yield* RoomSessions.RoomSessions
 *   yield* sandbox.respondNext(500, 500)
 *   return yield* sessions.get(SandboxSpace.seeds[0].id)
 * }).pipe(Effect.provide(live))
 */
export const layer = (options: Options): Layer.Layer<SandboxSpace, ListenError> =>
  Layer.unwrapScoped(Effect.gen(function*() {
    const { apiToken = Redacted.make("sandbox-token"), projectId = "sandbox-project", sessions = seeds } = options
    const byId = yield* space.byId(sessions)
    const server = yield* listen(options.port)
    const url = urlOf(server, options.port)
    const state: space.Space = {
      sessions: byId,
      isAuthorized: authentication.make(projectId, apiToken),
      journal: new Journal(),
      script: []
    }
    const serving = space.serve(state).pipe(
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
        Effect.map(Effect.forEach(responses, toScript), scripts => void state.script.push(...scripts)),
      requests: Effect.sync(() => state.journal.snapshot())
    })
    return Layer.merge(Layer.succeed(SandboxSpace, service), serving)
  }))

/**
 * A sandbox with these sessions on a port that is free.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerTestWith = (options: Omit<Options, "port">): Layer.Layer<SandboxSpace, ListenError> =>
  layer({ ...options, port: 0 })

/**
 * A sandbox with the sessions of `seeds` on a port that is free.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerTest: Layer.Layer<SandboxSpace, ListenError> = layerTestWith({})
