/** A sentence for each check, from its expected observation. */
import type { Observation } from "../src/suite/Report.ts"

const counted = (
  requests: Observation[string] | undefined
): string => (requests === 1 ? "1 request" : `${String(requests)} requests`)

const ofError = ({ attempts, isRetryable, kind, reason, requests, status, tag }: Observation): string => {
  if (tag === "ConfigError") return `is ConfigError ${String(kind)}`
  const what = [tag, reason, status].filter(part => part !== undefined).join(" ")
  const sent = requests === undefined || requests === attempts ? "" : ` (${counted(requests)})`
  return `is ${what}, ${isRetryable === true ? "retried" : "not retried"}${sent}`
}

export const title = (check: string, expected: Observation): string => {
  if ("session" in expected) return `${check} is read by ${counted(expected["requests"])}`
  if ("interrupted" in expected) return `${check} closes its connection, and nothing more is sent`
  if ("wrongStores" in expected) return `${check} has the store of each caller`
  return "absent" in expected ? `${check} does not exist` : `${check} ${ofError(expected)}`
}
