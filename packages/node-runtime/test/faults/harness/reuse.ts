/** Scripts for connections that are used more than once, and for several connections at a time. */
import { Deferred, Effect } from "effect"
import type { Script } from "./rawServer.ts"

/** What happens to the first request of a connection, and to each later one. */
export const onReuse = (first: Script, later: Script): Script => {
  const used = new WeakSet<object>()
  return request => {
    const script = used.has(request.socket) ? later : first
    used.add(request.socket)
    return script(request)
  }
}

/** Holds the first requests until there are `count` of them, so that each has a connection of its own. */
export const barrier = (count: number, script: Script): Effect.Effect<Script> =>
  Effect.map(
    Deferred.make<void>(),
    arrived => request =>
      Effect.when(Deferred.succeed(arrived, undefined), () => request.number >= count).pipe(
        Effect.zipRight(Deferred.await(arrived)),
        Effect.zipRight(script(request))
      )
  )
