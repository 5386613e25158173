/** Decides which errors are temporary. Whether one is retried also depends on the policy and the method; see `retry.ts`. */
import type { SignalWireError, TransportError } from "../../SignalWireError.ts"

export const isTemporary = ({ code, reason }: Pick<TransportError, "code" | "reason">): boolean => {
  switch (reason) {
    case "Refused":
    case "Reset":
    case "Truncated":
      return true
    case "Dns":
      return code === "EAI_AGAIN"
    case "Proxy":
      // the proxy is overloaded, or has no connection to the service
      return code !== undefined && /^ERR_PROXY_STATUS_(?:408|429|50[0234])$/.test(code)
    case "Other":
      return code === "ERR_NETWORK"
    default:
      return false
  }
}

export const isRetryable = (error: SignalWireError): boolean => {
  switch (error._tag) {
    case "SignalWireInternalServerError":
    case "SignalWireRateLimited":
    case "SignalWireServerUnavailable":
      return true
    case "SignalWireRequestTimeout":
      return error.phase === "attempt"
    case "SignalWireTransportError":
      return isTemporary(error)
    default:
      return false
  }
}
