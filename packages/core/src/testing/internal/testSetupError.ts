/** Mistakes in the setup of a test, and how they end the test. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"

/** A test that contradicts itself. It is not an error of the service, so it ends the test as a defect. */
export class TestSetupError extends Error {
  override readonly name = "TestSetupError"
}

/** Ends the call with a defect. */
export type Report = (error: TestSetupError) => Effect.Effect<never>

/**
 * The code under test can catch the defect of a call, or run the call in a fiber that is never joined. So the first reported
 * error ends the scope as well, unless the scope has failed already.
 */
export const makeReport: Effect.Effect<Report, never, Scope.Scope> = Effect.suspend(() => {
  let first: TestSetupError | undefined
  return Effect.as(
    Effect.addFinalizer(exit => first === undefined || Exit.isFailure(exit) ? Effect.void : Effect.die(first)),
    (error: TestSetupError) =>
      Effect.suspend(() => {
        first ??= error
        return Effect.die(error)
      })
  )
})
