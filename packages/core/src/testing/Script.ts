/**
 * Scripts of responses: in order for all calls, or for the calls of an operation with given parameters.
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
 * The parameters of an operation's path and query. An omitted parameter matches any value.
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
  /** Distinguishes a part from a response. */
  readonly _tag: "When"
  /** The name of the operation, such as `RoomSessions.get`. */
  readonly operation: O
  /** The parameters that a call must have; an omitted one matches any value. */
  readonly parameters: Parameters<O>
  /** The responses, in their order. */
  readonly responses: ReadonlyArray<A>
}

/**
 * Responses in order for all calls, or lists of responses by operation and parameters.
 *
 * @since 1.0.0
 * @category models
 */
export type Script<A> = ReadonlyArray<A> | ReadonlyArray<{ readonly [O in Operation]: When<O, A> }[Operation]>

/**
 * Makes the part of a script that responds in order to the calls of one operation with the given parameters. The first part that
 * matches a call responds to it.
 *
 * @param operation the name of the operation, such as `"RoomSessions.get"`
 * @param parameters all or some parameters of the operation; `{}` matches every call. UUIDs are equal in upper and lower case. A
 * value that the operation does not accept ends the test with a defect
 * @param responses the responses that `RoomSessionsTest.layerScript` or `ScriptedTransport` takes
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

/**
 * A page of a list as a result of a call: its items, and the link to the next page.
 *
 * @since 1.0.0
 * @category models
 */
export interface PageResponse<A> {
  /** `next` is the link to the next page; null at the end of the list. */
  readonly links: { readonly next: string | null }
  /** The items of the page. */
  readonly data: ReadonlyArray<A>
}

/**
 * The position of a page in its list.
 *
 * @since 1.0.0
 * @category models
 */
export interface PagePosition {
  /** The `page_token` of the next page, any text that is not empty. Default: the page is the last one. */
  readonly next?: string | undefined
}

/**
 * Makes a page of a list, for `RoomSessionsTest.layerScript`. The call for the next page has the parameter `page_token`.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RoomSessionFixture, RoomSessionsTest, Script } from "@effect-signalwire/core/testing"
 *
 * const session = (n: number) =>
 *   RoomSessionFixture.listed(RoomSessionFixture.completed({ id: RoomSessionFixture.id(n) }))
 *
 * const layer = RoomSessionsTest.layerScript([
 *   Script.when("RoomSessions.list", { page_token: "b" }, [Script.page([session(3)])]),
 *   Script.when("RoomSessions.list", { status: "completed" }, [Script.page([session(1), session(2)], { next: "b" })])
 * ])
 */
export const page = <A>(items: ReadonlyArray<A>, { next }: PagePosition = {}): PageResponse<A> => ({
  links: { next: next === undefined ? null : `?${new URLSearchParams({ page_token: next })}` },
  data: items
})
