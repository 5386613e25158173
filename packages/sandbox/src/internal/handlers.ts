/** The handlers of the endpoints of `VideoApi`, and its authentication. */
import { type RoomSession, SignalWireError } from "@effect-signalwire/core"
import { BasicAuth, VideoApi } from "@effect-signalwire/core/VideoApi"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as pages from "./pages.ts"
import type { State } from "./state.ts"

const basicAuth = ({ isAuthorized }: State) =>
  Layer.succeed(
    BasicAuth,
    BasicAuth.of({
      SignalWireBasicAuth: () =>
        Effect.flatMap(HttpServerRequest.HttpServerRequest, request =>
          isAuthorized(request.headers.authorization) ? Effect.void : Effect.fail(new SignalWireError.Unauthorized()))
    })
  )

/** The item with an id, in any case. */
const find = <A>(items: ReadonlyMap<string, A>, id: string): Effect.Effect<A, SignalWireError.NotFound> =>
  Effect.mapError(Effect.fromNullable(items.get(id.toLowerCase())), () => new SignalWireError.NotFound())

/** The contract declares no 404 for a list, so the list of an unknown id is empty. */
const group = <A>(items: ReadonlyMap<string, ReadonlyArray<A>>, id: string): ReadonlyArray<A> =>
  items.get(id.toLowerCase()) ?? []

interface Filter {
  readonly room_id?: string | undefined
  readonly room_name?: string | undefined
  readonly room_name_matches?: string | undefined
  readonly status?: string | undefined
}

const matches = ({ room_id, room_name, room_name_matches, status }: Filter) => (session: RoomSession.RoomSession) =>
  (room_id === undefined || session.room_id?.toLowerCase() === room_id.toLowerCase()) &&
  (room_name === undefined || session.name === room_name) &&
  (room_name_matches === undefined || (session.name ?? "").includes(room_name_matches)) &&
  (status === undefined || session.status === status)

const roomSessions = ({ index, url }: State) =>
  HttpApiBuilder.group(VideoApi, "roomSessions", handlers =>
    handlers
      .handle("get", ({ path }) => find(index.sessions, path.id))
      .handleRaw("list", ({ urlParams }) => pages.respond(url, index.listed.filter(matches(urlParams)), urlParams))
      .handleRaw("members", ({ path, urlParams }) => pages.respond(url, group(index.members, path.id), urlParams))
      .handleRaw("events", ({ path, urlParams }) => pages.respond(url, group(index.events, path.id), urlParams))
      .handleRaw(
        "recordings",
        ({ path, urlParams }) => pages.respond(url, group(index.recordingsBySession, path.id), urlParams)
      ))

const roomRecordings = ({ index, url }: State) =>
  HttpApiBuilder.group(VideoApi, "roomRecordings", handlers =>
    handlers
      .handle("get", ({ path }) => find(index.recordings, path.id))
      .handleRaw("list", ({ urlParams }) => pages.respond(url, [...index.recordings.values()], urlParams))
      .handleRaw(
        "events",
        ({ path, urlParams }) => pages.respond(url, group(index.eventsByRecording, path.id), urlParams)
      ))

export const layer = (state: State) =>
  Layer.provide(Layer.merge(roomSessions(state), roomRecordings(state)), basicAuth(state))
