/** How requests are aborted. */
import type { AbortReason } from "../../Transport.ts"

export type Abort = (reason: AbortReason) => void

/** Aborts a request and ignores an exception of the transport, which would end the process where a timer calls this function. */
export const abortQuietly = (abort: Abort, reason: AbortReason): void => {
  try {
    abort(reason)
  } catch {
    // the result of the attempt does not depend on the abort
  }
}
