/** Certificates to trust in place of the well-known authorities. */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { X509Certificate } from "node:crypto"
import { readFile, stat } from "node:fs/promises"

const begin = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g
const block = new RegExp(`${begin.source}[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----`, "g")

/** OpenSSL passes over what it cannot read, so that a damaged bundle would trust fewer authorities than it names. */
const isBundle = (pem: string): boolean => {
  try {
    const certificates = pem.match(block)?.map(text => new X509Certificate(text)) ?? []
    return certificates.length > 0 && certificates.length === pem.match(begin)?.length
  } catch {
    return false
  }
}

/** @param name what the certificates are called where they were given */
export const check = (name: string, pem: string): Either.Either<string, ConfigError.ConfigError> =>
  isBundle(pem) ? Either.right(pem) : Either.left(ConfigError.InvalidData([name], "Expected certificates in PEM"))

const variable = "SIGNALWIRE_REST_CA_FILE"

const unreadable = (problem: string): ConfigError.ConfigError =>
  ConfigError.InvalidData([variable], `Expected the path of a file with certificates in PEM, but ${problem}`)

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "unknown error"

const io = <A>(operation: () => Promise<A>): Effect.Effect<A, ConfigError.ConfigError> =>
  Effect.tryPromise({
    try: operation,
    catch: error =>
      codeOf(error) === "ENOENT"
        ? unreadable("there is no such file (ENOENT)")
        : unreadable(`it cannot be read (${codeOf(error)})`)
  })

const read = (path: string): Effect.Effect<string, ConfigError.ConfigError> =>
  Effect.gen(function*() {
    // to read a pipe or a device may take for ever
    if (!(yield* io(() => stat(path))).isFile()) return yield* Effect.fail(unreadable("it is not a regular file"))
    return yield* check(variable, yield* io(() => readFile(path, "utf8")))
  })

/** The certificates in the file that `SIGNALWIRE_REST_CA_FILE` names, if it does. */
export const fromConfig: Effect.Effect<string | undefined, ConfigError.ConfigError> = Effect.flatMap(
  Config.option(Config.string(variable)),
  path => Option.isNone(path) || path.value.trim() === "" ? Effect.succeed(undefined) : read(path.value)
)
