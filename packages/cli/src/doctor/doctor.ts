/** Checks everything that a call needs, and says what to do about what fails. It is loaded by the command that needs it. */
import { Credentials, RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { readFile } from "node:fs/promises"
import { Socket } from "node:net"
import { AlreadyPrinted, type CommandError } from "../CommandError.ts"
import * as environment from "../environment.ts"
import { codeOf } from "../errorCode.ts"
import { type ExitCode, exitCodes } from "../exitCodes.ts"
import * as format from "../format.ts"
import type { Connection } from "../options.ts"
import { printJson } from "../print.ts"
import * as report from "../report.ts"
import * as spaceTarget from "../spaceTarget.ts"
import { paint } from "../style.ts"
import type { MakeTarget } from "../target.ts"
import { ViewOptions } from "../terminal.ts"
import { wrapLine } from "../wrap.ts"
import * as connect from "./connect.ts"
import { isExcluded } from "./noProxy.ts"

interface Check {
  readonly name: string
  readonly status: "ok" | "warning" | "failed" | "skipped"
  /** What was found. */
  readonly lines: ReadonlyArray<string>
  readonly advice?: ReadonlyArray<string>
  /** The exit code where the check failed. */
  readonly exitCode?: ExitCode
}

const signs = { ok: "✓", warning: "!", failed: "✗", skipped: "–" } as const

const render = ({ advice = [], lines, name, status }: Check, { color, width }: ViewOptions["Type"]): string => {
  const sign = paint({ text: signs[status], style: status === "ok" ? "active" : "title" }, { color })
  return [
    `${sign} ${paint({ text: name, style: "title" }, { color })}`,
    ...lines.map(line => wrapLine(`    ${line}`, width)),
    ...advice.map(line => wrapLine(`  → ${line}`, width))
  ].join("\n")
}

const variables = [
  "SIGNALWIRE_SPACE",
  "SIGNALWIRE_REST_BASE_URL",
  "SIGNALWIRE_PROJECT_ID",
  "SIGNALWIRE_API_TOKEN",
  "SIGNALWIRE_INSECURE_HOSTS",
  "SIGNALWIRE_REST_CA_FILE",
  "SIGNALWIRE_DECODING"
]

const read = (name: string): Effect.Effect<string> =>
  Effect.map(Effect.orElseSucceed(Config.string(name), () => ""), value => value.trim())

/** The value of a variable, and where it comes from. A token is never shown. */
const describe = (name: string, { file, options }: environment.Environment, envFile: string | undefined) =>
  Effect.map(read(name), value => {
    if (value === "") return undefined
    const source = options.has(name) ? "--space" : file.has(name) ? envFile ?? "" : "the environment"
    // an address may have a user and a password
    const isSecret = name === "SIGNALWIRE_API_TOKEN" || value.includes("@")
    const shown = isSecret ? "set, not shown" : format.printable(value)
    return `${name}: ${shown} (from ${source})`
  })

const checkConfiguration = (env: environment.Environment, { envFile }: Connection) =>
  Effect.gen(function*() {
    const lines = (yield* Effect.forEach(variables, name => describe(name, env, envFile))).filter(line =>
      line !== undefined
    )
    // the client without its proxy, which has a check of its own
    const client = Effect.scoped(Layer.build(NodeSignalWire.layerConfig()))
    const credentials = yield* Effect.either(Effect.zipRight(client, Credentials.fromConfig()))
    const check: Check = Either.isRight(credentials)
      ? { name: "Configuration", status: "ok", lines: [...lines, `The address is ${credentials.right.origin}.`] }
      : {
        name: "Configuration",
        status: "failed",
        lines,
        advice: report.ofConfigError(credentials.left, spaceTarget.adviceWithoutAccount).lines,
        exitCode: exitCodes.configuration
      }
    return { check, credentials: Either.getRight(credentials) }
  })

/** The proxy of a space, if one is used. */
const findProxy = (origin: URL) =>
  Effect.gen(function*() {
    const { proxy: variable } = yield* spaceTarget.describe({})
    if (variable === undefined) return { variable, excluded: false, value: "" }
    const noProxy = (yield* read("no_proxy")) || (yield* read("NO_PROXY"))
    const excluded = isExcluded(noProxy, origin.hostname.toLowerCase(), connect.portOf(origin))
    return { variable, excluded, value: yield* read(variable) }
  })

interface Found {
  readonly check: Check
  readonly proxy?: connect.Proxy
}

const checkProxy = (origin: URL) =>
  Effect.map(findProxy(origin), ({ excluded, value, variable }): Found => {
    if (variable === undefined) {
      const lines = Credentials.isLoopback(origin.hostname)
        ? ["Not used: the space is on this machine."]
        : ["None: HTTPS_PROXY and HTTP_PROXY are not set."]
      return { check: { name: "Proxy", status: "ok", lines } }
    }
    if (excluded) {
      return {
        check: { name: "Proxy", status: "ok", lines: [`${variable} is set, and NO_PROXY excludes ${origin.host}.`] }
      }
    }
    const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`
    const url = URL.canParse(text) ? new URL(text) : undefined
    return url === undefined || !/^https?:$/.test(url.protocol)
      ? {
        check: {
          name: "Proxy",
          status: "failed",
          lines: [`${variable} is not the address of an HTTP proxy.`],
          advice: [`Set ${variable} to an address such as http://proxy.example:3128, or unset it.`],
          exitCode: exitCodes.configuration
        }
      }
      : { check: { name: "Proxy", status: "ok", lines: [`${url.host}, from ${variable}.`] }, proxy: { url } }
  })

