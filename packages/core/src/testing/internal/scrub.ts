/** Takes the credentials out of texts that will be kept, in every form in which a server may repeat them. */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as containsSecret from "../../internal/secrets.ts"

export const redacted = "<redacted>"

/** The token and the pair of a Basic `authorization` header. */
const secretsOf = (authorization: string | undefined) => {
  const pair = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1]
  const text = pair === undefined ? undefined : Either.getOrUndefined(Encoding.decodeBase64String(pair))
  const colon = text?.indexOf(":") ?? -1
  return pair === undefined || text === undefined || colon < 0
    ? undefined
    : { projectId: text.slice(0, colon), token: text.slice(colon + 1), pair }
}

const asciiOnly = (text: string): string =>
  text.replace(/[^\u0020-\u007e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** A text as it is, and as JSON, URLs, forms and HTML write it. */
const formsOf = (text: string): ReadonlyArray<string> => {
  const json = JSON.stringify(text).slice(1, -1)
  const url = encodeURIComponent(text)
  const form = new URLSearchParams({ text }).toString().slice("text=".length)
  const html = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
  return [
    text,
    json,
    json.replaceAll("/", "\\/"),
    asciiOnly(json),
    asciiOnly(json).replaceAll("/", "\\/"),
    url,
    encodeURI(text),
    form,
    html,
    html.replaceAll("\"", "&quot;"),
    html.replaceAll("\"", "&quot;").replaceAll("'", "&#39;"),
    JSON.stringify(json).slice(1, -1)
  ]
}

const userOfUrl = /(https?:(?:\\*\/){2})(?:<redacted>|[^\s"'<>?#@/\\])+@/gi
// a URL is taken whole, with its keys or without, or each start of one in a row would be read to the end of the row
const wholeUrl =
  /(https?:(?:\\*\/){2}(?:<redacted>|[^\s"'<>?#])+)(?:([?#])(?:<redacted>|[^\s"'<>\\]|\\+(?!["'\\]))+)?/gi

/** The query and the fragment of a URL can be a signature that opens it, and what is before an `@` opens it by design. */
const withoutKeys = (text: string): string =>
  text
    .replace(userOfUrl, `$1${redacted}@`)
    .replace(wholeUrl, (url: string, before: string, mark?: string) =>
      mark === undefined ? url : `${before}${mark}${redacted}`)

/** A part of a secret that is worth keeping out. */
const leastPart = 8

/** A body that was cut off can end inside a secret. */
const withoutCut = (text: string, forms: ReadonlyArray<string>): string => {
  const longest = forms
    .flatMap(form =>
      Array.from({ length: Math.max(0, form.length - leastPart) }, (_, cut) => form.length - 1 - cut)
        .filter(length => text.endsWith(form.slice(0, length)))
    )
    .reduce((most, length) => Math.max(most, length), 0)
  return longest === 0 ? text : text.slice(0, -longest) + redacted
}

/** For one request, by the header it was sent with. What still resembles a secret afterwards is dropped whole. */
export const make = (authorization: string | undefined): (text: string) => string => {
  const secrets = secretsOf(authorization)
  if (secrets === undefined) return withoutKeys
  const { pair, projectId, token } = secrets
  const urlPair = pair.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_")
  const forms = [token, pair, pair.replace(/=+$/, ""), urlPair, `${projectId}:${token}`]
    .flatMap(formsOf)
    .filter(form => form !== "")
    .toSorted((one, other) => other.length - one.length)
  // whatever the case, since hexadecimal digits come in either and header values are sometimes lowered
  const anyForm = new RegExp(forms.map(form => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"), "gi")
  const resembles = containsSecret.make(token, pair)
  return text => {
    const scrubbed = withoutKeys(withoutCut(text.replaceAll(anyForm, redacted), forms))
    return resembles(scrubbed) ? redacted : scrubbed
  }
}
