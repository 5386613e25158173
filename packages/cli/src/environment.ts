/** The variables of a command: those of its options, of a file, and of the environment, in this order of precedence. */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { readFile } from "node:fs/promises"
import { parseEnv } from "node:util"
import { CommandError } from "./CommandError.ts"
import { codeOf } from "./errorCode.ts"
import { exitCodes } from "./exitCodes.ts"
import type { Connection } from "./options.ts"

export interface Environment {
  readonly options: ReadonlyMap<string, string>
  readonly file: ReadonlyMap<string, string>
  readonly provider: ConfigProvider.ConfigProvider
}

/** The address of one source is not replaced by that of another source with a lower precedence. */
const withAddress = (values: Map<string, string>): ReadonlyMap<string, string> =>
  values.has("SIGNALWIRE_SPACE") && !values.has("SIGNALWIRE_REST_BASE_URL")
    ? values.set("SIGNALWIRE_REST_BASE_URL", "")
    : values

/** The encodings in which editors and shells write a text, by the byte order mark at its start. Without one it is UTF-8. */
const encodingOf = ([first, second]: Uint8Array): string =>
  first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8"

/** The text without its byte order mark; undefined where it has bytes that a text has not. */
const decode = (bytes: Uint8Array): string | undefined => {
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
    return text.includes("\0") ? undefined : text
  } catch {
    return undefined
  }
}

const fileError = (...lines: readonly [string, ...ReadonlyArray<string>]): CommandError =>
  new CommandError({ exitCode: exitCodes.configuration, details: { tag: "ConfigError" }, lines })

const linesAdvice = "It is a file with lines such as SIGNALWIRE_SPACE=acme, and comments after #."

/** A comment, or a variable whose quoted value can have several lines. Both may have what looks like the other. */
const commentOrQuoted = /^[^\S\n]*#.*|^([^\n=#]+)=[^\S\n]*(["'`])[^]*?\2/gm

/** The number of the first line that `parseEnv` ignores, from 1. Its text may be a secret. */
const lineWithoutVariable = (text: string): number | undefined => {
  const lines = text
    .replaceAll(
      commentOrQuoted,
      (whole, name?: string) =>
        name === undefined ? "" : `${name}=${whole.replaceAll(/[^\n]/g, "").replaceAll("\n", "\n#")}`
    )
    .split(/\r?\n/)
  const index = lines.findIndex(line => !/^\s*(?:#|$|(?:export\s+)?[^\s=#]+\s*=)/.test(line))
  return index === -1 ? undefined : index + 1
}

/** An empty variable counts as not set. */
const readEnvFile = (path: string): Effect.Effect<ReadonlyMap<string, string>, CommandError> =>
  Effect.gen(function*() {
    const bytes = yield* Effect.tryPromise({
      try: () => readFile(path),
      catch: error =>
        fileError(
          `the file of --env cannot be read (${codeOf(error)}).`,
          `Check its path. ${linesAdvice}`
        )
    })
    const text = decode(bytes)
    if (text === undefined) {
      return yield* fileError(
        "the file of --env is not a text in UTF-8.",
        "Save it as UTF-8, or as UTF-16 with a byte order mark."
      )
    }
    const line = lineWithoutVariable(text)
    if (line !== undefined) {
      return yield* fileError(`line ${line} of the file of --env is not a variable.`, linesAdvice)
    }
    const entries = Object.entries(parseEnv(text))
    return withAddress(new Map(entries.flatMap(([name, value]) => value?.trim() ? [[name, value]] : [])))
  })

/** A provider with values that take precedence over those of another one. */
const override = (
  base: ConfigProvider.ConfigProvider,
  values: ReadonlyMap<string, string>
): ConfigProvider.ConfigProvider => {
  if (values.size === 0) return base
  const [own, other] = [ConfigProvider.fromMap(new Map(values)).flattened, base.flattened]
  return ConfigProvider.fromFlat(ConfigProvider.makeFlat({
    load: (path, primitive, split) => (values.has(path.join(".")) ? own : other).load(path, primitive, split),
    enumerateChildren: path => other.enumerateChildren(path),
    patch: other.patch
  }))
}

export const make = ({ envFile, space }: Connection): Effect.Effect<Environment, CommandError> =>
  Effect.gen(function*() {
    const file = envFile === undefined ? new Map<string, string>() : yield* readEnvFile(envFile)
    const options = withAddress(new Map(space === undefined ? [] : [["SIGNALWIRE_SPACE", space]]))
    const base = yield* Effect.configProviderWith(Effect.succeed)
    return { options, file, provider: override(override(base, file), options) }
  })
