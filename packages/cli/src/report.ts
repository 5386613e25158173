/** Describes errors to the user of the command, with advice. */
import type { SignalWireError as errors } from "@effect-signalwire/core"
import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import { STATUS_CODES } from "node:http"
import { CommandError } from "./CommandError.ts"
import * as exitCodes from "./exitCodes.ts"
import * as format from "./format.ts"
import type * as Target from "./target.ts"

type SignalWireError = errors.SignalWireError
type Tagged<Tag extends SignalWireError["_tag"]> = Extract<SignalWireError, { readonly _tag: Tag }>

const adviceOnDns = (target: Target.Service): string => {
  if (target._tag === "Sandbox") return "Check the network of this machine."
  const proxy = target.proxy === undefined ? "" : ` the proxy of ${target.proxy}`
  return `Check ${target.variable}, which gives the address ${target.origin},${proxy} and the network of this machine.`
}

const adviceOnTransport = (target: Target.Service): Record<Tagged<"SignalWireTransportError">["reason"], string> => {
  const { origin } = target
  const closed = `Try again. If the error persists, check for a proxy or a firewall between this machine and ${origin}.`
  const proxy = target._tag === "Space" ? target.proxy : undefined
  return {
    Refused: proxy === undefined
      ? `No server responds at ${origin}: check the address, and that this machine can reach it.`
      : `No server responds at ${origin}, or at the proxy of ${proxy}: check both addresses, and that this machine can reach them.`,
    Reset: closed,
    Dns: adviceOnDns(target),
    Tls:
      "Check the clock of this machine. If a proxy intercepts TLS, set SIGNALWIRE_REST_CA_FILE to a file with its certificate authority.",
    Truncated: closed,
    Malformed: `Check that ${origin} is the space, and not another kind of server.`,
    Proxy: `Check the address and the credentials of the proxy${proxy === undefined ? "" : ` in ${proxy}`}.`,
    Closed: "The command ended before the response arrived.",
    Other: `Check the network of this machine, and that it can reach ${origin}.`
  }
}

const adviceOnInvalidResponse = ({ reason }: Tagged<"SignalWireInvalidResponse">, origin: string): string =>
  reason === "SchemaMismatch"
    ? "The service may have changed: check for a newer version of this command."
    : `Check that ${origin} is the space, and that no proxy responds in its place.`

const support = (error: { readonly requestId?: string | undefined }): string =>
  error.requestId === undefined
    ? "ask SignalWire's support."
    : `give SignalWire's support the request id ${format.printable(error.requestId)}.`

const later = (delay: Duration.Duration | undefined): string =>
  delay === undefined
    ? "Try again later"
    : `Try again in ${format.duration(Duration.seconds(Math.ceil(Duration.toSeconds(delay))))}`

/** The list of sessions is the only operation without an id. */
const hasId = ({ operation }: { readonly operation: string }): boolean => operation !== "RoomSessions.list"

const checkInput = (error: { readonly operation: string; readonly requestId?: string | undefined }): string =>
  hasId(error)
    ? `Check the id. If it is right, ${support(error)}`
    : `Check the options. If they are right, ${support(error)}`

const notAuthorized =
  "Check SIGNALWIRE_SPACE, SIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN, and the scopes of the token."

const adviceOnUnexpectedStatus = (error: Tagged<"SignalWireUnexpectedStatus">, origin: string): string => {
  if (error.status === 422 || error.details.some(({ attribute }) => attribute === "id")) return checkInput(error)
  if (error.status === 403) return notAuthorized
  if (error.status >= 300 && error.status < 400) {
    return `Check that ${origin} is the space: redirects are not followed.`
  }
  return `Check that ${origin} is the space. If it is, ${support(error)}`
}

const adviceOnNotFound = (target: Target.Service): ReadonlyArray<string> =>
  target._tag === "Space"
    ? ["Check the id and SIGNALWIRE_PROJECT_ID: sessions of other projects are not found."]
    : ["The embedded sandbox has these sessions:", ...target.ids.map(id => `  ${id}`)]

/** The contract declares no 404 for the lists of a session. */
const isUndeclaredNotFound = (error: SignalWireError): boolean =>
  error._tag === "SignalWireUnexpectedStatus" && error.status === 404 && hasId(error)

