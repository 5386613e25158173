/** Sanitizes texts of a server: short, on one line, without credentials. */
import { type ContainsSecret, redact, redacted } from "../secrets.ts"

// oxlint-disable-next-line no-control-regex -- it matches control characters
const ansi = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])?/g
const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu
/** The rest of a longer text is neither examined nor returned. */
const maxExamined = 16_384
/** The last part of the examined text is not returned, since it may be the beginning of a secret. */
const maxSecret = 512

export const sanitize = (text: unknown, maxLength: number, containsSecret: ContainsSecret): string | undefined => {
  if (typeof text !== "string" || text === "") return undefined
  const examined = text.slice(0, maxExamined)
  const shown = examined.slice(0, maxExamined - maxSecret).replace(ansi, "").replace(unprintable, " ").trim()
  if (containsSecret(examined)) return redacted
  // a surrogate pair is not split
  return shown === "" ? undefined : redact(shown, containsSecret).slice(0, maxLength).replace(/[\ud800-\udbff]$/, "")
}
