/** Text of a server, made fit to be shown: short, on one line, and without anything that resembles the credentials. */

/** Whether a text contains a secret. */
export type ContainsSecret = (text: string) => boolean

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const ansi = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])?/g
const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu
/** More than this is not looked at, and the last of it is not shown: a secret may go on behind. */
const maxExamined = 16_384
const maxSecret = 512

export const sanitize = (text: unknown, maxLength: number, containsSecret: ContainsSecret): string | undefined => {
  if (typeof text !== "string" || text === "") return undefined
  const examined = text.slice(0, maxExamined)
  const shown = examined.slice(0, maxExamined - maxSecret).replace(ansi, "").replace(unprintable, " ").trim()
  if (containsSecret(examined) || (shown !== examined && containsSecret(shown))) return "<redacted>"
  // no half of a character
  return shown === "" ? undefined : shown.slice(0, maxLength).replace(/[\ud800-\udbff]$/, "")
}
