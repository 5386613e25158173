/** Standard output, with what Node's console keeps to itself: that a text could not be written. */

const ignore = (): void => {}

/** Calls `done` when the text has left the process, or with the code of what stopped it, such as ENOSPC. */
export const write = (text: string, done: (problem?: string) => void): void => {
  const { stdout } = process
  // a failed write is also an event, which ends the process when nobody listens
  stdout.once("error", ignore)
  stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
    if (!error) stdout.off("error", ignore)
    // who closes a pipe early, as `head` does, has read enough
    done(error && error.code !== "EPIPE" ? error.code ?? error.message : undefined)
  })
}

/** What to say about such a problem, after the name of the command. */
export const unwritten = (problem: string) =>
  [
    `the output could not be written (${problem}).`,
    "Check where it goes: the disk of a file may be full."
  ] as const
