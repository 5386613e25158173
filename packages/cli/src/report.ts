/** What went wrong and what to do next, in plain lines. */
import type { RoomSessions } from "@effect-signalwire/core"
import * as ConfigError from "effect/ConfigError"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import { STATUS_CODES } from "node:http"
import type { Source } from "./source.ts"
import * as words from "./words.ts"

/** A command that ends without its result. The lines are for standard error; the first says what went wrong. */
export class CommandFailed extends Data.TaggedError("CommandFailed")<{
  readonly lines: readonly [what: string, ...next: ReadonlyArray<string>]
}> {}

type Failure = RoomSessions.GetError
type TransportReason = Extract<Failure, { readonly _tag: "SignalWireTransportError" }>["reason"]
type InvalidReason = Extract<Failure, { readonly _tag: "SignalWireInvalidResponse" }>["reason"]

const afterDns = (source: Source): string => {
  if (source._tag === "Sandbox") return "Check the network of this machine."
  const proxy = source.proxy === undefined ? "" : ` the proxy of ${source.proxy}`
  return `Check ${source.variable}, which gives the address ${source.origin},${proxy} and the network of this machine.`
}

const afterTransportError = (source: Source): Record<TransportReason, string> => {
  const { origin } = source
  const proxy = source._tag === "Space" ? source.proxy : undefined
  return {
    Refused: proxy === undefined
      ? `Nothing responds at ${origin}: check the address, and that this machine may reach it.`
      : `Nothing responds at ${origin}, or at the proxy of ${proxy}: check both addresses, and that this machine may reach them.`,
    Reset: `Try again. If it goes on, look for a proxy or a firewall between this machine and ${origin}.`,
    Dns: afterDns(source),
    Tls:
      "Check the clock of this machine. Where a proxy opens TLS, SIGNALWIRE_REST_CA_FILE has to name a file with its authority.",
    Truncated: `Try again. If it goes on, look for a proxy or a firewall between this machine and ${origin}.`,
    Malformed: `Check that ${origin} is the space, and not another kind of server.`,
    Proxy: `Check the address and the credentials of the proxy${proxy === undefined ? "" : ` in ${proxy}`}.`,
    Closed: "The command ended before the response came.",
    Other: `Check the network of this machine, and that it may reach ${origin}.`
  }
}

const notTheService = (origin: string): string =>
  `Check that ${origin} is the space, and no proxy responds in its place.`

const afterInvalidResponse = (origin: string): Record<InvalidReason, string> => ({
  InvalidJson: notTheService(origin),
  InvalidUtf8: notTheService(origin),
  UnexpectedContentType: notTheService(origin),
  UnsupportedEncoding: notTheService(origin),
  TooLarge: notTheService(origin),
  SchemaMismatch: "The service may have changed: look for a newer version of this command."
})

const support = (failure: { readonly requestId?: string | undefined }): string =>
  failure.requestId === undefined
    ? "ask SignalWire's support."
    : `give SignalWire's support the request id ${words.printable(failure.requestId)}.`

const later = (wait: Duration.Duration | undefined): string =>
  wait === undefined
    ? "Try again later"
    : `Try again in ${words.duration(Duration.seconds(Math.ceil(Duration.toSeconds(wait))))}`

const checkId = (failure: { readonly requestId?: string | undefined }): string =>
  `Check the id. If it is right, ${support(failure)}`

const notAuthorized =
  "Check SIGNALWIRE_SPACE, SIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN; the scopes of a token are set where it was made."

const afterUnexpectedStatus = (
  failure: Extract<Failure, { readonly _tag: "SignalWireUnexpectedStatus" }>,
  origin: string
) => {
  if (failure.status === 422 || failure.details.some(({ attribute }) => attribute === "id")) return checkId(failure)
  if (failure.status === 403) return notAuthorized
  if (failure.status >= 300 && failure.status < 400) {
    return `Check that ${origin} is the space: redirects are not followed.`
  }
  return `Check that ${origin} is the space. If it is, ${support(failure)}`
}

