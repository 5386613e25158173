/** Finds the credentials in texts of a server. docs/decisions/secrets.md lists the encodings and the reasons. */
import * as Encoding from "effect/Encoding"

/** Whether a text contains a secret. */
export type ContainsSecret = (text: string) => boolean

export const redacted = "<redacted>"

/** A secret is found by its first characters, since texts are truncated. */
const prefixLength = 8

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0")

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")

/**
 * Replaces consecutive backslashes with one, since JSON doubles backslashes at each encoding. So the pattern has no
 * repetition of them, and a match takes linear time.
 */
const withSingleBackslashes = (text: string): string => text.replace(/\\+/g, "\\")

/** The pattern of one character in any encoding. Letters and digits are the same in every encoding. */
const pattern = (character: string): string => {
  if (/[0-9a-z]/i.test(character)) return character
  const bytes = Array.from(new TextEncoder().encode(character))
  const encodings = [
    // unchanged, in JSON, or in JSON inside of JSON
    `\\\\?${escapeRegExp(character)}`,
    character.split("").map(unit => `\\\\u${hex(unit.charCodeAt(0), 4)}`).join(""),
    // in URLs, encoded once or twice
    bytes.map(byte => `%(?:25)?${hex(byte, 2)}`).join(""),
    // in header values, whose bytes are read as Latin-1
    escapeRegExp(String.fromCharCode(...bytes))
  ]
  return `(?:${encodings.join("|")}${character === " " ? "|\\+" : ""})`
}

/**
 * Makes the function that finds the token or the credentials of Basic authentication.
 *
 * @param pair `user:token` in base64, as in the `authorization` header
 */
export const contains = (token: string, pair: string): ContainsSecret => {
  const base64 = [pair, Encoding.encodeBase64(token)].map(text => text.replace(/=+$/, ""))
  const base64Url = base64.map(text => text.replaceAll("+", "-").replaceAll("/", "_"))
  const secrets = [token, ...base64, ...base64Url].filter(secret => secret !== "")
  const prefixes = new Set(
    secrets.map(secret => Array.from(withSingleBackslashes(secret)).slice(0, prefixLength).map(pattern).join(""))
  )
  // gateways write header values in lower case
  const anyPrefix = new RegExp(Array.from(prefixes).join("|"), "i")
  return text => anyPrefix.test(withSingleBackslashes(text))
}

/** Replaces a text that contains a secret. The whole text is replaced, since the rest of the secret may follow anywhere. */
export const redact = (text: string, containsSecret: ContainsSecret): string => containsSecret(text) ? redacted : text
