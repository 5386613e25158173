/**
 * Every fault that the client is tested against, by the sentence that is the title of its test. What is not retried is exactly
 * one request. What holds for every fault beside its sentence is in `invariant.ts`.
 */
import { bodies } from "./matrix/bodies.ts"
import { connections } from "./matrix/connections.ts"
import { errors } from "./matrix/errors.ts"
import type { Fault, TransportName } from "./matrix/fault.ts"
import { headers } from "./matrix/headers.ts"
import { input } from "./matrix/input.ts"
import { interruption } from "./matrix/interruption.ts"
import { lists } from "./matrix/lists.ts"
import { load } from "./matrix/load.ts"
import { retry } from "./matrix/retry.ts"
import { sandbox } from "./matrix/sandbox.ts"
import { secrets } from "./matrix/secrets.ts"
import { sessions } from "./matrix/sessions.ts"
import { soak } from "./matrix/soak.ts"
import { status } from "./matrix/status.ts"
import { tenants } from "./matrix/tenants.ts"
import { time } from "./matrix/time.ts"
import { tlsProxyRedirect } from "./matrix/tlsProxyRedirect.ts"
import { transforms } from "./matrix/transforms.ts"
import { unusual } from "./matrix/unusual.ts"
import { wire } from "./matrix/wire.ts"

/** In the order of `docs/reliability.md`. */
export const areas = {
  "Wire": wire,
  "Status": status,
  "Headers": headers,
  "Bodies": bodies,
  "Time": time,
  "Retry": retry,
  "Interruption": interruption,
  "Load": load,
  "Secrets": secrets,
  "Input and configuration": input,
  "TLS, proxy, redirect": tlsProxyRedirect,
  "Soak": soak,
  "Reused connections": connections,
  "Error details": errors,
  "Sessions": sessions,
  "Tenants and runtimes": tenants,
  "Unusual responses": unusual,
  "The sandbox": sandbox,
  "Lists": lists,
  "Transforms": transforms
}

type Areas = typeof areas

export type Sentence = { readonly [Area in keyof Areas]: keyof Areas[Area] }[keyof Areas]

/** By sentence. */
export const matrix: Readonly<Record<Sentence, Fault>> = {
  ...wire,
  ...status,
  ...headers,
  ...bodies,
  ...time,
  ...retry,
  ...interruption,
  ...load,
  ...secrets,
  ...input,
  ...tlsProxyRedirect,
  ...soak,
  ...connections,
  ...errors,
  ...sessions,
  ...tenants,
  ...unusual,
  ...sandbox,
  ...lists,
  ...transforms
}

/** The title of the test of a fault. */
export const titleOf = (sentence: Sentence): string => `${sentence} (fault ${matrix[sentence].number})`

/** What a transport does instead, where it cannot do what the sentence says. */
export const exceptionOf = (sentence: Sentence, transport: TransportName): string | undefined =>
  transport === "undici" ? undefined : matrix[sentence].exceptions?.[transport]