const notFound = (source: Source): ReadonlyArray<string> =>
  source._tag === "Space"
    ? ["Check the id and SIGNALWIRE_PROJECT_ID: sessions of other projects are not found."]
    : ["The embedded sandbox does not have it. It has these:", ...source.ids.map(id => `  ${id}`)]

/** What a person can do about it. */
const next = (failure: Exclude<Failure, { readonly _tag: "SignalWireNotFound" }>, source: Source): string => {
  const { origin } = source
  switch (failure._tag) {
    case "SignalWireInvalidRequest":
      return "Copy the whole id: 36 characters, with its hyphens."
    case "SignalWireBadRequest":
      return checkId(failure)
    case "SignalWireUnauthorized":
      return notAuthorized
    case "SignalWireInternalServerError":
    case "SignalWireServerUnavailable":
      return `${later(failure.retryAfter)}. If it goes on, ${support(failure)}`
    case "SignalWireRateLimited":
      return `${later(failure.retryAfter)}, with fewer requests.`
    case "SignalWireUnexpectedStatus":
      return afterUnexpectedStatus(failure, origin)
    case "SignalWireInvalidResponse":
      return afterInvalidResponse(origin)[failure.reason]
    case "SignalWireTransportError":
      return afterTransportError(source)[failure.reason]
    case "SignalWireRequestTimeout":
      return `Try again later, and check that this machine can reach ${origin}.`
  }
}

/**
 * What the service itself said, which the library keeps short, clean and out of its own message; nothing where that is only the
 * phrase of its status.
 */
const said = (failure: Failure): ReadonlyArray<string> => {
  if (!("details" in failure)) return []
  const message = words.printable(failure.details[0]?.message ?? "").trim()
  return message === "" || message === STATUS_CODES[failure.status] ? [] : [`The service says: ${message}`]
}

/** The library's own message, without the name of the operation, and with one pair of brackets where it ends in two. */
const what = ({ message, operation }: Failure): string => message.replace(`${operation}: `, "").replace(") (", ", ")

/** A failure of the library: what happened, the service's own words if it said any, and what to do. */
export const ofFailure = (failure: Failure, source: Source): CommandFailed =>
  new CommandFailed({
    lines: [
      what(failure),
      ...said(failure),
      ...(failure._tag === "SignalWireNotFound" ? notFound(source) : [next(failure, source)])
    ]
  })

const path = (names: ReadonlyArray<string>): string => names.join(".")

/** One line for each wrong value, which names its environment variable. */
const configLines = ConfigError.reduceWithContext<undefined, ReadonlyArray<string>>(undefined, {
  andCase: (_, left, right) => [...left, ...right],
  orCase: (_, left, right) => [...left, ...right],
  invalidDataCase: (_, names, message) => [`${path(names)} cannot be used. ${message}.`],
  missingDataCase: (_, names, message) => [`${path(names)} is not set. ${message}.`],
  sourceUnavailableCase: (_, names, message) => [`${path(names)} could not be read. ${message}.`],
  unsupportedCase: (_, names, message) => [`${path(names)} could not be read. ${message}.`]
})

const isMissing = ConfigError.reduceWithContext<undefined, boolean>(undefined, {
  andCase: (_, left, right) => left || right,
  orCase: (_, left, right) => left || right,
  invalidDataCase: () => false,
  missingDataCase: () => true,
  sourceUnavailableCase: () => false,
  unsupportedCase: () => false
})

/**
 * Settings that were refused.
 *
 * @param advice what to say when one is missing
 */
export const ofConfigError = (error: ConfigError.ConfigError, advice?: string): CommandFailed => {
  const [what = "The settings cannot be used.", ...more] = configLines(error)
  return new CommandFailed({ lines: [what, ...more, ...(advice !== undefined && isMissing(error) ? [advice] : [])] })
}

/** A sandbox that could not start. */
export const ofListenError = (error: Error): CommandFailed =>
  new CommandFailed({
    lines: [
      `the embedded sandbox could not start: ${words.printable(error.message)}`,
      "Check that programs may listen on 127.0.0.1, or set the SIGNALWIRE_ variables to use your own space."
    ]
  })
