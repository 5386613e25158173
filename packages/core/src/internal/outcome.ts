/** What came of one attempt: the value that was asked for, or the one failure that it is. */
import * as Either from "effect/Either"
import type { RequestError } from "../SignalWireError.ts"
import * as classify from "./classify.ts"
import * as decode from "./decode.ts"
import type { Operation } from "./operations.ts"
import { type Answer, isCompressed, type Received } from "./reception.ts"
import type { Taint } from "./serverText.ts"

/** The attempt that ended, as far as its failure tells of it. */
export interface Attempt<Id extends string> {
  readonly id: Id
  /** Read for failures only. */
  readonly circumstances: () => classify.Circumstances
  /** Milliseconds since 1970. */
  readonly wallClock: () => number
}

/** UUIDs are the same in either case. */
const sameId = (answered: unknown, asked: string): boolean =>
  answered === asked || String(answered).toLowerCase() === asked.toLowerCase()

export const make = <A, I, Id extends string>(
  operation: Operation<A, I, Id>,
  taint: Taint,
  decoder: decode.Decoder
) => {
  const decodeBody = decode.make(operation.success, decoder)

  const usable = (answer: Answer, id: Id): Either.Either<A, decode.Mismatch> => {
    if (answer.refused !== undefined) return Either.left({ reason: answer.refused })
    const decoded = decodeBody(answer.chunks)
    if (Either.isLeft(decoded) && decoded.left.reason !== "SchemaMismatch" && isCompressed(answer.headers)) {
      return Either.left({ reason: "UnsupportedEncoding" })
    }
    return Either.isLeft(decoded) || sameId(decoded.right[operation.idKey], id)
      ? decoded
      : Either.left({ reason: "SchemaMismatch", path: operation.idKey, expected: "the id that was asked for" })
  }

  const failure = (received: Received, attempt: Attempt<Id>): RequestError => {
    const circumstances = attempt.circumstances()
    switch (received._tag) {
      case "TimedOut":
        return classify.ofTimeout(received.phase, circumstances)
      case "Broken":
        return classify.ofBreak(received.cause, received.status !== 0, circumstances)
      case "Answer":
        return classify.ofStatus(received.answer, circumstances, taint, attempt.wallClock())
    }
  }

  return (received: Received, attempt: Attempt<Id>): Either.Either<A, RequestError> => {
    if (received._tag !== "Answer" || received.answer.status !== 200) return Either.left(failure(received, attempt))
    const used = usable(received.answer, attempt.id)
    return Either.isLeft(used)
      ? Either.left(classify.ofMismatch(used.left, received.answer, attempt.circumstances(), taint))
      : Either.right(used.right)
  }
}
