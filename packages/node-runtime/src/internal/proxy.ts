/** Validates the proxy option. */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { readable } from "./optionNames.ts"

export type Proxy =
  | { readonly _tag: "None" }
  | { readonly _tag: "Explicit"; readonly origin: string; readonly token: Redacted.Redacted | undefined }
  /** Addresses from the environment, of which only one is used. The other is empty, as are both where it has none. */
  | {
    readonly _tag: "Environment"
    readonly http: Redacted.Redacted
    readonly https: Redacted.Redacted
    readonly noProxy: string
  }

const accepted = "the address of an HTTP proxy, such as http://proxy.example:3128"

const invalid = (name: string, expected: string) => Either.left(ConfigError.InvalidData([name], `Expected ${expected}`))

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

interface Address {
  readonly origin: string
  readonly user: string
  readonly password: string
}

const parse = (text: unknown): Address | undefined => {
  if (typeof text !== "string" || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const isAddress = (url.protocol === "http:" || url.protocol === "https:") && url.hostname !== "" &&
    url.pathname === "/" && url.search === "" && url.hash === ""
  const user = decoded(url.username)
  const password = decoded(url.password)
  return !isAddress || user === undefined || password === undefined || user.includes(":")
    ? undefined
    : { origin: url.origin, user, password }
}

/** Validates an address. The error never contains it, since it may contain a password. */
const explicit = (given: string | Redacted.Redacted): Either.Either<Proxy, ConfigError.ConfigError> => {
  const address = parse(Redacted.isRedacted(given) ? Redacted.value(given) : given)
  const hasCredentials = address !== undefined && (address.user !== "" || address.password !== "")
  if (address === undefined || (hasCredentials && !Redacted.isRedacted(given))) {
    return invalid("proxy", `${accepted}; with a user or password only as Redacted`)
  }
  const { origin, password, user } = address
  return Either.right({
    _tag: "Explicit",
    origin,
    token: hasCredentials ? Redacted.make(`Basic ${Encoding.encodeBase64(`${user}:${password}`)}`) : undefined
  })
}

interface Variable {
  readonly name: string
  /** Empty where the variable is not set. */
  readonly value: Redacted.Redacted
}

/** The value of a variable that is not set. */
const none = Redacted.make("")

const read = (name: string): Effect.Effect<Variable, ConfigError.ConfigError> =>
  Effect.map(Config.withDefault(Config.redacted(name), none), value => ({ name, value }))

const isEmpty = ({ value }: Variable): boolean => Redacted.value(value).trim() === ""

/** Reads a variable as curl does: the name in lower case takes precedence, and an empty variable counts as not set. */
const variable = (name: string): Effect.Effect<Variable, ConfigError.ConfigError> =>
  Effect.flatMap(read(name.toLowerCase()), lower => (isEmpty(lower) ? read(name) : Effect.succeed(lower)))

/**
 * Validates the address in a variable. undici receives it unchanged, since undici itself applies `NO_PROXY`. undici would ignore
 * a user without a password, and a password without a user, so both are rejected.
 */
const addressIn = (variable: Variable): Either.Either<Redacted.Redacted, ConfigError.ConfigError> => {
  if (isEmpty(variable)) return Either.right(none)
  const text = Redacted.value(variable.value).trim()
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const address = parse(url)
  if (address === undefined) return invalid(variable.name, accepted)
  return (address.user === "") !== (address.password === "")
    ? invalid(variable.name, "a user and a password in the address of the proxy, or neither")
    : Either.right(Redacted.make(url))
}

/** `HTTP_PROXY` is read for https without `HTTPS_PROXY` only: plain http is sent directly. */
const environment: Effect.Effect<Proxy, ConfigError.ConfigError> = Effect.gen(function*() {
  const https = yield* variable("HTTPS_PROXY")
  const addresses = isEmpty(https)
    ? { http: yield* addressIn(yield* variable("HTTP_PROXY")), https: none }
    : { http: none, https: yield* addressIn(https) }
  const noProxy = yield* variable("NO_PROXY")
  return { _tag: "Environment", ...addresses, noProxy: Redacted.value(noProxy.value) }
})

export const make = (given: string | Redacted.Redacted | undefined): Effect.Effect<Proxy, ConfigError.ConfigError> => {
  if (given === undefined) return Effect.succeed({ _tag: "None" })
  if (given === "environment") return environment
  return explicit(given)
}

/** Builds a layer that reads the environment anew at each use, since each use may have another `ConfigProvider`. */
export const perEnvironment = <A, E, R>(
  options: { readonly proxy?: string | Redacted.Redacted | undefined },
  layer: Layer.Layer<A, E, R>
): Layer.Layer<A, E, R> => {
  return readable(options).proxy === "environment" ? Layer.fresh(layer) : layer
}
