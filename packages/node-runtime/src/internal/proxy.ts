/** Validates the proxy option. */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

export type Proxy =
  | { readonly _tag: "None" }
  | { readonly _tag: "Explicit"; readonly origin: string; readonly token: Redacted.Redacted | undefined }
  /** Addresses from the environment; empty where it has none. */
  | {
    readonly _tag: "Environment"
    readonly http: Redacted.Redacted
    readonly https: Redacted.Redacted
    readonly except: string
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

/** Never repeats the address, which may hold a password. */
const explicit = (asked: string | Redacted.Redacted): Either.Either<Proxy, ConfigError.ConfigError> => {
  const address = parse(Redacted.isRedacted(asked) ? Redacted.value(asked) : asked)
  const hasCredentials = address !== undefined && (address.user !== "" || address.password !== "")
  if (address === undefined || (hasCredentials && !Redacted.isRedacted(asked))) {
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
  /** Empty where it is not set. */
  readonly value: Redacted.Redacted
}

const read = (name: string): Effect.Effect<Variable, ConfigError.ConfigError> =>
  Effect.map(Config.withDefault(Config.redacted(name), Redacted.make("")), value => ({ name, value }))

const isEmpty = ({ value }: Variable): boolean => Redacted.value(value).trim() === ""

/** The names as curl knows them: those in lower case come first, and an empty one counts as not set. */
const variable = (name: string): Effect.Effect<Variable, ConfigError.ConfigError> =>
  Effect.flatMap(read(name.toLowerCase()), lower => (isEmpty(lower) ? read(name) : Effect.succeed(lower)))

/**
 * undici is given addresses as they are, since it knows whom `NO_PROXY` excepts. Of a user without a password, or the other way
 * round, it would send nothing.
 */
const addressIn = (variable: Variable): Either.Either<Redacted.Redacted, ConfigError.ConfigError> => {
  if (isEmpty(variable)) return Either.right(Redacted.make(""))
  const text = Redacted.value(variable.value).trim()
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const address = parse(url)
  if (address === undefined) return invalid(variable.name, accepted)
  return (address.user === "") !== (address.password === "")
    ? invalid(variable.name, "a user and a password in the address of the proxy, or neither")
    : Either.right(Redacted.make(url))
}

const environment: Effect.Effect<Proxy, ConfigError.ConfigError> = Effect.gen(function*() {
  const http = yield* addressIn(yield* variable("HTTP_PROXY"))
  const https = yield* addressIn(yield* variable("HTTPS_PROXY"))
  const except = yield* variable("NO_PROXY")
  return { _tag: "Environment", http, https, except: Redacted.value(except.value) }
})

export const make = (asked: string | Redacted.Redacted | undefined): Effect.Effect<Proxy, ConfigError.ConfigError> => {
  if (asked === undefined) return Effect.succeed({ _tag: "None" })
  if (asked === "environment") return environment
  return explicit(asked)
}

/** A layer that reads the environment is built anew wherever it is used: each use may have a `ConfigProvider` of its own. */
export const perEnvironment = <A, E, R>(
  options: { readonly proxy?: string | Redacted.Redacted | undefined },
  layer: Layer.Layer<A, E, R>
): Layer.Layer<A, E, R> => (options.proxy === "environment" ? Layer.fresh(layer) : layer)
