import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { FetchHttpClient } from "@effect/platform"
import { Chunk, Clock, DateTime, Effect, Layer, Redacted, Stream } from "effect"
import { page } from "./page.ts"

/** The variables and secrets of the worker. */
export interface Env {
  readonly SIGNALWIRE_SPACE: string
  readonly SIGNALWIRE_PROJECT_ID: string
  readonly SIGNALWIRE_API_TOKEN: string
}

const sessionsOf = (env: Env) =>
  RoomSessions.layer.pipe(
    Layer.provide(SignalWireClient.layer({
      space: env.SIGNALWIRE_SPACE,
      projectId: env.SIGNALWIRE_PROJECT_ID,
      apiToken: Redacted.make(env.SIGNALWIRE_API_TOKEN)
    })),
    Layer.provide(FetchHttpClient.layer)
  )

interface LiveSession {
  readonly name: string | null
  readonly startedAt: string | null
}

/** What the page shows of the sessions in progress. All other fields stay in the worker. */
const list = Stream.unwrap(
  Effect.map(RoomSessions.RoomSessions, sessions => sessions.list({ status: "in-progress" }))
).pipe(
  Stream.take(100),
  Stream.map(({ display_name, name, start_time }): LiveSession => ({
    name: display_name ?? name,
    startedAt: start_time === null ? null : DateTime.formatIso(start_time)
  })),
  Stream.runCollect,
  Effect.map(Chunk.toReadonlyArray)
)

/** What a worker has for each of its requests. */
interface Context {
  readonly waitUntil: (promise: Promise<unknown>) => void
}

const startList = (env: Env) =>
  Effect.provide(list, sessionsOf(env)).pipe(
    Effect.tapError(error => Effect.logError(error.message)),
    Effect.either,
    Effect.runPromise
  )

const recent = new WeakMap<Env, { readonly until: number; readonly started: ReturnType<typeof startList> }>()

/** All pages that ask within two seconds share one list, or its error, also while its request is in progress. */
const liveSessions = (env: Env, context: Context | undefined) =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const last = recent.get(env)
    if (last !== undefined && now < last.until) return yield* Effect.promise(() => last.started)
    // a worker cannot use the connections of another request, so each list has a client of its own
    const started = startList(env)
    recent.set(env, { until: now + 2000, started })
    // the other pages wait for it even if this one is closed
    context?.waitUntil(started)
    return yield* Effect.promise(() => started)
  }).pipe(Effect.flatten)

const securityHeaders = {
  "content-security-policy":
    "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'",
  "x-content-type-options": "nosniff"
}

const liveResponse = (env: Env, context: Context | undefined) =>
  liveSessions(env, context).pipe(
    Effect.map(sessions => Response.json(sessions, { headers: { ...securityHeaders, "cache-control": "no-store" } })),
    Effect.catchAll(() => Effect.succeed(new Response("Unavailable", { status: 503 })))
  )

const html = { ...securityHeaders, "content-type": "text/html; charset=utf-8" }

export default {
  fetch: async (request: Request, env: Env, context?: Context): Promise<Response> => {
    if (request.method !== "GET") return new Response("Method Not Allowed", { status: 405, headers: { allow: "GET" } })
    switch (new URL(request.url).pathname) {
      case "/":
        return new Response(page, { headers: html })
      case "/sessions":
        return Effect.runPromise(liveResponse(env, context), { signal: request.signal })
      default:
        return new Response("Not Found", { status: 404 })
    }
  }
}
