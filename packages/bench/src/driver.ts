/** How a client is driven: one call, or one after the other in each of several loops, for as long as it goes on. */

export interface Driver {
  readonly once: () => Promise<unknown>
  readonly drive: (goesOn: () => boolean, inFlight: number) => Promise<void>
}

export const ofPromise = (once: () => Promise<unknown>): Driver => ({
  once,
  drive: async (goesOn, inFlight) => {
    const loop = async () => {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what a loop in flight does
      while (goesOn()) await once()
    }
    await Promise.all(Array.from({ length: inFlight }, loop))
  }
})
