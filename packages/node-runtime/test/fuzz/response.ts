/** Makes a response from a plan: its bytes, and the session that a client may decode from them. */
import { RoomSession } from "@effect-signalwire/core"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { Plan } from "./plan.ts"

/** The credentials of the requests, in the encodings that a response may echo. */
export interface Secrets {
  readonly header: string
  readonly base64: string
  readonly token: string
}

export interface FuzzedResponse {
  readonly writes: ReadonlyArray<Uint8Array>
  readonly pause: Plan["pause"]
  readonly ending: Plan["ending"]
  /** The only session that the call may succeed with; undefined where the call must fail. */
  readonly session: RoomSession.RoomSessionSummary | undefined
  /** Whether the call must succeed with the session. */
  readonly isComplete: boolean
}

const decode = Schema.decodeUnknownEither(RoomSession.RoomSessionSummary)
const utf8 = new TextDecoder("utf-8", { fatal: true })

/** The session in a body, if it is one with the id. */
const sessionIn = (body: Uint8Array, id: string): RoomSession.RoomSessionSummary | undefined =>
  Either.try((): unknown => JSON.parse(utf8.decode(body))).pipe(
    Either.flatMap(decode),
    Either.filterOrLeft(session => session.id.toLowerCase() === id.toLowerCase(), () => undefined),
    Either.getOrUndefined
  )

type Change = Extract<Plan["damage"], { readonly at: number }>

const apply = (bytes: Buffer, change: Change): { readonly bytes: Buffer; readonly at: number } => {
  const at = change.at % Math.max(1, bytes.length)
  switch (change._tag) {
    case "Cut":
      return { bytes: bytes.subarray(0, at), at }
    case "Flip": {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << change.bit)
      return { bytes: flipped, at }
    }
    case "Insert":
      return { bytes: Buffer.concat([bytes.subarray(0, at), change.bytes, bytes.subarray(at)]), at }
    case "Delete":
      return { bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + change.count)]), at }
  }
}

const jsonOf = (plan: Plan, id: string): Buffer => {
  const entries = Object.entries({ ...plan.extra, ...plan.session, id })
    .filter(([, value]) => !(plan.withoutNulls && value === null))
    .map(([key, value]): readonly [string, unknown] =>
      key === "fps" && plan.numericFps && value === "20" ? [key, 20] : [key, value]
    )
  const { damage } = plan
  const replaced = damage._tag === "Replace"
    ? entries.map(([key, value], index): readonly [string, unknown] =>
      index === damage.key % entries.length ? [key, damage.value] : [key, value]
    )
    : entries
  return Buffer.from(JSON.stringify(Object.fromEntries(replaced), null, plan.indent))
}

const framed = (plan: Plan, body: Buffer): { readonly header: string | undefined; readonly bytes: Buffer } => {
  const { framing } = plan
  // HTTP/1.0 has no chunks
  if (framing._tag === "Close" || (framing._tag === "Chunked" && plan.version === "1.0")) {
    return { header: undefined, bytes: body }
  }
  if (framing._tag === "Length") return { header: `content-length: ${body.length}`, bytes: body }
  const parts: Array<Buffer> = []
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const chunk = body.subarray(at, at + (framing.sizes[turn % framing.sizes.length] ?? 1))
    parts.push(Buffer.from(`${chunk.length.toString(16)}${framing.extension}\r\n`), chunk, Buffer.from("\r\n"))
    at += chunk.length
  }
  return {
    header: "Transfer-Encoding: chunked",
    bytes: Buffer.concat([...parts, Buffer.from(`0\r\n${framing.trailer}\r\n`)])
  }
}

const echo = (form: string, secrets: Secrets): string => {
  switch (form) {
    case "header":
      return secrets.header
    case "base64":
      return secrets.base64
    case "url":
      return encodeURIComponent(secrets.token)
    case "json":
      return JSON.stringify(secrets.token).slice(1, -1)
    default:
      return secrets.token
  }
}

const echoing = (status: number, secret: string): Buffer => {
  const body = Buffer.from(
    JSON.stringify({ error: secret, errors: [{ code: secret, message: `you sent ${secret}`, url: secret }] })
  )
  const visible = Buffer.from(secret).toString("latin1")
  return Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${status} ${visible}\r\nx-request-id: ${visible}\r\nretry-after: ${visible}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
      "latin1"
    ),
    body
  ])
}

