/** Basic authentication: the only module of the client that reads the token from its `Redacted`, apart from its validation. */
import * as Encoding from "effect/Encoding"
import * as Redacted from "effect/Redacted"
import type { Service } from "../../Credentials.ts"
import type { ContainsSecret } from "../secrets.ts"
import * as secrets from "../secrets.ts"

/** `user:token` in base64 (RFC 7617). The text is UTF-8, so `btoa`, which stops at U+00FF, cannot encode it. */
const pairOf = ({ apiToken, projectId }: Service): string =>
  Encoding.encodeBase64(`${projectId}:${Redacted.value(apiToken)}`)

export const basic = (credentials: Service): string => `Basic ${pairOf(credentials)}`

/** Makes the function that finds the token or the pair in a text of the server. */
export const makeContainsSecret = (credentials: Service): ContainsSecret =>
  secrets.contains(Redacted.value(credentials.apiToken), pairOf(credentials))
