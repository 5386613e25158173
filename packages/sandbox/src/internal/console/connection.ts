/** What the console shows of the way to the sandbox. */
import * as Redacted from "effect/Redacted"
import * as environment from "../environment.ts"
import { defaultToken } from "../server/authentication.ts"
import { operations } from "../server/routes.ts"
import type { State } from "../server/state.ts"

const caFile = "ca.pem"

/** A token that was given to the sandbox could be that of a real space, so it never leaves this process. */
const ownToken = ({ apiToken }: State): string | undefined =>
  Redacted.value(apiToken) === defaultToken ? defaultToken : undefined

/** @param host the address by which the browser reaches the sandbox, which can be another one than its own */
export const connection = (state: State, host: string) => {
  const { ca, projectId } = state
  const url = new URL(`${ca === undefined ? "http" : "https"}://${host}`).origin
  const token = ownToken(state)
  const variables = environment.variables(
    { url, projectId, apiToken: Redacted.make(token ?? "") },
    ca === undefined ? undefined : caFile
  )
  const known = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""))
  const note = token === undefined ? "\n# SIGNALWIRE_API_TOKEN: the token that was given to this sandbox" : ""
  return {
    url,
    environment: environment.toExports(known) + note,
    curl: [
      "curl",
      ...(ca === undefined ? [] : ["--cacert", caFile]),
      "-u",
      token === undefined
        ? `${environment.quote(projectId)}:"$SIGNALWIRE_API_TOKEN"`
        : environment.word(`${projectId}:${token}`)
    ].join(" "),
    hasCertificate: ca !== undefined,
    operations
  }
}
