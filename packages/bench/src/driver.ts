/** How a client is driven: one call, or many with so many of them in flight. */

export interface Driver {
  readonly once: () => Promise<unknown>
  readonly drive: (total: number, inFlight: number) => Promise<void>
}

export const ofPromise = (once: () => Promise<unknown>): Driver => ({
  once,
  drive: async (total, inFlight) => {
    let started = 0
    const loop = async () => {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what a loop in flight does
      while (started++ < total) await once()
    }
    await Promise.all(Array.from({ length: inFlight }, loop))
  }
})
