/**
 * Who is asking: the space, the project and its API token.
 *
 * @since 1.0.0
 */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { withPaths } from "./internal/configPath.ts"

/**
 * What a user gives. Every wrong value becomes a `ConfigError` that says what is accepted and does not repeat a secret.
 *
 * @since 1.0.0
 * @category models
 */
export interface Options {
  /**
   * A bare name (`acme`), a host (`acme.signalwire.com`) or its URL (`https://acme.signalwire.com`, with `/api/video` or
   * without); or host and port of a server on loopback (`127.0.0.1:8080`, `localhost:8080`, `[::1]:8080`), which is asked over
   * plain http. May be left out beside `baseUrl`.
   */
  readonly space?: string | undefined
  /** The project's id, the user name of Basic authentication: no colon, no control characters, no blanks around it. */
  readonly projectId: string
  /** The project's API token with the Video scope: no control characters, no blanks around it. */
  readonly apiToken: Redacted.Redacted
  /** Replaces the address made from `space`: https anywhere, plain http on loopback only; no user, query or fragment. */
  readonly baseUrl?: string | undefined
}

/**
 * The same as configuration, as Effect's own clients take it: what is left out is read under the names of the vendor's own SDKs.
 *
 * @since 1.0.0
 * @category models
 */
export interface ConfigOptions {
  /** Default `SIGNALWIRE_SPACE`. Where it is given, `SIGNALWIRE_REST_BASE_URL` is not read. */
  readonly space?: Config.Config<string> | undefined
  /** Default `SIGNALWIRE_PROJECT_ID`. */
  readonly projectId?: Config.Config<string> | undefined
  /** Default `SIGNALWIRE_API_TOKEN`. */
  readonly apiToken?: Config.Config<Redacted.Redacted> | undefined
  /** Default `SIGNALWIRE_REST_BASE_URL`. */
  readonly baseUrl?: Config.Config<string> | undefined
}

/**
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /** Scheme, host and port, such as `https://acme.signalwire.com`. */
  readonly origin: string
  /** What comes before `/api/video` in each path: empty, or a prefix such as `/gateway`. */
  readonly pathPrefix: string
  readonly projectId: string
  readonly apiToken: Redacted.Redacted
}

/**
 * @since 1.0.0
 * @category tags
 */
export class Credentials extends Context.Tag("@effect-signalwire/core/Credentials")<Credentials, Service>() {}

type Checked<A> = Either.Either<A, ConfigError.ConfigError>

type Address = Pick<Service, "origin" | "pathPrefix">

/** By which name each value is known to whoever gave it. */
type Names = Record<keyof Options, string>

const optionNames: Names = { space: "space", projectId: "projectId", apiToken: "apiToken", baseUrl: "baseUrl" }

const environmentNames: Names = {
  space: "SIGNALWIRE_SPACE",
  projectId: "SIGNALWIRE_PROJECT_ID",
  apiToken: "SIGNALWIRE_API_TOKEN",
  baseUrl: "SIGNALWIRE_REST_BASE_URL"
}

const refuse = (name: string, accepted: string): Checked<never> =>
  Either.left(ConfigError.InvalidData([name], `Expected ${accepted}`))

const isText = (value: unknown): value is string => typeof value === "string"

const spacePattern =
  /^(?:https:\/\/(?=[^/]+\.signalwire\.com))?([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.signalwire\.com(?:\/(?:api\/video\/?)?)?)?$/i

const loopbackPattern =
  /^(?:http:\/\/)?((?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?)(?:\/(?:api\/video\/?)?)?$/i

const acceptedSpace = ({ baseUrl }: Names): string =>
  "the name of a space (acme), its host (acme.signalwire.com), its URL (https://acme.signalwire.com), " +
  `or a server on this machine (127.0.0.1:8080); any other address goes into ${baseUrl}`

/** Nothing listens on port 0. */
const toUrl = (text: string): URL | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.port === "0" ? undefined : url
}

const originOf = (space: string): string | undefined => {
  const authority = loopbackPattern.exec(space)?.[1]
  if (authority !== undefined) {
    const url = toUrl(`http://${authority}`)
    return url?.origin
  }
  const name = spacePattern.exec(space)?.[1]
  return name === undefined ? undefined : `https://${name.toLowerCase()}.signalwire.com`
}

const checkSpace = (names: Names, value: unknown): Checked<Address> => {
  const origin = isText(value) ? originOf(value.trim()) : undefined
  return origin === undefined
    ? refuse(names.space, acceptedSpace(names))
    : Either.right({ origin, pathPrefix: "" })
}

/**
 * Whether a host, as `URL.hostname` has it, is this machine: `localhost`, `127.0.0.0/8` or `[::1]`.
 *
 * @since 1.0.0
 * @category predicates
 */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host)

