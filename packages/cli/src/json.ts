/** Encodes values of the service as JSON on one line. */

/** Escapes the control characters that JSON does not escape, since some terminals interpret them. */
const escapeControls = (text: string): string =>
  text.replace(/[\u007f-\u009f]/g, character => `\\u00${character.charCodeAt(0).toString(16)}`)

/** `toJSON` of a decoded value gives the form that the service sends, and cannot fail. */
export const encode = (value: { readonly toJSON: () => object }): string => escapeControls(JSON.stringify(value))
