/** A `SignalWireClient` that responds to calls without making requests. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type * as Endpoint from "../../Endpoint.ts"
import type * as SignalWireClient from "../../SignalWireClient.ts"
import { InvalidRequest, SignalWireError } from "../../SignalWireError.ts"
import { get } from "../../endpoints/roomSessions.ts"
import { InvalidParameter, makeTarget, type Parameters } from "../../internal/request/parameters.ts"
import { recordedWithoutResponse } from "../../internal/request/responseInfo.ts"
import { isSameId } from "../../internal/response/decodeResponse.ts"
import { type Report, TestSetupError } from "./testSetupError.ts"

/** The success or the error of a call, or an effect with one of them. */
export type Response = unknown

/** Finds the response to a call, or the error in the test setup. */
export type Respond = (
  endpoint: Endpoint.Endpoint,
  parameters: Parameters
) => Either.Either<Response, TestSetupError>

/** A success that the service cannot send in response to this call is an error in the test setup. */
const checkSuccess = (
  owner: string,
  { name, spec }: Endpoint.Endpoint,
  parameters: Parameters,
  success: unknown
): TestSetupError | undefined => {
  if (!Schema.is(Schema.typeSchema(spec.success))(success)) {
    return new TestSetupError(`${owner}: a response to ${name} is not a success of this operation`)
  }
  const { echoes } = spec
  if (echoes === undefined) return undefined
  const received: unknown = Reflect.get(Object(success), echoes)
  return isSameId(received, parameters[echoes])
    ? undefined
    : new TestSetupError(
      `${owner}: a response with the ${echoes} ${String(received)} does not belong to a call of ${name} with the ` +
        `${echoes} ${String(parameters[echoes])}`
    )
}

const isSignalWireError = Schema.is(SignalWireError)
const encodeError = Schema.encodeSync(SignalWireError)
const decodeError = Schema.decodeSync(SignalWireError)

/** An error that was made without an `operation` has `RoomSessions.get`. In another operation it has the name of that one. */
const withOperation = (error: SignalWireError, operation: string): SignalWireError =>
  isSignalWireError(error) && error.operation === get.name && operation !== get.name
    ? decodeError({ ...encodeError(error), operation })
    : error

/** Makes the client. As in production, it validates the parameters of a call first. */
export const make = (owner: string, respond: Respond, report: Report): SignalWireClient.Service => ({
  prepare: <S extends Endpoint.Spec>(endpoint: Endpoint.Endpoint<S>) => {
    const toTarget = makeTarget(endpoint)
    const call = (parameters: Parameters): Effect.Effect<unknown, SignalWireError> =>
      Effect.suspend(() => {
        const target = toTarget(parameters)
        if (target instanceof InvalidParameter) {
          const { expected, parameter } = target
          return recordedWithoutResponse(
            endpoint,
            new InvalidRequest({ operation: endpoint.name, parameter, expected })
          )
        }
        const found = respond(endpoint, parameters)
        if (Either.isLeft(found)) return report(found.left)
        // scripts are typed by operation, so an effect has the errors of this operation
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        const response = found.right as Effect.Effect<unknown, SignalWireError>
        const called = Effect.flatMap(
          Effect.isEffect(response) ? response : Effect.succeed<unknown>(response),
          success => {
            const error = checkSuccess(owner, endpoint, parameters, success)
            return error === undefined ? Effect.succeed(success) : report(error)
          }
        )
        return recordedWithoutResponse(endpoint, Effect.mapError(called, error => withOperation(error, endpoint.name)))
      })
    // the success matches the endpoint's schema, and the errors are those of the script
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return call as (input: Endpoint.Input<S>) => Effect.Effect<Endpoint.Success<S>, Endpoint.Error<S>>
  }
})
