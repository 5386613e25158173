/** Decodes the result of one attempt to its success or its error. */
import * as Either from "effect/Either"
import type { Endpoint } from "../../Endpoint.ts"
import type { Call, DecodeResponse } from "../request/call.ts"
import type { Client } from "../request/client.ts"
import { progress } from "../request/progress.ts"
import * as classify from "./classify.ts"
import { isEncoded, type Response } from "./collector.ts"
import * as decode from "./decode.ts"
import * as drift from "./drift.ts"
import { requestedId, samePath } from "./expectations.ts"
import type { OnDrift } from "./lenientDecode.ts"
import { isSameList } from "./nextLink.ts"

/** UUIDs are equal in upper and lower case. */
export const isSameId = (received: unknown, requested: unknown): boolean =>
  received === requested || String(received).toLowerCase() === String(requested).toLowerCase()

const noDrift: OnDrift = () => {}

export const make = ({ name, spec }: Endpoint, successStatus: number, client: Client): DecodeResponse => {
  const decodeBody = decode.make<unknown, unknown>(spec.success, client.decoder, client.isLenient)
  const toError = classify.make(spec.errors, client.containsSecret)

  const isRequested = (value: object, { parameters }: Call): boolean =>
    spec.echoes === undefined || client.ignoresEcho ||
    isSameId(Reflect.get(value, spec.echoes), parameters[spec.echoes])

  const onDriftOf = (response: Response, call: Call): OnDrift => differences => {
    // drifts are logged, and a payload may contain any data
    const { payload: _, ...parameters } = call.parameters
    call.drifts = drift.group(differences, {
      operation: name,
      parameters,
      ...classify.requestId(response, client.containsSecret)
    })
  }

  const decodeSuccess = (response: Response, call: Call): Either.Either<unknown, decode.DecodeError> => {
    if (response.rejected !== undefined) return Either.left({ reason: response.rejected })
    const decoded = decodeBody(response.chunks, client.isLenient ? onDriftOf(response, call) : noDrift)
    if (Either.isRight(decoded)) {
      if (!isRequested(Object(decoded.right), call)) {
        return Either.left({ reason: "SchemaMismatch", path: spec.echoes ?? "", expected: requestedId })
      }
      // a link that lenient decoding made null would end the list without its other pages
      const hasLink = !call.drifts.some(({ path }) => path === "links" || path === "links.next")
      return spec.isPage === true &&
          (!hasLink || !isSameList(Object(decoded.right), call.request, client.pathPrefix))
        ? Either.left({ reason: "SchemaMismatch", path: "links.next", expected: samePath })
        : decoded
    }
    return decoded.left.reason !== "SchemaMismatch" && isEncoded(response.headers)
      ? Either.left({ reason: "UnsupportedEncoding" })
      : decoded
  }

  return (received, call, attempt) => {
    if (received._tag !== "Response" || received.response.status !== successStatus) {
      return Either.left(toError(received, progress(call, attempt), call.clock.unsafeCurrentTimeMillis()))
    }
    const { response } = received
    const decoded = decodeSuccess(response, call)
    return Either.isRight(decoded)
      ? Either.right(decoded.right)
      : Either.left(classify.ofDecodeError(decoded.left, response, progress(call, attempt), client.containsSecret))
  }
}