const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, string> => Effect.tryPromise({ try: run, catch: codeOf })

const checkDns = (url: URL, isProxy: boolean) =>
  Effect.map(Effect.either(attempt(() => connect.resolve(url))), (resolved): Check =>
    Either.isRight(resolved)
      ? {
        name: "DNS",
        status: "ok",
        lines: [
          resolved.right.includes(url.hostname)
            ? `Not used: ${url.hostname} is an address.`
            : `${url.hostname}: ${resolved.right.join(", ")}`
        ]
      }
      : {
        name: "DNS",
        status: "failed",
        lines: [`${url.hostname} could not be resolved (${resolved.left}).`],
        advice: [
          isProxy
            ? "Check the address of the proxy, and the network of this machine."
            : "Check the name of the space, and the network of this machine."
        ],
        exitCode: exitCodes.network
      })

/** The certificates of the configuration, which was checked before. */
const certificates = Effect.flatMap(
  read("SIGNALWIRE_REST_CA_FILE"),
  path => path === "" ? Effect.succeed(undefined) : Effect.promise(() => readFile(path, "utf8"))
)

const adviceOnConnection = (origin: URL, proxy: connect.Proxy | undefined, code: string): string => {
  const status = connect.statusOf(code)
  if (status === 407) return "Check the user and the password of the proxy."
  if (status !== undefined) return `The proxy does not reach ${origin.host}, or does not allow it: ask who operates it.`
  const first = proxy?.url ?? origin
  if (Credentials.isLoopback(first.hostname)) return `Check that a server runs at ${first.host} of this machine.`
  return proxy === undefined
    ? `Check that this machine can reach ${origin.host}: a firewall, a VPN, or a proxy that has to be set in HTTPS_PROXY.`
    : "Check the address of the proxy, and the network of this machine."
}

/** A socket that is closed with its scope. */
const newSocket = Effect.acquireRelease(Effect.sync(() => new Socket()), socket => Effect.sync(() => socket.destroy()))

/** A certificate that expires within this time is worth a warning. */
const soon = Duration.toMillis("14 days")

const checkTls = (origin: URL, proxy: connect.Proxy | undefined, timeout: number) =>
  Effect.gen(function*() {
    const ca = yield* certificates
    const first = yield* newSocket
    const socket = yield* attempt(() => connect.connect(origin, proxy, first, timeout, ca)).pipe(
      Effect.mapError((code): Check => ({
        name: "Connection",
        status: "failed",
        lines: [
          `No connection to ${
            proxy === undefined ? origin.host : `${proxy.url.host} and from there to ${origin.host}`
          } (${code}).`
        ],
        advice: [adviceOnConnection(origin, proxy, code)],
        exitCode: exitCodes.network
      }))
    )
    if (origin.protocol === "http:") {
      return {
        socket,
        check: {
          name: "TLS",
          status: "ok",
          lines: [
            Credentials.isLoopback(origin.hostname)
              ? "Not used: plain http on this machine."
              : "Not used: plain http to a host of SIGNALWIRE_INSECURE_HOSTS."
          ]
        } satisfies Check
      }
    }
    const secure = yield* Effect.mapError(
      attempt(() => connect.handshake(origin, socket, timeout, ca)),
      (code): Check => ({
        name: "TLS",
        status: "failed",
        lines: [`The secure connection to ${origin.host} could not be made (${code}).`],
        advice: [
          "Check the clock of this machine. If a proxy intercepts TLS, set SIGNALWIRE_REST_CA_FILE to a file with its certificate authority."
        ],
        exitCode: exitCodes.network
      })
    )
    const expires = secure.validTo.toISOString().slice(0, 10)
    const isSoon = secure.validTo.getTime() - Date.now() < soon
    const check: Check = {
      name: "TLS",
      status: isSoon ? "warning" : "ok",
      lines: [`${secure.protocol}; the certificate is of ${format.printable(secure.issuer)}, valid until ${expires}.`],
      ...(isSoon ? { advice: ["The certificate expires soon: tell those who operate the host."] } : {})
    }
    return { check, socket: secure.socket }
  })

