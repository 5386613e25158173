/** Which proxy was asked for, checked. */
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
  /** Addresses as the environment has them; empty where it has none. */
  | {
    readonly _tag: "Environment"
    readonly http: Redacted.Redacted
    readonly https: Redacted.Redacted
    readonly except: string
  }

const accepted =
  "the address of an HTTP proxy, such as http://proxy.example:3128; with a user or password only as Redacted"

const refuse = (name: string) => Either.left(ConfigError.InvalidData([name], `Expected ${accepted}`))

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Never repeats the address, which may hold a password. */
const parse = (
  name: string,
  value: unknown
): Either.Either<
  { readonly origin: string; readonly token: Redacted.Redacted | undefined },
  ConfigError.ConfigError
> => {
  const text: unknown = Redacted.isRedacted(value) ? Redacted.value(value) : value
  if (typeof text !== "string" || !URL.canParse(text)) return refuse(name)
  const url = new URL(text)
  const isAddress = (url.protocol === "http:" || url.protocol === "https:") && url.hostname !== "" &&
    url.pathname === "/" && url.search === "" && url.hash === ""
  const user = decoded(url.username)
  const password = decoded(url.password)
  if (!isAddress || user === undefined || password === undefined || user.includes(":")) return refuse(name)
  if (user === "" && password === "") return Either.right({ origin: url.origin, token: undefined })
  return Redacted.isRedacted(value)
    ? Either.right({
      origin: url.origin,
      token: Redacted.make(`Basic ${Encoding.encodeBase64(`${user}:${password}`)}`)
    })
    : refuse(name)
}

/** Empty where there is none. */
const redacted = (name: string) => Config.withDefault(Config.redacted(name), Redacted.make(""))

/** The names as curl knows them: those in lower case come first, and an empty one counts as not set. */
const variable = (name: string) =>
  Effect.flatMap(
    redacted(name.toLowerCase()),
    lower => Redacted.value(lower) === "" ? redacted(name) : Effect.succeed(lower)
  )

/** undici sends no user without a password, and is given the addresses as they are: it knows whom `NO_PROXY` excepts. */
const checkVariable = (name: string, address: Redacted.Redacted): Either.Either<void, ConfigError.ConfigError> => {
  const text = Redacted.value(address)
  if (text === "") return Either.void
  return Either.flatMap(parse(name, address), ({ token }) =>
    token !== undefined && new URL(text).password === ""
      ? Either.left(ConfigError.InvalidData([name], "Expected a password beside the user"))
      : Either.void)
}

const environment: Effect.Effect<Proxy, ConfigError.ConfigError> = Effect.gen(function*() {
  const http = yield* variable("HTTP_PROXY")
  const https = yield* variable("HTTPS_PROXY")
  const except = yield* variable("NO_PROXY")
  yield* checkVariable("HTTP_PROXY", http)
  yield* checkVariable("HTTPS_PROXY", https)
  return { _tag: "Environment", http, https, except: Redacted.value(except) }
})

export const make = (asked: string | Redacted.Redacted | undefined): Effect.Effect<Proxy, ConfigError.ConfigError> => {
  if (asked === undefined) return Effect.succeed({ _tag: "None" })
  if (asked === "environment") return environment
  return Either.map(parse("proxy", asked), found => ({ _tag: "Explicit", ...found }))
}

/** A layer that reads the environment is built anew wherever it is used: each use may have a `ConfigProvider` of its own. */
export const perEnvironment = <A, E, R>(
  options: { readonly proxy?: string | Redacted.Redacted | undefined },
  layer: Layer.Layer<A, E, R>
): Layer.Layer<A, E, R> => (options.proxy === "environment" ? Layer.fresh(layer) : layer)
