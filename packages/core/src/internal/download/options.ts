/** Reads the options and the recording of a download, which code without types can give as anything. */
import * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Options, Progress } from "../../RecordingDownload.ts"
import { findInvalid, namesOf, readable } from "../options.ts"
import { duration, type Validate, wholeFrom } from "../validators.ts"
import { isStrongEtag } from "./range.ts"

/** What is not valid, and a description of what is. */
interface Invalid {
  readonly parameter: string
  readonly expected: string
}

/** The options with their defaults. */
interface Resolved {
  readonly resumeFrom: number
  readonly etag: string | undefined
  readonly maxBytes: number
  readonly idleMillis: number
  readonly maxRetries: number
  readonly onProgress: ((progress: Progress) => Effect.Effect<void>) | undefined
}

/** What each attempt of a download needs. */
export type Limits = Omit<Resolved, "maxRetries">

const optionNames = namesOf<Options>({
  resumeFrom: true,
  etag: true,
  maxBytes: true,
  idleTimeout: true,
  maxRetries: true,
  onProgress: true
})

const etag: Validate<string> = value =>
  typeof value === "string" && isStrongEtag(value)
    ? Either.right(value)
    : Either.left("the etag of an error of a download")

const isProgressFunction = (value: unknown): value is NonNullable<Options["onProgress"]> => typeof value === "function"

const onProgress: Validate<NonNullable<Options["onProgress"]>> = value =>
  isProgressFunction(value) ? Either.right(value) : Either.left("a function that returns an Effect")

const read = <A, B>(
  given: object,
  parameter: string,
  validate: Validate<A>,
  fallback: B
): Either.Either<A | B, Invalid> => {
  const value: unknown = Reflect.get(given, parameter)
  return value === undefined
    ? Either.right(fallback)
    : Either.mapLeft(validate(value), expected => ({ parameter, expected }))
}

export const readOptions = (options: Options): Either.Either<Resolved, Invalid> => {
  const [invalid] = findInvalid(options, optionNames)
  if (invalid !== undefined) {
    return Either.left({ parameter: invalid.name ?? "options", expected: invalid.expected })
  }
  const given = readable(options)
  return Either.all({
    resumeFrom: read(given, "resumeFrom", wholeFrom(0), 0),
    etag: read(given, "etag", etag, undefined),
    maxBytes: read(given, "maxBytes", wholeFrom(1), 64 * 2 ** 30),
    idleMillis: Either.map(read(given, "idleTimeout", duration, Duration.seconds(30)), Duration.toMillis),
    maxRetries: read(given, "maxRetries", wholeFrom(0), 5),
    onProgress: read(given, "onProgress", onProgress, undefined)
  })
}

interface Source {
  /** Not yet known to be a URL; null where the recording has no file. */
  readonly uri: string | null
  readonly size: number | undefined
}

/** A getter may throw. */
const property = (recording: unknown, name: string): unknown => {
  try {
    return Reflect.get(Object(recording), name)
  } catch {
    return undefined
  }
}

/** A recording without a size, or with one that is null, has none. */
export const readRecording = (recording: unknown): Either.Either<Source, Invalid> => {
  const [uri, size] = [property(recording, "uri"), property(recording, "size_in_bytes") ?? undefined]
  if (uri !== null && typeof uri !== "string") {
    return Either.left({ parameter: "uri", expected: "the uri of a recording" })
  }
  return Either.mapBoth(size === undefined ? Either.right(size) : wholeFrom(0)(size), {
    onLeft: expected => ({ parameter: "size_in_bytes", expected: `${expected}, or null` }),
    onRight: size => ({ uri, size })
  })
}
