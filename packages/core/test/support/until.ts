import { Effect } from "effect"

/** Polls a condition on the live clock. The test times out where it never holds. */
export const until = (condition: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (condition() ? Effect.void : Effect.zipRight(Effect.sleep("1 millis"), until(condition))))
