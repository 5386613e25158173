/** Errors in the setup of a test. They end the test with a defect. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"

/** An error in the setup of a test. It is not an error of the service, so it is a defect. */
export class TestSetupError extends Error {
  override readonly name = "TestSetupError"
}

/** Ends the call with the error as a defect. */
export type Report = (error: TestSetupError) => Effect.Effect<never>

/**
 * Makes the report function of a layer. The code under test can catch the defect of a call, or run the call in a fiber that is
 * never joined, so the first reported error also ends the scope, unless the scope has failed already.
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
