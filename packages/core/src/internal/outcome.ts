/** What came of one attempt: the value that was asked for, or the one failure that it is. */
import * as Either from "effect/Either"
import type { RequestError } from "../SignalWireError.ts"
import * as classify from "./classify.ts"
import * as decode from "./decode.ts"
import type { Drift } from "./drift.ts"
import { requestedId } from "./expectations.ts"
import type { Operation } from "./operations.ts"
import { type Answer, isEncoded, type Received } from "./reception.ts"
import type { Taint } from "./serverText.ts"

/** The attempt that ended, as far as its failure tells of it. */
export interface Attempt<Id extends string> {
  readonly id: Id
  /** Read for failures only. */
  readonly circumstances: () => classify.Circumstances
  /** Milliseconds since 1970. */
  readonly wallClock: () => number
  /** Called when fields of a 200 count as null, with all of them. */
  readonly onDrift: (drifts: ReadonlyArray<Drift>) => void
}

/** How the body of a 200 is read. */
export interface Reading {
  readonly decoder: decode.Decoder
  readonly isLenient: boolean
  /** Whether a value with another id than the one that was asked for is accepted. */
  readonly acceptsOtherId: boolean
}

/** UUIDs are the same in either case. */
const sameId = (answered: unknown, asked: string): boolean =>
  answered === asked || String(answered).toLowerCase() === asked.toLowerCase()

export const make = <A, I, Id extends string>(
  operation: Operation<A, I, Id>,
  taint: Taint,
  { acceptsOtherId, decoder, isLenient }: Reading
) => {
  const decodeBody = decode.make(operation.success, decoder, isLenient)

  const usable = (answer: Answer, { id, onDrift }: Attempt<Id>): Either.Either<A, decode.Mismatch> => {
    if (answer.refused !== undefined) return Either.left({ reason: answer.refused })
    const decoded = decodeBody(answer.chunks, differences =>
      onDrift(
        differences.map(({ expected, path }) => ({
          operation: operation.name,
          path,
          expected,
          ...classify.requestId(answer, taint)
        }))
      ))
    if (Either.isLeft(decoded) && decoded.left.reason !== "SchemaMismatch" && isEncoded(answer.headers)) {
      return Either.left({ reason: "UnsupportedEncoding" })
    }
    return Either.isLeft(decoded) || acceptsOtherId || sameId(decoded.right[operation.idKey], id)
      ? decoded
      : Either.left({ reason: "SchemaMismatch", path: operation.idKey, expected: requestedId })
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
    const used = usable(received.answer, attempt)
    return Either.isLeft(used)
      ? Either.left(classify.ofMismatch(used.left, received.answer, attempt.circumstances(), taint))
      : Either.right(used.right)
  }
}
