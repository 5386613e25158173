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

/**
 * What a user gives. Every wrong value becomes a `ConfigError` that says what is accepted and does not repeat a secret.
 *
 * @since 1.0.0
 * @category models
 */
export interface Options {
  /**
   * A bare name (`acme`), a host (`acme.signalwire.com`) or its URL (`https://acme.signalwire.com`, with `/api/video` or
   * without). May be left out beside `baseUrl`.
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

/** By which name each value is known to whoever gave it. */
type Names = Record<keyof Options, string>

const optionNames: Names = { space: "space", projectId: "projectId", apiToken: "apiToken", baseUrl: "baseUrl" }

const environmentNames: Names = {
  space: "SIGNALWIRE_SPACE",
  projectId: "SIGNALWIRE_PROJECT_ID",
  apiToken: "SIGNALWIRE_API_TOKEN",
  baseUrl: "SIGNALWIRE_BASE_URL"
}

const refuse = (name: string, accepted: string): Checked<never> =>
  Either.left(ConfigError.InvalidData([name], `Expected ${accepted}`))

const isText = (value: unknown): value is string => typeof value === "string"

const spacePattern =
  /^(?:https:\/\/(?=[^/]+\.signalwire\.com))?([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.signalwire\.com(?:\/(?:api\/video\/?)?)?)?$/i

const acceptedSpace = ({ baseUrl }: Names): string =>
  "the name of a space (acme), its host (acme.signalwire.com) or its URL (https://acme.signalwire.com); " +
  `a server on this machine goes into ${baseUrl}`

const checkSpace = (names: Names, value: unknown): Checked<Pick<Service, "origin" | "pathPrefix">> => {
  const space = isText(value) ? spacePattern.exec(value.trim())?.[1] : undefined
  return space === undefined
    ? refuse(names.space, acceptedSpace(names))
    : Either.right({ origin: `https://${space.toLowerCase()}.signalwire.com`, pathPrefix: "" })
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host)

const checkBaseUrl = (name: string, value: unknown): Checked<Pick<Service, "origin" | "pathPrefix">> => {
  const accepted = "an https URL, or an http URL of this machine (localhost, 127.0.0.1, [::1]), " +
    "without user, query and fragment, such as http://127.0.0.1:8080"
  const url = isText(value) && URL.canParse(value) ? new URL(value) : undefined
  const safe = url !== undefined &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) &&
    url.username === "" && url.password === "" && !/[?#@\s]/.test(String(value).trim())
  return safe
    ? Either.right({
      origin: url.origin,
      pathPrefix: url.pathname.replace(/\/+$/, "").replace(/\/api\/video$/, "")
    })
    : refuse(name, accepted)
}

const isCredential = (value: unknown): value is string =>
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  isText(value) && value !== "" && value.trim() === value && !/[\u0000-\u001f\u007f]/.test(value)

const check = (options: Options, names: Names): Checked<Service> => {
  const address = options.baseUrl === undefined
    ? checkSpace(names, options.space)
    : checkBaseUrl(names.baseUrl, options.baseUrl)
  const project = isCredential(options.projectId) && !options.projectId.includes(":")
    ? Either.right(options.projectId)
    : refuse(names.projectId, "a project id: not blank, without colons, control characters and blanks around it")
  const token = Redacted.isRedacted(options.apiToken) && isCredential(Redacted.value(options.apiToken))
    ? Either.right(options.apiToken)
    : refuse(
      names.apiToken,
      Redacted.isRedacted(options.apiToken)
        ? "an API token: not blank, without line breaks, other control characters and blanks around it"
        : "an API token as Redacted"
    )
  const checked: ReadonlyArray<Checked<unknown>> = [address, project, token]
  const wrong = checked.flatMap(found => Either.isLeft(found) ? [found.left] : [])
  return wrong.length > 0
    ? Either.left(wrong.reduce((left, right) => ConfigError.And(left, right)))
    : Either.map(
      Either.all({ address, projectId: project, apiToken: token }),
      ({ address, ...secrets }) => ({ ...address, ...secrets })
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
export const make = (options: Options): Either.Either<Service, ConfigError.ConfigError> => check(options, optionNames)

/**
 * @since 1.0.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<Credentials, ConfigError.ConfigError> =>
  Layer.effect(Credentials, Effect.suspend(() => make(options)))

/** Files that set an environment often leave a variable empty for one that is not set. */
const optional = (name: string) =>
  Config.option(Config.string(name)).pipe(
    Config.map(found => Option.getOrUndefined(Option.filter(found, value => value.trim() !== "")))
  )

const address = Config.all({
  space: optional(environmentNames.space),
  baseUrl: optional(environmentNames.baseUrl)
}).pipe(
  Config.mapOrFail(found =>
    found.space === undefined && found.baseUrl === undefined
      ? Either.left(ConfigError.MissingData([environmentNames.space], `Expected ${acceptedSpace(environmentNames)}`))
      : Either.right(found)
  )
)

/**
 * The credentials from configuration, under the names the vendor's own SDKs use: `SIGNALWIRE_SPACE`,
 * `SIGNALWIRE_PROJECT_ID`, `SIGNALWIRE_API_TOKEN`, and `SIGNALWIRE_BASE_URL` in place of the first for a server on loopback.
 *
 * @since 1.0.0
 * @category constructors
 */
export const fromConfig: Effect.Effect<Service, ConfigError.ConfigError> = Effect.flatMap(
  Config.all({
    address,
    projectId: Config.string(environmentNames.projectId),
    // `Config.redacted` hides also that there is none
    apiToken: Config.map(Config.string(environmentNames.apiToken), Redacted.make)
  }),
  ({ address, ...secrets }) => check({ ...address, ...secrets }, environmentNames)
)

/**
 * @since 1.0.0
 * @category layers
 */
export const layerConfig = (): Layer.Layer<Credentials, ConfigError.ConfigError> =>
  Layer.fresh(Layer.effect(Credentials, fromConfig))