const cut = (bytes: Buffer, positions: ReadonlyArray<number>): ReadonlyArray<Buffer> => {
  const ends = [...new Set(positions.map(position => position % Math.max(1, bytes.length))), bytes.length]
    .toSorted((left, right) => left - right)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)).filter(part => part.length > 0)
}

export const make = (plan: Plan, id: string, secrets: Secrets): FuzzedResponse => {
  const { damage } = plan
  const original = jsonOf(plan, id)
  const body = "at" in damage ? apply(original, damage).bytes : original
  const { bytes: content, header: framing } = framed(plan, body)
  const closes = framing === undefined
  const contentType = damage._tag === "ContentType" ? damage.type : plan.contentType
  const head = Buffer.from(
    [
      `HTTP/${plan.version} ${damage._tag === "Status" ? damage.status : 200} ${plan.phrase}`,
      ...plan.headers.filter(line => !(closes && line.startsWith("Connection"))),
      ...(contentType === undefined ? [] : [`Content-Type: ${contentType}`]),
      ...(framing === undefined ? [] : [framing]),
      ...(damage._tag === "Header" ? [damage.line] : []),
      "",
      ""
    ].join("\r\n"),
    "latin1"
  )
  const whole = damage._tag === "Garbage"
    ? Buffer.from(damage.bytes)
    : damage._tag === "Echo"
    ? echoing(damage.status, echo(damage.form, secrets))
    : Buffer.concat([Buffer.from(plan.interim), head, content])
  const wired = damage._tag === "Wire" ? apply(whole, damage.change) : undefined
  // a reset may discard bytes that were sent before it
  const isReset = plan.ending === "reset"
  const isHeadBad = damage._tag === "Status" || damage._tag === "Header" || damage._tag === "ContentType" ||
    damage._tag === "Garbage" || damage._tag === "Echo"
  const contentStart = whole.length - content.length
  const wireChange = damage._tag === "Wire" ? damage.change : undefined
  /** The session of a body whose bytes changed within an intact frame: with a length, it still has that many bytes. */
  const undetected = wired !== undefined && wired.at >= contentStart &&
      (closes || (plan.framing._tag === "Length" && wired.bytes.length >= whole.length))
    ? sessionIn(wired.bytes.subarray(contentStart, closes ? undefined : whole.length), id)
    : undefined
  const statusLine = wired?.bytes.subarray(plan.interim.length).toString("latin1").split("\r\n", 1)[0] ?? ""
  const isDetected = wired !== undefined &&
    ((wireChange?._tag === "Cut" && wired.at < whole.length) ||
      (wired.at >= plan.interim.length && wired.at < contentStart && !/^HTTP\/1\.[01] 200(?: |$)/.test(statusLine)))
  const session = isHeadBad || isDetected
    ? undefined
    : wired !== undefined && wired.at >= contentStart
    ? plan.framing._tag === "Chunked" && !closes
      ? flippedChunk(plan, id, body, wired.bytes.subarray(contentStart))
      : undetected
    : sessionIn(body, id)
  const bytes = wired?.bytes ?? whole
  return {
    writes: cut(closes || wired !== undefined ? bytes : Buffer.concat([bytes, Buffer.from(plan.after)]), plan.cuts),
    pause: plan.pause,
    ending: closes && plan.ending === "stay" ? "fin" : plan.ending,
    session,
    isComplete: session !== undefined && wired === undefined && !isReset
  }
}

/** The session of chunked content of which some bytes changed, if its chunks are still valid. */
const flippedChunk = (
  plan: Plan,
  id: string,
  body: Buffer,
  changed: Buffer
): RoomSession.RoomSessionSummary | undefined => {
  const parts: Array<Buffer> = []
  for (let rest = changed; rest.length > 0;) {
    const line = rest.indexOf("\r\n")
    const digits = /^[0-9a-f]+(?=;|$)/i.exec(rest.subarray(0, Math.max(0, line)).toString("latin1"))
    if (line < 0 || digits === null) return undefined
    const size = Number.parseInt(digits[0], 16)
    if (size === 0) return sessionIn(Buffer.concat(parts), id)
    parts.push(rest.subarray(line + 2, line + 2 + size))
    rest = rest.subarray(line + 4 + size)
  }
  return undefined
}
