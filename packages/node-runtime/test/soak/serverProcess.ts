/** The servers in a process of their own, so that only the client is in the figures. */
import { Effect } from "effect"
import * as servers from "./servers.ts"

process.on("disconnect", () => process.exit())
await Effect.runPromise(
  Effect.scoped(Effect.zipRight(Effect.map(servers.make, made => process.send?.(made)), Effect.never))
)
