/** Waits for a condition outside of Effect, and not for an estimated time. */
import { Effect } from "effect"

/** Polls every millisecond without an end: the test's timeout fails a condition that never holds. */
export const until = (holds: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (holds() ? Effect.void : Effect.zipRight(Effect.sleep("1 millis"), until(holds))))
