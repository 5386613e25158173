/** Basic authentication (RFC 7617), with user and password in UTF-8. */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Redacted from "effect/Redacted"

export const challenge = "Basic realm=\"SignalWire sandbox\", charset=\"UTF-8\""

/** The token without the option `apiToken`. It gives access to sandboxes only. */
export const defaultToken = "sandbox-token"

/** Makes the function that checks whether an `Authorization` header has these credentials. */
export const make = (
  projectId: string,
  apiToken: Redacted.Redacted
): (header: string | undefined) => boolean => {
  const expected = Buffer.from(`${projectId}:${Redacted.value(apiToken)}`)
  return header => {
    const encoded = /^basic +(\S+)$/i.exec(header ?? "")?.[1]
    if (encoded === undefined) return false
    const given = Encoding.decodeBase64(encoded)
    return Either.isRight(given) && expected.equals(given.right)
  }
}
