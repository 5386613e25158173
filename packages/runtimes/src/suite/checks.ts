/** The checks that every runtime runs. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { call, calls, type Check } from "./Check.ts"
import * as asyncContext from "./asyncContext.ts"

/** Long enough for a busy machine to send what it has to. */
const brief = { attemptTimeout: "1 second", retries: 1 } as const

const recovering: Check = {
  name: "after a 500 the session is read by a retry",
  observe: (target, subject) =>
    Effect.zipRight(
      target.respondNext(500),
      calls("", "recovering").observe(target, subject)
    )
}

const notFound: Check = {
  name: "404 is NotFound, not retried",
  observe: (target, subject) =>
    Effect.zipWith(
      call(target, subject, target.baseUrl("notFound"), {}, "00000000-0000-4000-8000-000000000000"),
      target.seen("notFound"),
      (observed, { requests }) => ({ ...observed, requests })
    )
}

const at = (name: string, address: "refused" | "untrusted"): Check => ({
  name,
  observe: (target, subject) => call(target, subject, target.addresses[address])
})

const redirect: Check = {
  name: "a redirect is UnexpectedStatus, not followed",
  observe: (target, subject) =>
    Effect.zipWith(
      calls("", "redirect").observe(target, subject),
      target.seen("redirectTarget"),
      (observed, { requests }) => ({ ...observed, followed: requests })
    )
}

const interruption: Check = {
  name: "interrupting a call closes its connection, and no request follows",
  observe: (target, subject) =>
    Effect.gen(function*() {
      const fiber = yield* Effect.fork(call(target, subject, target.baseUrl("interrupted")))
      yield* target.seenOnce("interrupted", seen => seen.requests > 0)
      const exit = yield* Fiber.interrupt(fiber)
      const seen = yield* target.seenOnce("interrupted", ({ open }) => open === 0)
      return { interrupted: Exit.isInterrupted(exit), ...seen }
    })
}

export const checks: ReadonlyArray<Check> = [
  calls("a session is read", "session"),
  notFound,
  recovering,
  at("a refused connection is TransportError Refused, retried", "refused"),
  calls("a connection reset before the response is TransportError Reset, retried", "reset"),
  calls("a connection closed before the response is TransportError Reset, retried", "closed"),
  calls("a body shorter than its Content-Length is TransportError Truncated, retried", "truncated"),
  calls("a chunked body without its last chunk is TransportError Truncated, retried", "unfinishedChunks"),
  calls("a response that is not HTTP is TransportError Malformed, not retried", "malformed"),
  at("an untrusted certificate is TransportError Tls, not retried", "untrusted"),
  calls("no response within the attempt's time is RequestTimeout, retried", "noResponse", brief),
  calls("a body that stalls is RequestTimeout, retried", "stalledBody", brief),
  interruption,
  redirect,
  calls("407 is UnexpectedStatus, not retried", "proxyAuthentication"),
  calls("421 is UnexpectedStatus, not retried", "misdirected"),
  ...asyncContext.checks
]