const checkBaseUrl = (name: string, value: unknown): Checked<Address> => {
  const accepted = "an https URL, or an http URL of this machine (localhost, 127.0.0.1, [::1]), " +
    "without user, query and fragment, and with nothing after /api/video, such as http://127.0.0.1:8080"
  const url = isText(value) ? toUrl(value) : undefined
  const pathPrefix = url?.pathname.replace(/\/+$/, "").replace(/\/api\/video$/, "") ?? ""
  const safe = url !== undefined &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) &&
    url.username === "" && url.password === "" && !/[?#@\s]/.test(String(value).trim()) &&
    !/\/api\/video(?:\/|$)/.test(pathPrefix)
  return safe ? Either.right({ origin: url.origin, pathPrefix }) : refuse(name, accepted)
}

const isCredential = (value: unknown): value is string =>
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  isText(value) && value !== "" && value.trim() === value && !/[\u0000-\u001f\u007f]/.test(value)

const checkProjectId = (name: string, value: unknown): Checked<string> =>
  isCredential(value) && !value.includes(":")
    ? Either.right(value)
    : refuse(name, "a project id: not blank, without colons, control characters and blanks around it")

const checkApiToken = (name: string, value: Redacted.Redacted): Checked<Redacted.Redacted> => {
  if (!Redacted.isRedacted(value)) return refuse(name, "an API token as Redacted")
  return isCredential(Redacted.value(value))
    ? Either.right(value)
    : refuse(name, "an API token: not blank, without line breaks, other control characters and blanks around it")
}

/** All errors at once. */
const combine = (
  address: Checked<Address>,
  projectId: Checked<string>,
  apiToken: Checked<Redacted.Redacted>
): Checked<Service> => {
  const checked: ReadonlyArray<Checked<unknown>> = [address, projectId, apiToken]
  const errors = checked.flatMap(one => Either.isLeft(one) ? [one.left] : [])
  return errors.length > 0
    ? Either.left(errors.reduce((left, right) => ConfigError.And(left, right)))
    : Either.map(
      Either.all({ address, projectId, apiToken }),
      ({ address, ...credentials }) => ({ ...address, ...credentials })
    )
}

/**
 * Checks and normalises.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { Credentials } from "@effect-signalwire/core"
 * import { Either, Redacted } from "effect"
 *
 * const credentials = Credentials.make({ space: "acme", projectId: "p", apiToken: Redacted.make("t") })
 *
 * Either.map(credentials, ({ origin }) => origin) // https://acme.signalwire.com
 */
export const make = (options: Options): Either.Either<Service, ConfigError.ConfigError> =>
  combine(
    options.baseUrl === undefined
      ? checkSpace(optionNames, options.space)
      : checkBaseUrl(optionNames.baseUrl, options.baseUrl),
    checkProjectId(optionNames.projectId, options.projectId),
    checkApiToken(optionNames.apiToken, options.apiToken)
  )

/**
 * @since 1.0.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<Credentials, ConfigError.ConfigError> =>
  Layer.effect(Credentials, Effect.suspend(() => make(options)))

/** Files that set an environment often leave a variable empty for one that is not set. */
const variable = (name: string): Config.Config<string> =>
  Config.mapOrFail(Config.string(name), value =>
    value.trim() === ""
      ? Either.left(ConfigError.MissingData([], `Expected ${name} not to be empty`))
      : Either.right(value))

const isSet = (name: string): Effect.Effect<boolean> => Effect.isSuccess(variable(name))

/** Names that other programs use for the same values. They are not read: an error names the first that is set. */
const similarNames = {
  space: [
    "SIGNALWIRE_SPACE_URL",
    "SIGNALWIRE_SPACE_NAME",
    "SIGNALWIRE_HOST",
    "SIGNALWIRE_API_HOSTNAME",
    "SIGNALWIRE_API_URL",
    "SIGNALWIRE_BASE_URL",
    "SIGNALWIRE_URL",
    "SPACE_URL",
    "SPACE_NAME"
  ],
  projectId: [
    "SIGNALWIRE_PROJECT",
    "SIGNALWIRE_PROJECT_KEY",
    "SIGNALWIRE_ACCOUNT_SID",
    "PROJECT_ID",
    "PROJECT_KEY"
  ],
  apiToken: [
    "SIGNALWIRE_TOKEN",
    "SIGNALWIRE_AUTH_TOKEN",
    "SIGNALWIRE_API_KEY",
    "SIGNALWIRE_REST_API_TOKEN",
    "API_TOKEN",
    "REST_API_TOKEN",
    "AUTH_TOKEN"
  ]
}

