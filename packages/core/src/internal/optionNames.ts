/** The names of the options of layers. */
import type * as Credentials from "../Credentials.ts"
import type * as SignalWireClient from "../SignalWireClient.ts"
import { namesOf } from "./options.ts"

const credentialNames = { space: true, projectId: true, apiToken: true, baseUrl: true, insecureHosts: true } as const

export const credentials = namesOf<Credentials.Options>(credentialNames)

export const credentialsConfig = namesOf<Credentials.ConfigOptions>({ prefix: true, ...credentialNames })

export const client = namesOf<SignalWireClient.OptionsWithoutCredentials>({
  policy: true,
  tracePropagation: true,
  decoder: true,
  decoding: true,
  onDrift: true,
  echo: true,
  transformClient: true,
  metrics: true
})
