/** The checks that every runtime runs. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { call, calls, type Check } from "./Check.ts"
import * as asyncContext from "./asyncContext.ts"

/** A timeout within which even a busy machine sends the request. */
const shortTimeout = { attemptTimeout: "1 second", maxRetries: 1 } as const

const recovering: Check = (target, subject) =>
  Effect.zipRight(target.respondNext(500), calls("recovering")(target, subject))

const notFound: Check = (target, subject) =>
  Effect.zipWith(
    call(target, subject, target.baseUrl("notFound"), {}, "00000000-0000-4000-8000-000000000000"),
    target.seenOnce("notFound", seen => seen.open === 0),
    (observed, seen) => ({ ...observed, ...seen })
  )

const at = (address: "refused" | "untrusted"): Check => (target, subject) =>
  call(target, subject, target.addresses[address])

const redirect: Check = (target, subject) =>
  Effect.zipWith(
    calls("redirect")(target, subject),
    target.seen("redirectTarget"),
    (observed, { requests }) => ({ ...observed, followed: requests })
  )

const interruption: Check = (target, subject) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.fork(call(target, subject, target.baseUrl("interrupted")))
    yield* Effect.raceFirst(target.seenOnce("interrupted", seen => seen.requests > 0), Fiber.await(fiber))
    const exit = yield* Fiber.interrupt(fiber)
    const seen = yield* target.seenOnce("interrupted", ({ open }) => open === 0)
    return { interrupted: Exit.isInterrupted(exit), ...seen }
  })

export const checks = {
  "a session": calls("session"),
  "a 404": notFound,
  "a session after a 500": recovering,
  "a refused connection": at("refused"),
  "a connection reset before the response": calls("reset"),
  "a connection closed before the response": calls("closed"),
  "a body shorter than its Content-Length": calls("truncated"),
  "a chunked body without its last chunk": calls("unfinishedChunks"),
  "a response other than HTTP": calls("malformed"),
  "an untrusted certificate": at("untrusted"),
  "no response": calls("noResponse", shortTimeout),
  "a body that stalls": calls("stalledBody", shortTimeout),
  "an interrupted call": interruption,
  "a redirect": redirect,
  "a 407": calls("proxyAuthentication"),
  "a 421": calls("misdirected"),
  "AsyncLocalStorage in sequential calls": asyncContext.inSequence,
  "AsyncLocalStorage in concurrent calls": asyncContext.concurrently,
  "AsyncLocalStorage in concurrent retries": asyncContext.inRetries
} as const satisfies Readonly<Record<string, Check>>

export type CheckName = keyof typeof checks

/** The checks that only wait for timeouts. All others run one after another, since some script the responses of the sandbox. */
export const mayOverlap = new Set<string>(["no response", "a body that stalls"] satisfies ReadonlyArray<CheckName>)
