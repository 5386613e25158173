/** Bodies of error responses that are expensive to read and to examine. */
import { RoomSessions, SignalWireClient, type SignalWireError, Transport } from "@effect-signalwire/core"
import { assert } from "@effect/vitest"
import { Effect, Either, Layer, Redacted } from "effect"
import { sessionId } from "./session.ts"

const maxBytes = 65_536

/** For one call. */
const maxCpuMillis = 10

const projectId = "f1e2d3c4-b5a6-4978-8a9b-0c1d2e3f4a5b"
const token = "P/T\"%0123456789abcdefghijklmnopqrstuvwxyzABCDEF"

const base64 = (text: string): string => Buffer.from(text).toString("base64")

const encodings: Readonly<Record<string, (text: string) => string>> = {
  "unchanged": text => text,
  "URL-encoded": encodeURIComponent,
  "URL-encoded twice": text => encodeURIComponent(encodeURIComponent(text)),
  "in JSON": text => JSON.stringify(text).slice(1, -1),
  "between ANSI sequences": text => text.replaceAll(/./g, "\u001b[1m$&")
}

const secrets: Readonly<Record<string, string>> = {
  "token": token,
  "pair": base64(`${projectId}:${token}`),
  "token in base64": base64(token)
}

/** The first seven characters of a secret: eight are redacted. */
const near = (secret: string): string => `${secret.slice(0, 7)}~`

const others: Readonly<Record<string, string>> = {
  "percent signs, escaped repeatedly": "%25252525",
  "halves of escaped bytes": "%4",
  "backslashes": "\\",
  "halves of JSON escapes": "\\u00",
  "surrogates": "\\ud83d\\udd11",
  "entities of HTML": "&amp;amp;amp;#x41;",
  "spaces": "\t \u00a0",
  "starts of ANSI sequences": "\u001b[",
  "wide characters": "漢é🔑",
  "all of them": `\u001b[1mé%41%2541\\u0041&#x41;&#65;&amp;${token.slice(0, 7)}\u200b`
}

/** Repeats a piece up to the size of a body. */
const fill = (piece: string, write: (text: string) => string): string => {
  const each = Buffer.byteLength(write(piece.repeat(1000))) / 1000
  for (let count = Math.ceil(maxBytes / each);; count--) {
    const body = write(piece.repeat(count))
    if (Buffer.byteLength(body) <= maxBytes) return body
  }
}

const plainText = (text: string): string => text

/** A list of errors with the same text in each of their keys. */
const listOf = (count: number, ...keys: ReadonlyArray<string>) => (text: string): string => {
  const part = text.slice(0, Math.floor(text.length / count / keys.length))
  return JSON.stringify({
    errors: Array.from({ length: count }, () => Object.fromEntries(keys.map(key => [key, part])))
  })
}

interface Hostile {
  readonly body: string
  /** How many details the error has; not checked when undefined. */
  readonly details?: number
  /** Whether a text of each detail is redacted; not checked when undefined. */
  readonly isRedacted?: boolean
}

const formats = {
  "as text": { write: plainText, details: 1 },
  "in 4 details": { write: listOf(4, "message"), details: 4 },
  "as the parameter of 16 details": {
    write: (text: string) => JSON.stringify({ errors: { [text]: Array.from({ length: 16 }, () => "is wrong") } }),
    details: 16
  },
  "in 16 details": { write: listOf(16, "type", "code", "message", "attribute", "url"), details: 16 }
}

const inEachFormat = (name: string, piece: string, isRedacted?: boolean): ReadonlyArray<readonly [string, Hostile]> =>
  Object.entries(formats).map(([format, { details, write }]) => [
    `${name}, ${format}`,
    { body: fill(piece, write), ...(isRedacted === undefined ? {} : { isRedacted, details }) }
  ])

const bodies: Readonly<Record<string, Hostile>> = Object.fromEntries([
  ...Object.entries(secrets).flatMap(([secret, text]) =>
    Object.entries(encodings).flatMap(([encoding, encode]) => [
      ...inEachFormat(`seven characters of the ${secret}, ${encoding}`, encode(near(text)), false),
      ...inEachFormat(`the ${secret}, ${encoding}`, `${"-".repeat(99)}${encode(text)}`, true)
    ])
  ),
  ...Object.entries(others).flatMap(([name, piece]) => inEachFormat(name, piece)),
  ["lists in lists", { body: "[".repeat(maxBytes), details: 0 }],
  ["whole lists in lists", { body: "[".repeat(maxBytes / 2) + "]".repeat(maxBytes / 2), details: 0 }],
  ["errors in errors", { body: `${"{\"error\":".repeat(6000)}1${"}".repeat(6000)}`, details: 0 }],
  ["objects that are cut", { body: fill("{},", text => `{"errors":[${text}`), details: 0 }],
  ["many texts", { body: fill("\"x\",", text => `{"errors":[${text}1]}`), details: 16 }],
  [
    "many parameters",
    {
      body: JSON.stringify({ errors: Object.fromEntries(Array.from({ length: 5000 }, (_, id) => [id, ["x"]])) }),
      details: 16
    }
  ]
])

/** Responds to every request at once, in this process. */
const responding = (body: string): Layer.Layer<Transport.Transport> => {
  const bytes = Buffer.from(body)
  return Layer.succeed(Transport.Transport, {
    dispatch: (_, handler) => {
      handler.onConnection()
      handler.onRequestSent()
      if (handler.onHeaders(400, {}) && handler.onData(bytes)) handler.onEnd()
      return () => {}
    },
    closed: Effect.never,
    mayDecompress: false
  })
}

const cpuMillis = <A>(effect: Effect.Effect<A>): Effect.Effect<readonly [millis: number, value: A]> =>
  Effect.suspend(() => {
    const start = process.cpuUsage()
    return Effect.map(effect, value => {
      const { system, user } = process.cpuUsage(start)
      return [(system + user) / 1000, value]
    })
  })

const assertDetails = (details: SignalWireError.BadRequest["details"], expected: Hostile, name: string): void => {
  if (expected.details !== undefined) assert.strictEqual(details.length, expected.details, name)
  for (const { attribute, message } of details) {
    const isRedacted = [attribute, message].includes("<redacted>")
    if (expected.isRedacted !== undefined) assert.strictEqual(isRedacted, expected.isRedacted, name)
    assert.isAtMost(Math.max(attribute?.length ?? 0, message?.length ?? 0), 256, name)
  }
}

/** The fastest of six calls counts, since garbage collection and other processes slow down single calls. */
export const check: Effect.Effect<void> = Effect.forEach(
  Object.entries(bodies),
  ([name, hostile]) =>
    Effect.gen(function*() {
      assert.isAtMost(Buffer.byteLength(hostile.body), maxBytes, name)
      const { get } = yield* RoomSessions.RoomSessions
      const measured = yield* Effect.replicateEffect(cpuMillis(Effect.either(get(sessionId))), 6)
      assert.isBelow(Math.min(...measured.map(([millis]) => millis)), maxCpuMillis, name)
      const [error] = measured.flatMap(([, result]) => Either.isLeft(result) ? [result.left] : [])
      assert.strictEqual(error?._tag, "SignalWireBadRequest", name)
      if (error?._tag === "SignalWireBadRequest") assertDetails(error.details, hostile, name)
    }).pipe(Effect.provide(
      RoomSessions.layer.pipe(
        Layer.provide(SignalWireClient.layerTransport({ space: "acme", projectId, apiToken: Redacted.make(token) })),
        Layer.provide(responding(hostile.body)),
        Layer.orDie
      )
    )),
  { discard: true }
)
