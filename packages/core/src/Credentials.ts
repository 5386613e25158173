/**
 * The credentials of a client: its space, its project and an API token of the project.
 *
 * @since 1.0.0
 */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import type * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { all, below, fullName, invalid, withPrefixes } from "./internal/configErrors.ts"
import * as optionNames from "./internal/optionNames.ts"
import { checkNames, readable } from "./internal/options.ts"

/**
 * Credentials as values. An invalid one is a `ConfigError` that states what is accepted, and never contains the value.
 *
 * @since 1.0.0
 * @category models
 */
export interface Options {
  /**
   * A name (`acme`), a host (`acme.signalwire.com`) or a URL (`https://acme.signalwire.com`, with or without
   * `/api/video`); or the host and port of a server on loopback (`127.0.0.1:8080`, `localhost:8080`, `[::1]:8080`),
   * which is called over plain http. Optional beside `baseUrl`.
   */
  readonly space?: string | undefined
  /**
   * The id of the project, which is the user name of Basic authentication: no colon, no control characters, no leading
   * or trailing whitespace.
   */
  readonly projectId: string
  /** An API token of the project with the Video scope: no control characters, no leading or trailing whitespace. */
  readonly apiToken: Redacted.Redacted
  /**
   * Replaces the address that `space` gives: https anywhere, plain http on loopback and for `insecureHosts` only; no user, query or
   * fragment.
   */
  readonly baseUrl?: string | undefined
  /**
   * Hosts, without ports, that `baseUrl` may reach over plain http besides those of loopback, such as `["sandbox"]` for a container in a
   * private network. The token is sent to them unencrypted. Default: none.
   */
  readonly insecureHosts?: ReadonlyArray<string> | undefined
}

/**
 * Credentials as configuration, as in Effect's own clients. An omitted option is read from the variable that the vendor's
 * SDKs use.
 *
 * @since 1.0.0
 * @category models
 */
export interface ConfigOptions {
  /**
   * The prefix of the variables of the options that are omitted: with `"EU"` they are `EU_SIGNALWIRE_SPACE` and so on, or what
   * `Config.nested` makes of it for another provider than that of the environment. A config that is given is read
   * without it: `Config.string("EU_SPACE")` reads `EU_SPACE`.
   */
  readonly prefix?: string | undefined
  /** Default `SIGNALWIRE_SPACE`. Where it is given, `SIGNALWIRE_REST_BASE_URL` is not read. */
  readonly space?: Config.Config<string> | undefined
  /** Default `SIGNALWIRE_PROJECT_ID`. */
  readonly projectId?: Config.Config<string> | undefined
  /** Default `SIGNALWIRE_API_TOKEN`. */
  readonly apiToken?: Config.Config<Redacted.Redacted> | undefined
  /** Default `SIGNALWIRE_REST_BASE_URL`. */
  readonly baseUrl?: Config.Config<string> | undefined
  /** Default `SIGNALWIRE_INSECURE_HOSTS`, hosts separated by commas. */
  readonly insecureHosts?: Config.Config<ReadonlyArray<string>> | undefined
}

/**
 * Validated credentials.
 *
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /** Scheme, host and port, such as `https://acme.signalwire.com`. */
  readonly origin: string
  /** The part of each path before `/api/video`: empty, or a prefix such as `/gateway`. */
  readonly pathPrefix: string
  /** The id of the project, the user of Basic authentication. */
  readonly projectId: string
  /** The password of Basic authentication. */
  readonly apiToken: Redacted.Redacted
}

/**
 * The service that a `SignalWireClient` takes its credentials from.
 *
 * @since 1.0.0
 * @category tags
 */
export class Credentials extends Context.Tag("@effect-signalwire/core/Credentials")<Credentials, Service>() {}

type Address = Pick<Service, "origin" | "pathPrefix">

/** Describes how one option is read and validated. */
interface OptionSpec<A> {
  /** The description of its values, for errors. */
  readonly accepted: string
  /** Undefined for an invalid value. */
  readonly parse: (value: unknown) => A | undefined
  readonly variable: string
  /**
   * Names that other programs use for the same value. They are not read: the error of a missing variable names the
   * first that is set.
   */
  readonly similar: ReadonlyArray<string>
}

const isText = (value: unknown): value is string => typeof value === "string"

