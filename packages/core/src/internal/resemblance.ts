/** Whether a text contains the credentials, however they were written down, or a good part of them. */
import * as Encoding from "effect/Encoding"

/** The bytes of UTF-8 as characters, which is how a header and undone percents come. */
const bytesOf = (text: string): string =>
  Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join("")

const byteOf = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16))

const pointOf = (point: number): string => point <= 0x10ffff ? bytesOf(String.fromCodePoint(point)) : ""

/** Percents, `\x00`, `\u0000` and HTML's references; every other escape is a mark before the character itself. */
const unescapeOnce = (bytes: string): string =>
  bytes
    .replace(/(?:%|\\x)([0-9a-f]{2})/gi, (_, hex: string) => byteOf(hex))
    // together, since a character may be two of them
    .replace(/(?:\\u[0-9a-f]{4})+/gi, units => bytesOf(units.replace(/\\u(.{4})/gi, (_, hex: string) => byteOf(hex))))
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_, hex: string) => pointOf(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});?/g, (_, digits: string) => pointOf(Number(digits)))
    .replace(/&(?:amp|lt|gt|quot|apos|nbsp);/g, "")

/** No server escapes more often than that. */
const maxEscapes = 4

/**
 * Without escapes, and without what they and the alphabets of base64 write in different ways: blanks, quotes, padding and
 * the like.
 */
const canonical = (bytes: string): string => {
  let current = bytes
  for (let turn = 0; turn < maxEscapes; turn++) current = unescapeOnce(current)
  return current.replace(/[\s+\\"'&<>=/_-]/g, "").toLowerCase()
}

/** So many letters and digits in a row are no coincidence; fewer of a secret do not give it away. */
const telling = 8

const windows = (secret: string): ReadonlyArray<string> =>
  Array.from(
    { length: Math.max(0, secret.length - telling + 1) },
    (_, start) => secret.slice(start, start + telling)
  )

const lettersAndDigits = (text: string): string => text.replace(/[^0-9a-z]/g, "")

const containsAny = (text: string, parts: ReadonlyArray<string>): boolean => parts.some(part => text.includes(part))

/**
 * The token and the pair of Basic authentication as they are, in base64 and in hexadecimal digits; base64 depends on where in
 * its text a secret begins.
 */
const formsOf = (token: string, pair: string): ReadonlyArray<string> => [
  token,
  pair,
  ...[token, `-${token}`, `--${token}`, `Basic ${pair}`].map(text => Encoding.encodeBase64(text)),
  Encoding.encodeHex(token)
]

export const make = (token: string, pair: string): (text: string) => boolean => {
  const secrets = formsOf(token, pair)
  const whole = secrets.map(secret => canonical(bytesOf(secret))).filter(form => form !== "")
  const parts = [...new Set(whole.map(lettersAndDigits).flatMap(windows))]
  return text =>
    secrets.some(secret => text.includes(secret)) ||
    [text, bytesOf(text)].map(canonical).some(form =>
      containsAny(form, whole) || containsAny(lettersAndDigits(form), parts)
    )
}
