/** Finds the credentials in texts of a server. docs/decisions/secrets.md says in which encodings, and why. */
import * as Encoding from "effect/Encoding"

/** Whether a text contains a secret. */
export type ContainsSecret = (text: string) => boolean

export const redacted = "<redacted>"

/** A secret is found by its beginning, since texts are cut off. */
const prefixLength = 8

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0")

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")

/** How one character may be written. Letters and digits are the same in every encoding. */
const pattern = (character: string): string => {
  if (/[0-9a-z]/i.test(character)) return character
  const bytes = Array.from(new TextEncoder().encode(character))
  const encodings = [
    // unchanged, and in JSON or JSON in JSON
    `\\\\{0,3}${literal(character)}`,
    character.split("").map(unit => `\\\\{1,2}u${hex(unit.charCodeAt(0), 4)}`).join(""),
    // in URLs, encoded once or twice
    bytes.map(byte => `%(?:25)?${hex(byte, 2)}`).join(""),
    // in header values, of which the bytes are read as Latin-1
    literal(String.fromCharCode(...bytes))
  ]
  return `(?:${encodings.join("|")}${character === " " ? "|\\+" : ""})`
}

/**
 * Finds the token, and the user and the token of Basic authentication.
 *
 * @param pair `user:token` in base64, as the header has it
 */
export const contains = (token: string, pair: string): ContainsSecret => {
  const base64 = [pair, Encoding.encodeBase64(token)].map(text => text.replace(/=+$/, ""))
  const base64Url = base64.map(text => text.replaceAll("+", "-").replaceAll("/", "_"))
  const secrets = [token, ...base64, ...base64Url].filter(secret => secret !== "")
  const prefixes = new Set(secrets.map(secret => Array.from(secret).slice(0, prefixLength).map(pattern).join("")))
  // gateways write header values in lower case
  const anyPrefix = new RegExp(Array.from(prefixes).join("|"), "i")
  return text => anyPrefix.test(text)
}

/** Replaces a text that contains a secret. What surrounds the secret is removed too, since it may be the rest of it. */
export const redact = (text: string, containsSecret: ContainsSecret): string => containsSecret(text) ? redacted : text
