/** The code of an error of Node, such as `ENOENT`. Its message can have what must not be printed, such as the password of a proxy. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "unknown error"
