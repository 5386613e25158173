/** Servers that tell a connection's first request from its later ones. */
import { Deferred, Effect } from "effect"
import type { Script } from "./rawServer.ts"

/** What happens to the first request of a connection, and to each later one. */
export const onReuse = (first: Script, later: Script): Script => {
  const used = new WeakSet<object>()
  return exchange => {
    const script = used.has(exchange.socket) ? later : first
    used.add(exchange.socket)
    return script(exchange)
  }
}

/** Holds the first requests back until there are as many as that, so that each has a connection of its own. */
export const together = (count: number, script: Script): Effect.Effect<Script> =>
  Effect.map(
    Deferred.make<void>(),
    arrived => exchange =>
      Effect.when(Deferred.succeed(arrived, undefined), () => exchange.number >= count).pipe(
        Effect.zipRight(Deferred.await(arrived)),
        Effect.zipRight(script(exchange))
      )
  )
