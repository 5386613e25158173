/** Validates certificates that are trusted in place of the well-known authorities. */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import { X509Certificate } from "node:crypto"
import { readFile, stat } from "node:fs/promises"

const begin = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g
const block = new RegExp(`${begin.source}[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----`, "g")

/**
 * Extracts the certificates, each on lines of its own; undefined when one of them is invalid. OpenSSL ignores a text that it cannot
 * parse, and a certificate that does not begin on a line of its own, so it would trust fewer authorities than the bundle names.
 */
const toBundle = (pem: string): string | undefined => {
  const blocks = pem.match(block) ?? []
  if (blocks.length === 0 || blocks.length !== pem.match(begin)?.length) return undefined
  try {
    return blocks.map(text => new X509Certificate(text).toString()).join("")
  } catch {
    return undefined
  }
}

const accepted = "certificates in PEM"

/** Validates the option `ca`. */
export const check = (pem: string | undefined): Either.Either<string | undefined, ConfigError.ConfigError> => {
  const given: unknown = pem
  if (given === undefined) return Either.right(undefined)
  return Either.fromNullable(
    typeof given === "string" ? toBundle(given) : undefined,
    () => ConfigError.InvalidData(["ca"], `Expected ${accepted}`)
  )
}

/** In the realm of another test runner, such as that of Jest, errors of Node are no instances of `Error`. */
const codeOf = (error: unknown): string => Predicate.hasProperty(error, "code") ? String(error.code) : "unknown error"

const io = <A>(operation: () => Promise<A>): Effect.Effect<A, string> =>
  Effect.tryPromise({
    try: operation,
    catch: error =>
      codeOf(error) === "ENOENT" ? "there is no such file (ENOENT)" : `it cannot be read (${codeOf(error)})`
  })

/** Reads the certificates of a file. The error is a description of the reason. */
const read = (path: string): Effect.Effect<string, string> =>
  Effect.gen(function*() {
    // a read from a pipe or a device may never end
    if (!(yield* io(() => stat(path))).isFile()) return yield* Effect.fail("it is not a regular file")
    const bundle = toBundle(yield* io(() => readFile(path, "utf8")))
    return bundle === undefined ? yield* Effect.fail("it has other contents") : bundle
  })

const variable = "SIGNALWIRE_REST_CA_FILE"

/** An invalid variable, named as the provider does. Its prefixes are read from the error of a variable that is never set. */
const invalidVariable = (message: string): Effect.Effect<never, ConfigError.ConfigError> =>
  Effect.matchEffect(Config.string("SIGNALWIRE_"), {
    onFailure: error => {
      const path = error._op === "MissingData" ? error.path : []
      const pathDelim = error._op === "MissingData" && error.message.includes(` ${path.join("_")} `) ? "_" : "."
      return Effect.fail(ConfigError.InvalidData([...path.slice(0, -1), variable], message, { pathDelim }))
    },
    onSuccess: () => Effect.fail(ConfigError.InvalidData([variable], message))
  })

const fromVariable: Effect.Effect<string | undefined, ConfigError.ConfigError> = Effect.flatMap(
  Config.withDefault(Config.string(variable), ""),
  path =>
    path.trim() === "" ?
      Effect.succeed(undefined) :
      Effect.catchAll(
        read(path.trim()),
        reason => invalidVariable(`Expected the path of a file with ${accepted}, but ${reason}`)
      )
)

const isPrefix = (prefix: unknown): prefix is string => typeof prefix === "string" && /^\S*[^\s_]$/.test(prefix)

/** Reads the certificates of the file in `SIGNALWIRE_REST_CA_FILE`, below a prefix; undefined when the variable is not set. */
export const fromConfig = (prefix: string | undefined): Effect.Effect<string | undefined, ConfigError.ConfigError> => {
  if (prefix === undefined) return fromVariable
  if (!isPrefix(prefix)) {
    // the error that the client of core has too, so that it is reported once
    return Effect.fail(ConfigError.InvalidData(
      ["prefix"],
      "Expected a name without spaces and without a final _, such as EU for EU_SIGNALWIRE_SPACE"
    ))
  }
  return Effect.configProviderWith(provider =>
    Effect.withConfigProvider(
      fromVariable,
      ConfigProvider.make({
        load: config => provider.load(Config.nested(config, prefix)),
        flattened: provider.flattened
      })
    )
  )
}
