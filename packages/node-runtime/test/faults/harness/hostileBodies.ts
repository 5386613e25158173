/** Bodies of errors that take as much time as a body can. */
import { RoomSessions, SignalWireClient, type SignalWireError, Transport } from "@effect-signalwire/core"
import { assert } from "@effect/vitest"
import { Effect, Either, Layer, Redacted } from "effect"
import { sessionId } from "./session.ts"

const maxBytes = 65_536

/** So much CPU time may one call take. */
const mostCpuMillis = 10

const projectId = "f1e2d3c4-b5a6-4978-8a9b-0c1d2e3f4a5b"
const token = "PT0123456789abcdefghijklmnopqrstuvwxyzABCDEF"

const base64 = (text: string): string => Buffer.from(text).toString("base64")

const eachByte = (prefix: string, suffix = "") => (text: string): string =>
  [...Buffer.from(text)].map(byte => `${prefix}${byte.toString(16).padStart(2, "0")}${suffix}`).join("")

const encodings: Readonly<Record<string, (text: string) => string>> = {
  "as it is": text => text,
  "percents": eachByte("%"),
  "percents of percents": text => encodeURIComponent(encodeURIComponent(eachByte("%")(text))),
  "\\x": eachByte("\\x"),
  "\\u": eachByte("\\u00"),
  "HTML": eachByte("&#x", ";"),
  "HTML in decimals": text => [...Buffer.from(text)].map(byte => `&#${byte};`).join(""),
  "percents of HTML": text => encodeURIComponent(eachByte("&#x", ";")(text)),
  "colours": text => text.replaceAll(/./g, "\u001b[1m$&"),
  "invisible characters": text => text.replaceAll(/./g, "$&\u200b")
}

const secrets: Readonly<Record<string, string>> = {
  "token": token,
  "pair": base64(`${projectId}:${token}`),
  "token in base64": base64(token)
}

/** Seven letters or digits of a secret in a row, again and again, with some of no secret in between: eight give it away. */
const nearly = (secret: string): string => [0, 1, 2].map(start => `${secret.slice(start, start + 7)}~qzx`).join("")

const others: Readonly<Record<string, string>> = {
  "escaped percents": "%25252525",
  "half percents": "%4",
  "backslashes": "\\",
  "half units": "\\u00",
  "surrogates": "\\ud83d\\udd11",
  "references": "&amp;amp;amp;#x41;",
  "half references": "&#1234567",
  "blanks": "\t \u00a0",
  "codes of terminals": "\u001b[",
  "wide characters": "漢é🔑",
  "all of them": `\u001b[1mé%41%2541\\u0041&#x41;&#65;&amp;${token.slice(0, 7)}\u200b`
}

/** As many of a piece as fit. */
const fill = (piece: string, write: (text: string) => string): string => {
  const each = Buffer.byteLength(write(piece.repeat(1000))) / 1000
  for (let count = Math.ceil(maxBytes / each);; count--) {
    const body = write(piece.repeat(count))
    if (Buffer.byteLength(body) <= maxBytes) return body
  }
}

const plainly = (text: string): string => text

/** As many errors as are read, with the same text in each part of them. */
const listOf = (count: number, ...keys: ReadonlyArray<string>) => (text: string): string => {
  const part = text.slice(0, Math.floor(text.length / count / keys.length))
  return JSON.stringify({
    errors: Array.from({ length: count }, () => Object.fromEntries(keys.map(key => [key, part])))
  })
}

interface Hostile {
  readonly body: string
  /** How many details there are, and whether a text of each is redacted; undefined where that is no matter. */
  readonly details?: number
  readonly isRedacted?: boolean
}

const forms = {
  "as text": { write: plainly, details: 1 },
  "in 4 details": { write: listOf(4, "message"), details: 4 },
  "as the parameter of 16 details": {
    write: (text: string) => JSON.stringify({ errors: { [text]: Array.from({ length: 16 }, () => "is wrong") } }),
    details: 16
  },
  "in 16 details": { write: listOf(16, "type", "code", "message", "attribute", "url"), details: 16 }
}

const inEachForm = (name: string, piece: string, isRedacted?: boolean): ReadonlyArray<readonly [string, Hostile]> =>
  Object.entries(forms).map(([form, { details, write }]) => [
    `${name}, ${form}`,
    { body: fill(piece, write), ...(isRedacted === undefined ? {} : { isRedacted, details }) }
  ])

const bodies: Readonly<Record<string, Hostile>> = Object.fromEntries([
  ...Object.entries(secrets).flatMap(([secret, text]) =>
    Object.entries(encodings).flatMap(([encoding, encode]) => [
      ...inEachForm(`nearly the ${secret}, ${encoding}`, encode(nearly(text)), false),
      ...inEachForm(`the ${secret}, ${encoding}`, `${"-".repeat(99)}${encode(text)}`, true)
    ])
  ),
  ...Object.entries(others).flatMap(([name, piece]) => inEachForm(name, piece)),
  ["lists in lists", { body: "[".repeat(maxBytes), details: 0 }],
  ["whole lists in lists", { body: "[".repeat(maxBytes / 2) + "]".repeat(maxBytes / 2), details: 0 }],
  ["errors in errors", { body: `${"{\"error\":".repeat(6000)}1${"}".repeat(6000)}`, details: 0 }],
  ["objects that are cut off", { body: fill("{},", text => `{"errors":[${text}`), details: 0 }],
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

/** The least of some calls counts: the collector and other work of the machine make single ones slower. */
export const check: Effect.Effect<void> = Effect.forEach(
  Object.entries(bodies),
  ([name, hostile]) =>
    Effect.gen(function*() {
      assert.isAtMost(Buffer.byteLength(hostile.body), maxBytes, name)
      const { get } = yield* RoomSessions.RoomSessions
      const measured = yield* Effect.replicateEffect(cpuMillis(Effect.either(get(sessionId))), 6)
      assert.isBelow(Math.min(...measured.map(([millis]) => millis)), mostCpuMillis, name)
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
