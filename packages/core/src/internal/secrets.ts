/** Whether a text contains the credentials, however they were written down, or a good part of them. */
import * as Encoding from "effect/Encoding"

/** No function takes more arguments than that. */
const mostArguments = 8192

/** The bytes of UTF-8 as characters, which is how a header and undone percents come. */
const bytesOf = (text: string): string => {
  const bytes = new TextEncoder().encode(text)
  let written = ""
  for (let start = 0; start < bytes.length; start += mostArguments) {
    written += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(start, start + mostArguments))
  }
  return written
}

const byteOf = (escape: string): string => String.fromCharCode(Number.parseInt(escape.slice(-2), 16))
const unitOf = (escape: string): string => String.fromCharCode(Number.parseInt(escape.slice(2), 16))

const pointOf = (point: number): string =>
  point < 0x80 ? String.fromCharCode(point) : point <= 0x10ffff ? bytesOf(String.fromCodePoint(point)) : ""

/** Percents, `\x00`, `\u0000` and HTML's references; every other escape is a mark before the character itself. */
const undo = (text: string): string =>
  text
    .replace(/%[0-9a-f]{2}|\\x[0-9a-f]{2}/gi, byteOf)
    // together, since a character may be two of them
    .replace(/(?:\\u[0-9a-f]{4})+/gi, units => bytesOf(units.replace(/\\u.{4}/gi, unitOf)))
    .replace(/&#x([0-9a-f]{1,8});?/gi, (_, hex: string) => pointOf(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,10});?/g, (_, digits: string) => pointOf(Number(digits)))
    .replace(/&(?:lt|gt|quot|apos|nbsp);/g, "")
    .replace(/&amp;/g, "&")

/** No server escapes more often than that. */
const maxEscapes = 4

const unescape = (text: string): string => {
  let current = text
  for (let turn = 0, before = ""; turn < maxEscapes && current !== before; turn++) {
    before = current
    current = undo(current)
  }
  return current
}

/** So many letters and digits in a row are no coincidence; fewer of a secret do not give it away. */
const telling = 8

/**
 * Visits each row of `telling` letters and digits, whatever is between them, until one is found. A row is two numbers, of
 * 24 bits each.
 */
const someRow = (text: string, isFound: (first: number, last: number) => boolean): boolean => {
  let first = 0
  let last = 0
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const isLetter = unit >= 97 && unit <= 122
    if (!isLetter && !(unit >= 48 && unit <= 57)) continue
    first = (first << 6 | last >>> 18) & 0xffffff
    last = (last << 6 | (isLetter ? unit - 87 : unit - 48)) & 0xffffff
    if (++count >= telling && isFound(first, last)) return true
  }
  return false
}

/** Whether a text has a row of a secret. A look into a set costs too much for each character, so that a sieve comes first. */
const rowsOf = (secrets: ReadonlyArray<string>): (text: string) => boolean => {
  const rows = new Set<number>()
  const sieve = new Uint8Array(8192)
  const hash = (first: number, last: number) => Math.imul(first, 0x9e3779b1) + Math.imul(last, 0x85ebca6b) >>> 19
  const rowOf = (first: number, last: number) => first * 2 ** 24 + last
  for (const secret of secrets) {
    someRow(secret, (first, last) => {
      rows.add(rowOf(first, last))
      sieve[hash(first, last)] = 1
      return false
    })
  }
  return text => someRow(text, (first, last) => sieve[hash(first, last)] === 1 && rows.has(rowOf(first, last)))
}

/** Without what escapes and the alphabets of base64 write in different ways: blanks, quotes, padding and the like. */
const compact = (text: string): string => text.replace(/[\s+\\"'&<>=/_-]/g, "")

const isShort = (secret: string): boolean => secret.replace(/[^0-9a-z]/g, "").length < telling

const plain = (bytes: string): string => unescape(bytes).toLowerCase()

/**
 * The token and the pair of Basic authentication as they are, in base64 and in hexadecimal digits; base64 depends on where in
 * its text a secret begins.
 */
const formsOf = (token: string, pair: string): ReadonlyArray<string> => [
  token,
  pair,
  ...[token, `-${token}`, `--${token}`, `Basic ${pair}`, `-${pair}`, `--${pair}`].map(text =>
    Encoding.encodeBase64(text)
  ),
  Encoding.encodeHex(token),
  Encoding.encodeHex(pair)
]

export const make = (token: string, pair: string): (text: string) => boolean => {
  const secrets = formsOf(token, pair)
  const plainSecrets = secrets.map(secret => plain(bytesOf(secret)))
  const hasRow = rowsOf(plainSecrets)
  // whatever contains any other secret has a row of it
  const short = plainSecrets.filter(isShort).map(compact).filter(secret => secret !== "")
  const resembles = (text: string): boolean => {
    if (hasRow(text)) return true
    const compacted = short.length === 0 ? "" : compact(text)
    return short.some(secret => compacted.includes(secret))
  }
  // a row is ASCII, which is the same in bytes, but for two letters of which the lower case is ASCII
  const formsOfText = (text: string): Iterable<string> =>
    short.length === 0 && !/[\u0130\u212a]/.test(text) ? [text] : new Set([text, bytesOf(text)])
  return text => secrets.some(secret => text.includes(secret)) || [...formsOfText(text)].map(plain).some(resembles)
}
