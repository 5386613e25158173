/** Basic authentication: the only module that takes the token out of its `Redacted` to send it. */
import * as Encoding from "effect/Encoding"
import * as Redacted from "effect/Redacted"
import type { Service } from "../../Credentials.ts"
import type { ContainsSecret } from "../secrets.ts"
import * as secrets from "../secrets.ts"

/** RFC 7617 with UTF-8, which `btoa` cannot do above U+00FF. */
const pairOf = ({ apiToken, projectId }: Service): string =>
  Encoding.encodeBase64(`${projectId}:${Redacted.value(apiToken)}`)

export const basic = (credentials: Service): string => `Basic ${pairOf(credentials)}`

/** Whether a text of the server contains the token or the pair. */
export const makeContainsSecret = (credentials: Service): ContainsSecret =>
  secrets.contains(Redacted.value(credentials.apiToken), pairOf(credentials))
