/**
 * Scripts: responses in order, to all calls or to the calls of an operation with given parameters.
 *
 * @since 1.0.0
 */
import type * as Endpoint from "../Endpoint.ts"
import type * as endpoints from "../endpoints/index.ts"

/**
 * The name of an operation, such as `"RoomSessions.get"`.
 *
 * @since 1.0.0
 * @category models
 */
export type Operation = endpoints.Operation

/**
 * Parameters of the path and the query of an operation. What is left out may have any value.
 *
 * @since 1.0.0
 * @category models
 */
export type Parameters<O extends Operation> = Partial<Omit<Endpoint.Input<endpoints.SpecOf<O>>, "payload">>

/**
 * The responses to the calls of an operation that have these parameters.
 *
 * @since 1.0.0
 * @category models
 */
export interface When<O extends Operation, A> {
  readonly _tag: "When"
  readonly operation: O
  readonly parameters: Parameters<O>
  readonly responses: ReadonlyArray<A>
}

/**
 * The responses in order to all calls, or lists of them by operation and parameters.
 *
 * @since 1.0.0
 * @category models
 */
export type Script<A> = ReadonlyArray<A> | ReadonlyArray<{ readonly [O in Operation]: When<O, A> }[Operation]>

/**
 * Gives responses in order to the calls of one operation that have the given parameters. In a script with several of them, the
 * first one that fits a call responds to it.
 *
 * @param operation such as `"RoomSessions.get"`
 * @param parameters of the operation, all or some; `{}` fits every call. UUIDs are equal in either case. A value that the
 * operation does not accept ends the test with a defect
 * @param responses what `RoomSessionsTest.layerScript` or `ScriptedTransport` takes
 * @since 1.0.0
 * @category constructors
 * @example
 * import { SignalWireError } from "@effect-signalwire/core"
 * import { RoomSessionFixture, RoomSessionsTest, Script } from "@effect-signalwire/core/testing"
 *
 * const layer = RoomSessionsTest.layerScript([
 *   Script.when("RoomSessions.get", { id: RoomSessionFixture.id(1) }, [
 *     RoomSessionFixture.inProgress(),
 *     RoomSessionFixture.completed()
 *   ]),
 *   Script.when("RoomSessions.get", {}, [new SignalWireError.NotFound()])
 * ])
 */
export const when = <const O extends Operation, A>(
  operation: O,
  parameters: Parameters<O>,
  responses: ReadonlyArray<A>
): When<O, A> => ({ _tag: "When", operation, parameters, responses })
