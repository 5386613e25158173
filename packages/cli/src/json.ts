/** Encodes values of the service and errors as JSON on one line. */
import type { CommandError } from "./CommandError.ts"

/** Escapes the control characters that JSON does not escape, since some terminals interpret them. */
const escapeControls = (text: string): string =>
  text.replace(/[\u007f-\u009f]/g, character => `\\u00${character.charCodeAt(0).toString(16)}`)

/** The form that the service sends, for a decoded value. */
export const stringify = (value: object): string => escapeControls(JSON.stringify(value))

/**
 * The document of an error. Each document has all keys.
 *
 * @param id the id that the error is about, where the command has several
 */
export const encodeError = ({ details, lines: [message, ...advice] }: CommandError, id?: string): string =>
  stringify({
    ...(id === undefined ? {} : { id }),
    tag: details?.tag ?? "CommandError",
    status: details?.status ?? null,
    message,
    details: details?.details ?? [],
    requestId: details?.requestId ?? null,
    retryable: details?.retryable ?? false,
    advice
  })
