/** Standard output with its errors, which Node's console does not report. */

const ignore = (): void => {}

/** Calls `done` when the text is written, or with the code of the error, such as ENOSPC. */
export const write = (text: string, done: (code?: string) => void): void => {
  const { stdout } = process
  // an error without a listener would end the process
  stdout.once("error", ignore)
  stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
    if (!error) stdout.off("error", ignore)
    // a pipe that its reader closed, as `head` does, is no error
    done(error && error.code !== "EPIPE" ? error.code ?? error.message : undefined)
  })
}

/** The lines about such an error. */
export const notWritten = (code: string) =>
  [
    `the output could not be written (${code}).`,
    "Check where it goes: the disk of a file may be full."
  ] as const
