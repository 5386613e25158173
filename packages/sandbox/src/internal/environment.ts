/** The environment of a client of the sandbox. */
import { Credentials } from "@effect-signalwire/core"
import * as Redacted from "effect/Redacted"
import type * as SandboxSpace from "../SandboxSpace.ts"

/** The variables by their names. A sandbox on another address than loopback, without TLS, has to be allowed by name. */
export const variables = (
  { apiToken, projectId, url }: Pick<SandboxSpace.Service, "apiToken" | "projectId" | "url">,
  caFile: string | undefined
): Readonly<Record<string, string>> => {
  const { host, hostname, protocol } = new URL(url)
  const isLocal = protocol === "http:" && Credentials.isLoopback(hostname)
  return {
    ...(isLocal ? { SIGNALWIRE_SPACE: host } : { SIGNALWIRE_REST_BASE_URL: url }),
    ...(protocol === "http:" && !isLocal ? { SIGNALWIRE_INSECURE_HOSTS: hostname } : {}),
    SIGNALWIRE_PROJECT_ID: projectId,
    SIGNALWIRE_API_TOKEN: Redacted.value(apiToken),
    ...(caFile === undefined ? {} : { SIGNALWIRE_REST_CA_FILE: caFile })
  }
}

/** A word for a POSIX shell. */
export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** The same where quotes are not needed. */
export const word = (text: string): string => /^[\w.:/@%+=,-]+$/.test(text) ? text : quote(text)

/** Lines for a POSIX shell. `SIGNALWIRE_REST_BASE_URL` would take precedence over `SIGNALWIRE_SPACE`. */
export const toExports = (variables: Readonly<Record<string, string>>): string => {
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`)
  return ["SIGNALWIRE_SPACE" in variables ? ["unset SIGNALWIRE_REST_BASE_URL"] : [], lines].flat().join("\n")
}
