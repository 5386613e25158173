/** The names of the options of layers. */
import type * as Credentials from "../Credentials.ts"
import type * as SignalWireClient from "../SignalWireClient.ts"
import { namesOf } from "./options.ts"

export const credentials = namesOf<Credentials.Options>({
  space: true,
  projectId: true,
  apiToken: true,
  baseUrl: true,
  insecureHosts: true
})

export const credentialsConfig = namesOf<Credentials.ConfigOptions>({
  prefix: true,
  space: true,
  projectId: true,
  apiToken: true,
  baseUrl: true,
  insecureHosts: true
})

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
