/** The one place where the token leaves its `Redacted`. */
import * as Encoding from "effect/Encoding"
import * as Redacted from "effect/Redacted"
import type { Service } from "../Credentials.ts"

/** RFC 7617 with UTF-8, which `btoa` cannot do above U+00FF. */
const pairOf = (credentials: Service): string =>
  Encoding.encodeBase64(`${credentials.projectId}:${Redacted.value(credentials.apiToken)}`)

export const basic = (credentials: Service): string => `Basic ${pairOf(credentials)}`

const percentDecoded = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, bytes => {
    try {
      return decodeURIComponent(bytes)
    } catch {
      return bytes
    }
  })

const backslashDecoded = (text: string): string =>
  text.replace(
    /\\(?:u([0-9a-f]{4})|(.))/gi,
    (_, hex: string | undefined, plain: string | undefined) =>
      hex === undefined ? plain ?? "" : String.fromCharCode(Number.parseInt(hex, 16))
  )

/**
 * Whether a text of the server contains the token or the pair, as they are or escaped for a URL or for JSON. What does is
 * dropped whole, since a part of a secret is worth keeping out as well.
 */
export const makeTaint = (credentials: Service): (text: string) => boolean => {
  const pair = pairOf(credentials)
  const secrets = [
    Redacted.value(credentials.apiToken),
    pair,
    pair.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_")
  ]
  return text =>
    [
      text,
      text.replaceAll("+", " "),
      percentDecoded(text),
      percentDecoded(text.replaceAll("+", " ")),
      backslashDecoded(text)
    ]
      .some(form => secrets.some(secret => form.includes(secret)))
}