/** Where a variable was looked for: its name, after the prefixes of the provider. */
const pathOf = (error: ConfigError.ConfigError): ReadonlyArray<string> =>
  error._op === "And" || error._op === "Or" ? pathOf(error.left) : error.path

const required = (key: keyof typeof similarNames, expected: string): Effect.Effect<string, ConfigError.ConfigError> =>
  Effect.catchIf(
    variable(environmentNames[key]),
    ConfigError.isMissingDataOnly,
    error =>
      Effect.flatMap(Effect.findFirst(similarNames[key], isSet), similar => {
        const path = pathOf(error)
        const hint = Option.match(similar, {
          onNone: () => "",
          onSome: name => `; ${[...path.slice(0, -1), name].join(".")} is set instead`
        })
        return Effect.fail(ConfigError.MissingData([...path], `Expected ${expected}${hint}`))
      })
  )

type Read<A> = Effect.Effect<A, ConfigError.ConfigError>

const addressOfEnvironment: Read<Address> = Effect.flatMap(
  Config.option(variable(environmentNames.baseUrl)),
  Option.match({
    onSome: value => checkBaseUrl(environmentNames.baseUrl, value),
    onNone: () =>
      Effect.flatMap(
        required(
          "space",
          `a space (acme) or a server on this machine (127.0.0.1:8080), or another address in ${environmentNames.baseUrl}`
        ),
        value => checkSpace(environmentNames, value)
      )
  })
)

const projectIdOfEnvironment: Read<string> = Effect.flatMap(
  required("projectId", "the id of the project"),
  value => checkProjectId(environmentNames.projectId, value)
)

const apiTokenOfEnvironment: Read<Redacted.Redacted> = Effect.flatMap(
  required("apiToken", "an API token of the project, with the Video scope"),
  value => checkApiToken(environmentNames.apiToken, Redacted.make(value))
)

const withoutPath = (error: ConfigError.ConfigError): ConfigError.ConfigError =>
  error._op === "InvalidData" ? ConfigError.InvalidData([], error.message) : error

/** A wrong value is named as the application's own configuration names it, or by its option where Effect does not tell. */
const checkedBy = <A, B>(
  option: keyof Options,
  config: Config.Config<A>,
  check: (name: string, value: A) => Checked<B>
): Read<B> =>
  Effect.mapError(
    Config.mapOrFail(config, value => Either.mapLeft(check(option, value), withoutPath)),
    error =>
      error._op === "InvalidData" && error.path.length === 0
        ? ConfigError.InvalidData([option], error.message)
        : error
  )

const readAddress = ({ baseUrl, space }: ConfigOptions): Read<Address> => {
  if (baseUrl !== undefined) return checkedBy("baseUrl", baseUrl, checkBaseUrl)
  return space === undefined
    ? addressOfEnvironment
    : checkedBy("space", space, (_, value) => checkSpace(optionNames, value))
}

const readProjectId = ({ projectId }: ConfigOptions): Read<string> =>
  projectId === undefined
    ? projectIdOfEnvironment
    : checkedBy("projectId", projectId, checkProjectId)

const readApiToken = ({ apiToken }: ConfigOptions): Read<Redacted.Redacted> =>
  apiToken === undefined
    ? apiTokenOfEnvironment
    : checkedBy("apiToken", apiToken, checkApiToken)

/**
 * The credentials from configuration. What is left out is read under the names of the vendor's own SDKs: `SIGNALWIRE_SPACE`,
 * `SIGNALWIRE_PROJECT_ID` and `SIGNALWIRE_API_TOKEN`. `SIGNALWIRE_REST_BASE_URL` takes precedence over the first. A variable that
 * is empty counts as one that is not set. The error of a missing variable names a similar one that is set, such as
 * `SIGNALWIRE_TOKEN`, without its value.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { Credentials } from "@effect-signalwire/core"
 * import { Config } from "effect"
 *
 * const europe = Credentials.fromConfig({
 *   space: Config.string("EU_SPACE"),
 *   projectId: Config.string("EU_PROJECT_ID"),
 *   apiToken: Config.redacted("EU_API_TOKEN")
 * })
 */
export const fromConfig = (options: ConfigOptions = {}): Effect.Effect<Service, ConfigError.ConfigError> =>
  withPaths(Effect.flatMap(
    Effect.all([
      Effect.either(readAddress(options)),
      Effect.either(readProjectId(options)),
      Effect.either(readApiToken(options))
    ]),
    checked => combine(...checked)
  ))

/**
 * @since 1.0.0
 * @category layers
 */
export const layerConfig = (options?: ConfigOptions): Layer.Layer<Credentials, ConfigError.ConfigError> =>
  Layer.fresh(Layer.effect(Credentials, fromConfig(options)))
