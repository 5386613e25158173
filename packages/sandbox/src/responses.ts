/** Responses for `respondNext`. */
import type { RoomSession } from "@effect-signalwire/core"
import * as Duration from "effect/Duration"
import type { Response } from "./internal/faults/script.ts"
import type { DurationInput } from "./internal/fields.ts"
import { htmlPage } from "./internal/server/errorResponse.ts"
import { toSummary } from "./internal/space/contents.ts"

/**
 * The response to `RoomSessions.get` with this session, whatever the id of the request is.
 *
 * @since 1.0.0
 * @category responses
 * @example
 * import { RoomSessionFixture } from "@effect-signalwire/core/testing"
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 * import { Effect } from "effect"
 *
 * const completedSoon = Effect.flatMap(SandboxSpace.SandboxSpace, sandbox =>
 *   sandbox.respondNext(
 *     SandboxSpace.session(RoomSessionFixture.inProgress()),
 *     SandboxSpace.session(RoomSessionFixture.completed())
 *   ))
 */
export const session = (session: RoomSession.RoomSessionSummary | RoomSession.RoomSession): Response => ({
  body: JSON.stringify(toSummary(session))
})

/**
 * A page of a gateway, in HTML.
 *
 * @param status from 200 to 999; default 502
 * @since 1.0.0
 * @category responses
 */
export const html = (status: number = 502): Response => ({
  status,
  headers: { "content-type": "text/html" },
  body: htmlPage(status)
})

/**
 * A 429.
 *
 * @param retryAfter sent in whole seconds, rounded up
 * @since 1.0.0
 * @category responses
 */
export const rateLimited = (retryAfter: DurationInput): Response => ({
  status: 429,
  headers: { "retry-after": String(Math.ceil(Duration.toSeconds(retryAfter))) }
})
