/** The options of the layers, which are those of the client and of the transport. */
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import type { ConfigOptions, Options } from "../NodeSignalWire.ts"
import { namesOf, pick } from "./optionNames.ts"

const transportNames = { ca: true, proxy: true } as const

const clientNames = {
  policy: true,
  tracePropagation: true,
  decoder: true,
  decoding: true,
  onDrift: true,
  echo: true,
  transformClient: true,
  metrics: true
} as const

const credentialNames = { space: true, projectId: true, apiToken: true, baseUrl: true, insecureHosts: true } as const

/** The names of the options of `NodeSignalWire.layer`. */
export const names = namesOf<Options>({ ...credentialNames, ...clientNames, ...transportNames })

/** The names of the options of `NodeSignalWire.layerConfig`. */
export const configNames = namesOf<ConfigOptions>({
  prefix: true,
  ...credentialNames,
  ...clientNames,
  ...transportNames
})

/** The options of the client, with the fast decoder. The transport reports the names that do not exist. */
export const clientOptions = <O extends Options | ConfigOptions>(options: O, accepted: ReadonlyArray<string>) => {
  const ofClient = Object.entries(options).filter(([name]) =>
    accepted.includes(name) && !Object.hasOwn(transportNames, name)
  )
  // the type of the options, of which those of the transport are optional
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { ...Object.fromEntries(ofClient), decoder: options.decoder ?? FastDecoder.make } as unknown as O
}

/**
 * The options among the columns of a row, which can have more of them tomorrow, and can be getters of a class. Any other value is left as it
 * is, for its validation.
 */
export const optionsOfRow = (row: Options): Options =>
  typeof row === "object" && row !== null
    // the type of the row, without what is no option
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    ? pick(row, names) as Options
    : row
