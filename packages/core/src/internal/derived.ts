/** The operations of `RoomSessions` that are made of others. */
import type { Service } from "../RoomSessions.ts"
import * as many from "./many.ts"
import * as watch from "./watch.ts"
import * as watchAll from "./watchAll.ts"

export const make = (
  base: Pick<Service, "get" | "listPage"> & { readonly watch?: Service["watch"] | undefined }
): Pick<Service, "getMany" | "watch" | "awaitCompleted" | "watchAll"> => {
  const watchOne = base.watch ?? watch.make(base.get)
  return {
    getMany: many.make(base.get),
    watch: watchOne,
    awaitCompleted: watch.makeAwaitCompleted(watchOne),
    watchAll: watchAll.make(base.listPage)
  }
}
