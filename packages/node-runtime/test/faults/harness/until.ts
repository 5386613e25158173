/** Waits for an event outside of Effect, and not for a time by which it might have happened. */
import { Effect } from "effect"

/** Looks every millisecond, without an end: the test's timeout tells what never happens. */
export const until = (isSo: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (isSo() ? Effect.void : Effect.zipRight(Effect.sleep("1 millis"), until(isSo))))
