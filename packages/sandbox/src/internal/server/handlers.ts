/** The handlers of the endpoints of `VideoApi`, and its authentication. */
import { SignalWireError } from "@effect-signalwire/core"
import { BasicAuth, VideoApi } from "@effect-signalwire/core/VideoApi"
import type * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import type * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { toSummary } from "../space/contents.ts"
import type { SessionEntry } from "../space/space.ts"
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

const found = <A>(item: A | undefined): Effect.Effect<A, SignalWireError.NotFound> =>
  item === undefined ? Effect.fail(new SignalWireError.NotFound()) : Effect.succeed(item)

interface Filter {
  readonly room_id?: string | undefined
  readonly room_name?: string | undefined
  readonly room_name_matches?: string | undefined
  readonly status?: string | undefined
}

const matches = ({ room_id, room_name, room_name_matches, status }: Filter) => ({ session }: SessionEntry) =>
  (room_id === undefined || session.room_id?.toLowerCase() === room_id.toLowerCase()) &&
  (room_name === undefined || session.name === room_name) &&
  (room_name_matches === undefined || (session.name ?? "").includes(room_name_matches)) &&
  (status === undefined || session.status === status)

const unchanged = <A>(item: A): A => item

const roomSessions = ({ now, space, url }: State) =>
  HttpApiBuilder.group(VideoApi, "roomSessions", handlers =>
    handlers
      .handle(
        "get",
        ({ path }) => Effect.map(found(space.session(path.id)), entry => toSummary(space.sessionAt(entry, now())))
      )
      .handleRaw(
        "list",
        ({ urlParams }) =>
          pages.respond(
            url,
            { items: space.sessions, matches: matches(urlParams), view: entry => space.sessionAt(entry, now()) },
            urlParams
          )
      )
      // the contract declares no 404 for these lists, so the list of an unknown id is empty
      .handleRaw(
        "members",
        ({ path, urlParams }) =>
          pages.respond(url, { items: space.members(path.id), view: entry => space.memberAt(entry, now()) }, urlParams)
      )
      .handleRaw(
        "events",
        ({ path, urlParams }) => pages.respond(url, { items: space.events(path.id), view: unchanged }, urlParams)
      )
      .handleRaw(
        "recordings",
        ({ path, urlParams }) =>
          pages.respond(url, {
            items: space.sessionRecordings(path.id),
            view: entry => space.recordingAt(entry, now())
          }, urlParams)
      ))

const roomRecordings = ({ now, space, url }: State) =>
  HttpApiBuilder.group(VideoApi, "roomRecordings", handlers =>
    handlers
      .handle(
        "get",
        ({ path }) => Effect.map(found(space.recording(path.id)), entry => space.recordingAt(entry, now()))
      )
      .handleRaw(
        "list",
        ({ urlParams }) =>
          pages.respond(url, { items: space.recordings, view: entry => space.recordingAt(entry, now()) }, urlParams)
      )
      .handleRaw(
        "events",
        ({ path, urlParams }) =>
          pages.respond(url, { items: space.recordingEvents(path.id), view: unchanged }, urlParams)
      ))

/** A service for each group of `VideoApi`. */
type Groups = typeof VideoApi extends HttpApi.HttpApi<infer Id, infer Groups, infer _E, infer _R>
  ? HttpApiGroup.HttpApiGroup.ToService<Id, Groups>
  : never

/** A group of `VideoApi` without handlers in this file is a type error here. */
export const layer = (state: State): Layer.Layer<Groups> =>
  Layer.provide(Layer.merge(roomSessions(state), roomRecordings(state)), basicAuth(state))