/** The advice to the user. */
const adviceOn = (error: Exclude<SignalWireError, Tagged<"SignalWireNotFound">>, target: Target.Service): string => {
  const { origin } = target
  switch (error._tag) {
    case "SignalWireInvalidRequest":
      return error.parameter === "id" ? "Copy the whole id: 36 characters with hyphens." : "Check the options."
    case "SignalWireBadRequest":
    case "SignalWireUnprocessableContent":
      return checkInput(error)
    case "SignalWireUnauthorized":
      return notAuthorized
    case "SignalWireInternalServerError":
    case "SignalWireServerUnavailable":
      return `${later(error.retryAfter)}. If the error persists, ${support(error)}`
    case "SignalWireRateLimited":
      return `${later(error.retryAfter)}, with fewer requests.`
    case "SignalWireUnexpectedStatus":
      return adviceOnUnexpectedStatus(error, origin)
    case "SignalWireInvalidResponse":
      return adviceOnInvalidResponse(error, origin)
    case "SignalWireTransportError":
      return adviceOnTransport(target)[error.reason]
    case "SignalWireRequestTimeout":
      return `Try again later, and check that this machine can reach ${origin}.`
  }
}

/**
 * The first error detail of the service, which the library has sanitized and does not include in its message; none where it only
 * repeats the reason phrase of the status.
 */
const detailOf = (error: SignalWireError): ReadonlyArray<string> => {
  if (!("details" in error)) return []
  const message = format.printable(error.details[0]?.message ?? "").trim()
  return message === "" || message === STATUS_CODES[error.status] ? [] : [`The service says: ${message}`]
}

/** The message of the library without the name of the operation. Two pairs of parentheses at its end are joined. */
const messageOf = ({ message, operation }: SignalWireError): string =>
  message.replace(`${operation}: `, "").replace(") (", ", ")

/** Describes an error: its message, the detail of the service if there is one, and the advice. */
export const ofError = (error: SignalWireError, target: Target.Service): CommandError =>
  new CommandError({
    exitCode: exitCodes.ofError(error),
    details: {
      tag: error._tag,
      status: "status" in error ? error.status : undefined,
      details: "details" in error ? error.details : [],
      requestId: "requestId" in error ? error.requestId : undefined,
      retryable: error.isRetryable
    },
    lines: [
      messageOf(error),
      ...detailOf(error),
      ...(error._tag === "SignalWireNotFound" || isUndeclaredNotFound(error)
        ? adviceOnNotFound(target)
        : [adviceOn(error, target)])
    ]
  })

const path = (names: ReadonlyArray<string>): string => names.join(".")

/** One line for each missing or invalid value, with the name of its environment variable. */
const configLines = ConfigError.reduceWithContext<undefined, ReadonlyArray<string>>(undefined, {
  andCase: (_, left, right) => [...left, ...right],
  orCase: (_, left, right) => [...left, ...right],
  invalidDataCase: (_, names, message) => [`${path(names)} cannot be used. ${message}.`],
  missingDataCase: (_, names, message) => [`${path(names)} is not set. ${message.replace(" (Redacted in code)", "")}.`],
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

/** @param advice the line that is added when a value is missing */
export const ofConfigError = (error: ConfigError.ConfigError, advice?: string): CommandError => {
  const [first = "The configuration cannot be used.", ...others] = configLines(error)
  return new CommandError({
    exitCode: exitCodes.exitCodes.configuration,
    details: { tag: "ConfigError" },
    lines: [first, ...others, ...(advice !== undefined && isMissing(error) ? [advice] : [])]
  })
}

export const ofListenError = (error: Error): CommandError =>
  new CommandError({
    exitCode: exitCodes.exitCodes.other,
    lines: [
      `the embedded sandbox could not start: ${format.printable(error.message)}`,
      "Check that programs can listen on 127.0.0.1, or set the SIGNALWIRE_ variables to use your own space."
    ]
  })

/** An invalid command line that the parser accepts. */
export const ofUsage = (description: string, ...advice: ReadonlyArray<string>): CommandError =>
  new CommandError({
    exitCode: exitCodes.exitCodes.usage,
    details: { tag: "UsageError" },
    lines: [description, ...advice]
  })
