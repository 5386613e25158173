/** What a test does wrong, and how it gets to know. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"

/** A test that contradicts itself. It is no failure of the service, so it ends the test as a defect, with this message. */
export class Misuse extends Error {
  override readonly name = "TestMisuse"
}

/** Ends the call with a defect. */
export type Report = (misuse: Misuse) => Effect.Effect<never>

/**
 * Whoever calls may have caught the defect, or be a fiber that nobody looks at: so the scope ends with the first one that was
 * reported. A scope that fails already is left alone, since its own failure is the one to read.
 */
export const makeReport: Effect.Effect<Report, never, Scope.Scope> = Effect.suspend(() => {
  let first: Misuse | undefined
  return Effect.as(
    Effect.addFinalizer(exit => first === undefined || Exit.isFailure(exit) ? Effect.void : Effect.die(first)),
    (misuse: Misuse) =>
      Effect.suspend(() => {
        first ??= misuse
        return Effect.die(misuse)
      })
  )
})
