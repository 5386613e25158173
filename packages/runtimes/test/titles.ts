/** A sentence for each check, from what is expected of it. */
import type { Observation } from "../src/suite/Report.ts"

const counted = (
  requests: Observation[string] | undefined
): string => (requests === 1 ? "1 request" : `${String(requests)} requests`)

const ofError = ({ attempts, isRetryable, reason, requests, status, tag }: Observation): string => {
  const what = [tag, reason, status].filter(part => part !== undefined).join(" ")
  const sent = requests === undefined || requests === attempts ? "" : ` (${counted(requests)})`
  return `is ${what}, ${isRetryable === true ? "retried" : "not retried"}${sent}`
}

export const title = (check: string, expected: Observation): string => {
  if ("session" in expected) return `${check} is read by ${counted(expected["requests"])}`
  if ("interrupted" in expected) return `${check} closes its connection, and no request follows`
  if ("wrongStores" in expected) return `${check}: each caller has its own store`
  return "absent" in expected ? `${check}: there is none` : `${check} ${ofError(expected)}`
}
