/** Removes secrets from recorded texts: the credentials of the request, and the parts of URLs that can give access. */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import { contains, type ContainsSecret, redact, redacted } from "../../internal/secrets.ts"

/** Finds the credentials that the `authorization` header of the request contains. */
const containsCredentials = (authorization: string | undefined): ContainsSecret => {
  const pair = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? ""
  const userAndToken = Either.getOrElse(Encoding.decodeBase64String(pair), () => "")
  const colon = userAndToken.indexOf(":")
  return colon < 0 ? () => false : contains(userAndToken.slice(colon + 1), pair)
}

/** Matches a URL in text or in JSON: scheme, user, the rest up to the query, and the query or the fragment. */
const url = /(https?:(?:\\*\/){2})([^\s"'<>?#@/\\]+@)?([^\s"'<>?#]*)(?:([?#])(?:[^\s"'<>\\]|\\+(?!["'\\]))+)?/gi

/** A query or a fragment can be a signature that gives access. */
const withoutSecretParts = (text: string): string =>
  text.replace(
    url,
    (_, scheme: string, user: string | undefined, rest: string, mark: string | undefined) =>
      `${scheme}${user === undefined ? "" : `${redacted}@`}${rest}${mark === undefined ? "" : `${mark}${redacted}`}`
  )

/** Makes the function that sanitizes the texts of one request and its response. */
export const make = (authorization: string | undefined): (text: string) => string => {
  const containsSecret = containsCredentials(authorization)
  return text => withoutSecretParts(redact(text, containsSecret))
}
