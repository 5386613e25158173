/** Drivers call a client: once, or in several loops with one call at a time while `isRunning` returns true. */

export interface Driver {
  readonly once: () => Promise<unknown>
  readonly drive: (isRunning: () => boolean, inFlight: number) => Promise<void>
}

export const ofPromise = (once: () => Promise<unknown>): Driver => ({
  once,
  drive: async (isRunning, inFlight) => {
    const loop = async () => {
      // oxlint-disable-next-line no-await-in-loop -- a loop has one call at a time
      while (isRunning()) await once()
    }
    await Promise.all(Array.from({ length: inFlight }, loop))
  }
})
