/** Turns a row that is about no transport in particular into a test. */
import { it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import * as invariant from "./invariant.ts"
import * as matrix from "./matrix.ts"
import { timeoutMillis } from "./row.ts"

/** The test of a row; at its end nothing is left behind. */
export const once = (
  number: matrix.Number,
  test: Effect.Effect<void, never, Scope.Scope>,
  timeout = timeoutMillis
): void =>
  it.live(
    `row ${number}: ${matrix.matrix[number].stimulus}`,
    () => invariant.leavesNothingBehind(Effect.scoped(test)),
    timeout
  )
