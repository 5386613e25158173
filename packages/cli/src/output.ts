/** Writes to standard output and reports errors, which Node's console does not. */

const ignore = (): void => {}

/** The code of the error when the reader of a pipe has closed it, for example `head`. The command then ends, and it is no error. */
export const closed = "EPIPE"

/** The defect that ends a command whose output nothing reads. */
export class OutputClosed extends Error {}

/** Writes a text. `done` is called without an argument when the text is written, otherwise with the code of the error, such as ENOSPC. */
export const write = (text: string | Uint8Array, done: (code?: string) => void): void => {
  const { stdout } = process
  // an error without a listener would end the process
  stdout.once("error", ignore)
  stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
    if (!error) stdout.off("error", ignore)
    done(error ? error.code ?? error.message : undefined)
  })
}

/** The lines for standard error. */
export const linesOfWriteError = (code: string) =>
  [
    `the output could not be written (${code}).`,
    "Check the destination of the output: its disk may be full."
  ] as const
