/** Credentials, and the encodings in which no output of the client may contain them. */
import { Redacted } from "effect"

export interface Secrets {
  readonly projectId: string
  readonly apiToken: Redacted.Redacted
  /** The token and the Basic pair, unchanged and as URLs, JSON and base64 write them. */
  readonly encodings: ReadonlyArray<string>
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

const inAscii = (text: string): string =>
  inJson(text).replace(/[^\0-\x7f]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)

const urlSafe = (base64: string): string => base64.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_")

export const make = (projectId: string, token: string): Secrets => {
  const pair = Buffer.from(`${projectId}:${token}`, "utf8").toString("base64")
  const tokenAlone = Buffer.from(token, "utf8").toString("base64")
  const texts = [
    token,
    pair,
    pair.replace(/=+$/, ""),
    urlSafe(pair),
    tokenAlone,
    tokenAlone.replace(/=+$/, ""),
    urlSafe(tokenAlone)
  ]
  const encodings = texts.flatMap(text => [
    text,
    encodeURIComponent(text),
    encodeURI(text),
    encodeURIComponent(text).replaceAll("%20", "+"),
    inJson(text),
    inAscii(text),
    inJson(inJson(text)),
    encodeURIComponent(encodeURIComponent(text)),
    // bytes read as latin1, as in headers, and the same with its control characters replaced by spaces
    Buffer.from(text, "utf8").toString("latin1"),
    Buffer.from(text, "utf8").toString("latin1").replaceAll(/[\x7f-\x9f]+/g, " ")
  ])
  return { projectId, apiToken: Redacted.make(token), encodings: [...new Set(encodings)] }
}

/** A token with characters that each encoding escapes. */
export const nasty = make("f1e2d3c4-b5a6-4978-8a9b-0c1d2e3f4a5b", "PT%2Fs3cr+t/\"q\\n\\u000a%0A&=?é漢🔑~")
