/** Waits for a condition that does not depend on Effect, and not for a time by which it might hold. */
import { Effect } from "effect"

/** Polls every millisecond without an end: the test's timeout fails a condition that never holds. */
export const until = (holds: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (holds() ? Effect.void : Effect.zipRight(Effect.sleep("1 millis"), until(holds))))