const maxSkew = Duration.toMillis("1 minute")

const checkClock = (origin: URL, path: string, socket: Socket) =>
  Effect.gen(function*() {
    const start = Date.now()
    const { date } = yield* attempt(() => connect.request(origin, path, socket))
    const now = (start + Date.now()) / 2
    if (date === undefined || Number.isNaN(date.getTime())) {
      return { name: "Clock", status: "skipped", lines: ["The space sends no date."] } satisfies Check
    }
    // a date has whole seconds
    const skew = Math.round((now - date.getTime() - 500) / 1000)
    const text = Math.abs(skew) <= 1
      ? "This machine and the space have the same time."
      : `This machine is ${format.duration(Duration.seconds(Math.abs(skew)))} ${
        skew > 0 ? "ahead of" : "behind"
      } the space.`
    const isOff = Math.abs(skew) * 1000 > maxSkew
    return {
      name: "Clock",
      status: isOff ? "warning" : "ok",
      lines: [text],
      ...(isOff
        ? { advice: ["Set the clock of this machine: a wrong one makes certificates invalid and --since wrong."] }
        : {})
    } satisfies Check
  }).pipe(Effect.catchAll((code): Effect.Effect<Check> =>
    Effect.succeed({
      name: "Clock",
      status: "failed",
      lines: [`${origin.host} sent no response (${code}).`],
      advice: [`Check that ${origin.origin} is the space, and not another kind of server.`],
      exitCode: exitCodes.network
    })
  ))

/** Whether the address is not that of a space of SignalWire, which uses TLS. */
const isOfSandbox = ({ hostname, protocol }: URL): boolean => protocol === "http:" || Credentials.isLoopback(hostname)

const checkCredentials = (make: MakeTarget, connection: Connection) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => Effect.either(sessions.listPage({ page_size: 1 }))).pipe(
    Effect.flatMap(page =>
      Either.isRight(page)
        ? Effect.succeed<Check>({
          name: "Credentials",
          status: "ok",
          lines: ["The space accepts the project and the token, and the token has the Video scope."]
        })
        : Effect.map(Effect.mapError(spaceTarget.describe(connection), report.ofConfigError), (target): Check => {
          const { exitCode, lines: [first, ...advice] } = report.ofError(page.left, target)
          return {
            name: "Credentials",
            status: "failed",
            lines: [first],
            advice: page.left._tag === "SignalWireUnauthorized"
              ? [
                ...advice,
                isOfSandbox(new URL(target.origin))
                  ? "A sandbox prints its project id and its token when it starts."
                  : "In the dashboard of the space, the API page lists the project id, and each token with its scopes."
              ]
              : advice,
            exitCode
          }
        })
    ),
    Effect.provide(make(connection)),
    Effect.catchAll((error: CommandError) =>
      Effect.succeed<Check>({
        name: "Credentials",
        status: "failed",
        lines: [error.lines[0]],
        advice: error.lines.slice(1),
        exitCode: error.exitCode
      })
    )
  )

export const run = (make: MakeTarget, connection: Connection, asJson: boolean) =>
  Effect.gen(function*() {
    const env = yield* environment.make(connection)
    const options = yield* ViewOptions
    let firstError: ExitCode | undefined
    const print = (check: Check) => {
      if (check.status === "failed") firstError ??= check.exitCode ?? exitCodes.other
      const { advice = [], lines, name, status } = check
      return asJson
        ? printJson([{ check: name.toLowerCase(), status, message: lines.join("\n"), advice }])
        : Console.log(render(check, options))
    }
    const checks = Effect.gen(function*() {
      const { check, credentials } = yield* checkConfiguration(env, connection)
      yield* print(check)
      if (credentials._tag === "None") return
      const { origin: address, pathPrefix } = credentials.value
      const origin = new URL(address)
      const timeout = Duration.toMillis(connection.timeout ?? Duration.seconds(10))
      const { check: proxyCheck, proxy } = yield* checkProxy(origin)
      yield* print(proxyCheck)
      if (proxyCheck.status === "failed") return
      const dns = yield* checkDns(proxy?.url ?? origin, proxy !== undefined)
      yield* print(dns)
      if (dns.status === "failed") return
      const secured = yield* Effect.either(checkTls(origin, proxy, timeout))
      if (Either.isLeft(secured)) return yield* print(secured.left)
      yield* print(secured.right.check)
      const clock = yield* checkClock(origin, `${pathPrefix}/api/video/room_sessions?page_size=1`, secured.right.socket)
      yield* print(clock)
      if (clock.status === "failed") return
      yield* print(yield* checkCredentials(make, connection))
    }).pipe(Effect.scoped)
    yield* Effect.mapError(Effect.withConfigProvider(checks, env.provider), error => report.ofConfigError(error))
    if (firstError !== undefined) return yield* new AlreadyPrinted({ exitCode: firstError })
  })