const spacePattern =
  /^(?:https:\/\/(?=[^/]+\.signalwire\.com))?([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.signalwire\.com(?:\/(?:api\/video\/?)?)?)?$/i

const loopbackPattern =
  /^(?:http:\/\/)?((?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?)(?:\/(?:api\/video\/?)?)?$/i

/** Port 0 is rejected: no server can listen on it. */
const toUrl = (text: string): URL | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.port === "0" ? undefined : url
}

const originOf = (space: string): string | undefined => {
  const authority = loopbackPattern.exec(space)?.[1]
  if (authority !== undefined) return toUrl(`http://${authority}`)?.origin
  const name = spacePattern.exec(space)?.[1]
  return name === undefined ? undefined : `https://${name.toLowerCase()}.signalwire.com`
}

const space: OptionSpec<Address> = {
  accepted: "a space (acme), its host (acme.signalwire.com) or URL (https://acme.signalwire.com), " +
    "or a server on this machine (127.0.0.1:8080); any other address is a baseUrl (SIGNALWIRE_REST_BASE_URL)",
  parse: value => {
    const origin = isText(value) ? originOf(value.trim()) : undefined
    return origin === undefined ? undefined : { origin, pathPrefix: "" }
  },
  variable: "SIGNALWIRE_SPACE",
  similar: [
    "SIGNALWIRE_SPACE_URL",
    "SIGNALWIRE_SPACE_NAME",
    "SIGNALWIRE_HOST",
    "SIGNALWIRE_API_HOSTNAME",
    "SIGNALWIRE_API_URL",
    "SIGNALWIRE_BASE_URL",
    "SIGNALWIRE_URL",
    "SPACE_URL",
    "SPACE_NAME"
  ]
}

/**
 * Whether a host, in the form of `URL.hostname`, is this machine: `localhost`, `127.0.0.0/8` or `[::1]`.
 *
 * @since 1.0.0
 * @category predicates
 */
export const isLoopback = (host: string): boolean => /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(host)

type Hosts = ReadonlyArray<string>

const isHost = (host: unknown): host is string =>
  isText(host) && /^(?:[\w.-]+|\[[\da-f:.]+\])$/i.test(host) && URL.canParse(`http://${host}`) &&
  new URL(`http://${host}`).hostname === host.toLowerCase()

const insecureHosts: OptionSpec<Hosts> = {
  accepted: "hosts without scheme and port, such as sandbox (separated by commas in a variable)",
  parse: value => Array.isArray(value) && value.every(isHost) ? value.map(host => host.toLowerCase()) : undefined,
  variable: "SIGNALWIRE_INSECURE_HOSTS",
  similar: []
}

/** @param hosts the hosts that may be reached over plain http */
const baseUrlFor = (hosts: Hosts): OptionSpec<Address> => ({
  accepted:
    "an https URL, or an http URL of this machine (localhost, 127.0.0.1, [::1]) or of a host of insecureHosts " +
    "(SIGNALWIRE_INSECURE_HOSTS), without user, query and fragment, and with nothing after /api/video, such as http://127.0.0.1:8080",
  parse: value => {
    const url = isText(value) ? toUrl(value) : undefined
    const pathPrefix = url?.pathname.replace(/\/+$/, "").replace(/\/api\/video$/, "") ?? ""
    const isSafe = url !== undefined &&
      (url.protocol === "https:" ||
        (url.protocol === "http:" && (isLoopback(url.hostname) || hosts.includes(url.hostname)))) &&
      !/[?#@\s]/.test(String(value).trim()) && !/\/api\/video(?:\/|$)/.test(pathPrefix)
    return isSafe ? { origin: url.origin, pathPrefix } : undefined
  },
  variable: "SIGNALWIRE_REST_BASE_URL",
  similar: []
})

// oxlint-disable-next-line no-control-regex -- control characters are rejected
const unsafe = /[\u0000-\u001f\u007f]/

const isCredential = (value: unknown): value is string =>
  isText(value) && value !== "" && value.trim() === value && !unsafe.test(value)

const isToken = (value: unknown): value is Redacted.Redacted =>
  Redacted.isRedacted(value) && isCredential(Redacted.value(value))

const plainText = "not empty, without line breaks and other control characters, without leading or trailing whitespace"

const projectId: OptionSpec<string> = {
  accepted: `a project id: without colons, ${plainText}`,
  parse: value => isCredential(value) && !value.includes(":") ? value : undefined,
  variable: "SIGNALWIRE_PROJECT_ID",
  similar: [
    "SIGNALWIRE_PROJECT",
    "SIGNALWIRE_PROJECT_KEY",
    "SIGNALWIRE_ACCOUNT_SID",
    "PROJECT_ID",
    "PROJECT_KEY"
  ]
}

const apiToken: OptionSpec<Redacted.Redacted> = {
  accepted: `an API token with the Video scope (Redacted in code): ${plainText}`,
  parse: value => isToken(value) ? value : undefined,
  variable: "SIGNALWIRE_API_TOKEN",
  similar: [
    "SIGNALWIRE_TOKEN",
    "SIGNALWIRE_AUTH_TOKEN",
    "SIGNALWIRE_API_KEY",
    "SIGNALWIRE_REST_API_TOKEN",
    "API_TOKEN",
    "REST_API_TOKEN",
    "AUTH_TOKEN"
  ]
}

type Checked<A> = Either.Either<A, ConfigError.ConfigError>

const check = <A>({ accepted, parse }: OptionSpec<A>, path: ReadonlyArray<string>, value: unknown): Checked<A> => {
  const parsed = parse(value)
  return parsed === undefined ? Either.left(invalid(path, accepted)) : Either.right(parsed)
}

/** The error has one part for each invalid option. */
const combine = (
  names: Checked<void>,
  address: Checked<Address>,
  projectId: Checked<string>,
  apiToken: Checked<Redacted.Redacted>
): Checked<Service> => {
  const checked: ReadonlyArray<Checked<unknown>> = [names, address, projectId, apiToken]
  const error = all(checked.flatMap(one => Either.isLeft(one) ? [one.left] : []))
  return error === undefined
    ? Either.map(Either.all({ address, projectId, apiToken }), ({ address, ...others }) => ({ ...address, ...others }))
    : Either.left(error)
}

/**
 * Validates and normalizes options. The `ConfigError` names every option that is invalid or does not exist.
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
export const make = (options: Options): Either.Either<Service, ConfigError.ConfigError> => {
  const given = readable(options)
  return combine(
    checkNames(options, optionNames.credentials),
    Either.flatMap(
      check(insecureHosts, ["insecureHosts"], given.insecureHosts ?? []),
      hosts =>
        given.baseUrl === undefined
          ? check(space, ["space"], given.space)
          : check(baseUrlFor(hosts), ["baseUrl"], given.baseUrl)
    ),
    check(projectId, ["projectId"], given.projectId),
    check(apiToken, ["apiToken"], given.apiToken)
  )
}

/**
 * Provides the credentials that the options contain. The `ConfigError` names every option that is invalid or does not exist.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { FetchHttpClient } from "@effect/platform"
 * import { Credentials, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
 * import { Layer, Redacted } from "effect"
 *
 * const layer = RoomSessions.layer.pipe(
 *   Layer.provide(SignalWireClient.layerWithoutCredentials()),
 *   Layer.provide(Credentials.layer({ space: "acme", projectId: "p", apiToken: Redacted.make("t") })),
 *   Layer.provide(FetchHttpClient.layer)
 * )
 */
export const layer = (options: Options): Layer.Layer<Credentials, ConfigError.ConfigError> =>
  Layer.effect(Credentials, Effect.suspend(() => make(options)))

/** An empty variable counts as not set: files with variables often have empty ones. */
const read = (name: string): Config.Config<string> =>
  Config.mapOrFail(Config.string(name), value =>
    value.trim() === ""
      ? Either.left(ConfigError.MissingData([], `Expected ${name} not to be empty`))
      : Either.right(value))

type ConfigEffect<A> = Effect.Effect<A, ConfigError.ConfigError>

const pathOf = (error: ConfigError.ConfigError): ReadonlyArray<string> =>
  error._op === "And" || error._op === "Or" ? pathOf(error.left) : error.path

/** The full name of the first variable that is set, with the provider that it is read from. */
const firstSet = (
  names: ReadonlyArray<readonly [name: string, provider: ConfigProvider.ConfigProvider]>
): Effect.Effect<Option.Option<string>> =>
  Effect.findFirst(names, ([name, provider]) => Effect.withConfigProvider(Effect.isSuccess(read(name)), provider)).pipe(
    Effect.flatMap(Effect.transposeMapOption(([name, provider]) => Effect.withConfigProvider(fullName(name), provider)))
  )

/**
 * Reads the variable. The error of a missing one names the similar variable that is set instead, or the same one without the prefix.
 *
 * @param outer the provider without the prefix
 */
const required = (
  { accepted, similar, variable }: OptionSpec<unknown>,
  outer: ConfigProvider.ConfigProvider
): ConfigEffect<string> =>
  Effect.catchIf(
    read(variable),
    ConfigError.isMissingDataOnly,
    error =>
      Effect.configProviderWith(provider =>
        Effect.gen(function*() {
          const found = yield* firstSet([...similar.map(name => [name, provider] as const), [variable, outer]])
          const instead = Option.match(found, { onNone: () => "", onSome: name => `; ${name} is set instead` })
          return yield* Effect.fail(ConfigError.MissingData([...pathOf(error)], `Expected ${accepted}${instead}`))
        })
      )
  )

const fromVariable = <A>(spec: OptionSpec<A>, value: ConfigEffect<unknown>): ConfigEffect<A> =>
  Effect.flatMap(value, value => check(spec, [spec.variable], value))

/** The error has the path in the application's own configuration, or the option where Effect gives no path. */
const fromOption = <A>(spec: OptionSpec<A>, option: keyof Options, config: Config.Config<unknown>): ConfigEffect<A> =>
  Config.isConfig(config)
    ? withPrefixes(Effect.mapError(
      Config.mapOrFail(config, value => check(spec, [], value)),
      error => error._op === "InvalidData" && error.path.length === 0 ? invalid([option], spec.accepted) : error
    ))
    : Effect.fail(invalid([option], "a Config, such as Config.string(\"EU_SPACE\")"))

const addressFromVariables = (hosts: Hosts, outer: ConfigProvider.ConfigProvider): ConfigEffect<Address> => {
  const baseUrl = baseUrlFor(hosts)
  return Effect.flatMap(
    Config.option(read(baseUrl.variable)),
    Option.match({
      onNone: () => fromVariable(space, required(space, outer)),
      onSome: value => fromVariable(baseUrl, Effect.succeed(value))
    })
  )
}

const hostsFromVariable: ConfigEffect<Hosts> = Effect.flatMap(
  Config.withDefault(read(insecureHosts.variable), ""),
  list =>
    fromVariable(insecureHosts, Effect.succeed(list.split(",").map(host => host.trim()).filter(host => host !== "")))
)

/** Reads variables below the prefix. */
const readBelow = <A>(
  prefix: string | undefined,
  effect: (outer: ConfigProvider.ConfigProvider) => ConfigEffect<A>
): ConfigEffect<A> => Effect.configProviderWith(outer => below(prefix, withPrefixes(effect(outer))))

const readInsecureHosts = ({ insecureHosts: given, prefix }: ConfigOptions): ConfigEffect<Hosts> =>
  given === undefined
    ? readBelow(prefix, () => hostsFromVariable)
    : fromOption(insecureHosts, "insecureHosts", given)

const readAddress = (
  { baseUrl: givenUrl, prefix, space: givenSpace }: ConfigOptions,
  hosts: Hosts
): ConfigEffect<Address> => {
  if (givenUrl !== undefined) return fromOption(baseUrlFor(hosts), "baseUrl", givenUrl)
  return givenSpace === undefined
    ? readBelow(prefix, outer => addressFromVariables(hosts, outer))
    : fromOption(space, "space", givenSpace)
}

const readProjectId = ({ prefix, projectId: given }: ConfigOptions): ConfigEffect<string> =>
  given === undefined
    ? readBelow(prefix, outer => fromVariable(projectId, required(projectId, outer)))
    : fromOption(projectId, "projectId", given)

const readApiToken = ({ apiToken: given, prefix }: ConfigOptions): ConfigEffect<Redacted.Redacted> =>
  given === undefined
    ? readBelow(prefix, outer => fromVariable(apiToken, Effect.map(required(apiToken, outer), Redacted.make)))
    : fromOption(apiToken, "apiToken", given)

/**
 * Reads credentials from configuration. An omitted option is read from the variable that the vendor's SDKs use:
 * `SIGNALWIRE_SPACE`, `SIGNALWIRE_PROJECT_ID` or `SIGNALWIRE_API_TOKEN`. `SIGNALWIRE_REST_BASE_URL` takes precedence
 * over the first, and may reach the hosts of `SIGNALWIRE_INSECURE_HOSTS` over plain http. An empty variable counts as not set. With the option `prefix`, each of these names has the prefix.
 *
 * The `ConfigError` names every missing or invalid variable and every option that does not exist, and never contains a value. For a missing variable it names
 * a similar one that is set, such as `SIGNALWIRE_TOKEN`, or the same one without the prefix.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { Credentials } from "@effect-signalwire/core"
 * import { Config } from "effect"
 *
 * // EU_SIGNALWIRE_SPACE, EU_SIGNALWIRE_PROJECT_ID and EU_SIGNALWIRE_API_TOKEN
 * const europe = Credentials.fromConfig({ prefix: "EU" })
 *
 * // names of the application
 * const america = Credentials.fromConfig({
 *   space: Config.string("US_SPACE"),
 *   projectId: Config.string("US_PROJECT"),
 *   apiToken: Config.redacted("US_TOKEN")
 * })
 */
export const fromConfig = (options: ConfigOptions = {}): Effect.Effect<Service, ConfigError.ConfigError> => {
  // code without types can pass null
  const given = readable(options)
  return Effect.flatMap(
    Effect.all([
      Effect.either(Effect.flatMap(readInsecureHosts(given), hosts => readAddress(given, hosts))),
      Effect.either(readProjectId(given)),
      Effect.either(readApiToken(given))
    ]),
    checked => combine(checkNames(options, optionNames.credentialsConfig), ...checked)
  )
}

/**
 * Provides the credentials that `fromConfig` reads. The layer is built anew at each use, since each use may have another
 * `ConfigProvider`.
 *
 * @since 1.0.0
 * @category layers
 */
export const layerConfig = (options?: ConfigOptions): Layer.Layer<Credentials, ConfigError.ConfigError> =>
  Layer.fresh(Layer.effect(Credentials, fromConfig(options)))
