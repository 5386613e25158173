import { Effect } from "effect"

/** Waits for what happens outside of the effect; the test's timeout tells what never happens. */
export const until = (isSo: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (isSo() ? Effect.void : Effect.zipRight(Effect.sleep("1 millis"), until(isSo))))
