/** Runs streams page by page. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { withSignOfLife } from "./slow.ts"

/** Runs an effect for each page, as soon as it arrives. */
export const forEachPage = <A, E, R, E2, R2>(
  items: Stream.Stream<A, E, R>,
  f: (page: ReadonlyArray<A>) => Effect.Effect<void, E2, R2>
) =>
  Effect.scoped(Effect.flatMap(Stream.toPull(items), pull => {
    const next = Effect.map(withSignOfLife(pull), Chunk.toReadonlyArray).pipe(
      Effect.flatMap(page => page.length === 0 ? Effect.void : Effect.mapError(f(page), Option.some))
    )
    return Effect.catchAll(
      Effect.forever(next),
      (error: Option.Option<E | E2>) => Option.isSome(error) ? Effect.fail(error.value) : Effect.void
    )
  }))
