/** The exit codes of the command. They are stable: scripts depend on them. */
import type { SignalWireError } from "@effect-signalwire/core"

export const exitCodes = {
  success: 0,
  other: 1,
  usage: 2,
  configuration: 3,
  unauthorized: 4,
  notFound: 5,
  rateLimited: 6,
  network: 7,
  service: 8,
  unusableResponse: 9,
  hungUp: 129,
  interrupted: 130,
  terminated: 143
} as const

export type ExitCode = typeof exitCodes[keyof typeof exitCodes]

/** One line for each code, in the help and in the README. */
export const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  success: "success; also when the reader of a pipe has closed it",
  other:
    "any other error, such as a status of 4xx that has no code of its own, several different errors, or an export in which something failed",
  usage: "the command line is invalid, an id included",
  configuration: "a variable or a file of the configuration is missing or invalid",
  unauthorized: "not authorized: status 401 or 403",
  notFound: "not found: status 404",
  rateLimited: "too many requests: status 429",
  network: "no response: network, DNS, TLS, proxy, or a timeout",
  service: "an error of the service: status 408 or 5xx",
  unusableResponse: "a response that cannot be used, such as a redirect",
  hungUp: "ended by SIGHUP: its terminal was closed",
  interrupted: "interrupted by SIGINT (Ctrl-C)",
  terminated: "terminated by SIGTERM"
}

const ofStatus = (status: number): ExitCode => {
  if (status === 403) return exitCodes.unauthorized
  if (status === 404) return exitCodes.notFound
  if (status >= 500) return exitCodes.service
  return status < 400 ? exitCodes.unusableResponse : exitCodes.other
}

export const ofError = (error: SignalWireError.SignalWireError): ExitCode => {
  switch (error._tag) {
    case "SignalWireInvalidRequest":
      return exitCodes.usage
    case "SignalWireBadRequest":
    case "SignalWireUnprocessableContent":
      return exitCodes.other
    case "SignalWireUnauthorized":
      return exitCodes.unauthorized
    case "SignalWireNotFound":
      return exitCodes.notFound
    case "SignalWireRateLimited":
      return exitCodes.rateLimited
    case "SignalWireTransportError":
    case "SignalWireRequestTimeout":
      return exitCodes.network
    case "SignalWireInternalServerError":
    case "SignalWireServerUnavailable":
      return exitCodes.service
    case "SignalWireInvalidResponse":
      return exitCodes.unusableResponse
    case "SignalWireUnexpectedStatus":
      return ofStatus(error.status)
  }
}
