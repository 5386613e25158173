/** Reads the details of an error from its body. Several forms are known, and all are decoded to one. */
import * as Option from "effect/Option"
import { ErrorDetail } from "../../SignalWireError.ts"
import type { ContainsSecret } from "../secrets.ts"
import { header, type Response } from "./collector.ts"
import { sanitize } from "./serverText.ts"

const maxDetails = 16
const maxText = 256

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const textAt = (fields: Fields, key: string): string | undefined => {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined
  return typeof value === "number" && key === "code" ? String(value) : typeof value === "string" ? value : undefined
}

/** An error in a list is an object or a string. Its list may be the value of the parameter's name. */
const toFields = (value: unknown, attribute?: string): Fields | undefined => {
  if (typeof value === "string") return { attribute, message: value }
  return isFields(value) ? { ...value, attribute: textAt(value, "attribute") ?? attribute } : undefined
}

const toList = (values: ReadonlyArray<unknown>, attribute?: string): ReadonlyArray<Fields> =>
  values.map(value => toFields(value, attribute)).filter(fields => fields !== undefined).slice(0, maxDetails)

type Sanitize = (text: string | undefined) => string | undefined

/** Reads `{type, code, message, attribute, url}`, or the names that other endpoints and gateways use for these fields. */
const toDetail = (fields: Fields, sanitized: Sanitize): ErrorDetail | undefined => {
  const text = (...keys: ReadonlyArray<string>): string | undefined => {
    for (const key of keys) {
      const found = sanitized(textAt(fields, key))
      if (found !== undefined) return found
    }
    return undefined
  }
  const message = text("message", "detail", "error_description")
  const error = text("error", "errors")
  const found = {
    type: text("type", "title") ?? (message === undefined ? undefined : error),
    code: text("code"),
    message: message ?? error,
    attribute: text("attribute"),
    url: text("url", "more_info")
  }
  const sent = Object.entries(found).filter(([, value]) => value !== undefined)
  // a name of a parameter alone is not a detail
  return sent.every(([key]) => key === "attribute") ? undefined : new ErrorDetail(Object.fromEntries(sent))
}

const toDetails = (errors: ReadonlyArray<Fields>, sanitized: Sanitize): ReadonlyArray<ErrorDetail> =>
  errors.slice(0, maxDetails).map(fields => toDetail(fields, sanitized)).filter(detail => detail !== undefined)

const isOneError = (fields: Fields): boolean =>
  ["code", "message", "detail"].some(key => textAt(fields, key) !== undefined)

const isEmpty = (value: unknown): boolean => value === undefined || (isFields(value) && Object.keys(value).length === 0)

/**
 * The errors of a body: `{"errors": [...]}`, `{"errors": {"id": ["is invalid"]}}`, the same or one object as `error`, or a
 * list as `message`.
 */
const listed = (body: Fields): ReadonlyArray<Fields> => {
  const errors = [body["errors"], body["error"], body["message"]].find(value => !isEmpty(value))
  if (Array.isArray(errors)) return toList(errors)
  if (!isFields(errors)) return []
  return isOneError(errors)
    ? [errors]
    : Object.entries(errors).flatMap(([attribute, values]) => toList([values].flat(), attribute)).slice(0, maxDetails)
}

const parse = (text: string): Option.Option<unknown> => Option.liftThrowable(JSON.parse)(text)

/** The depth of the members of an error in a list. A member that is truncated at a greater depth is omitted. */
const maxTruncatedDepth = 2

/** Parses truncated JSON up to its last complete member or element, and closes the open brackets. */
const parseTruncated = (text: string): Option.Option<unknown> => {
  const open: Array<string> = []
  let isInString = false
  let end = 0
  let depth = 0
  const endAt = (at: number): void => {
    if (open.length > maxTruncatedDepth) return
    end = at
    depth = open.length
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isInString) {
      if (character === "\\") at++
      else if (character === "\"") isInString = false
      continue
    }
    if (character === "\"") isInString = true
    else if (character === "{") open.push("}")
    else if (character === "[") open.push("]")
    else if (character === "}" || character === "]") {
      open.pop()
      endAt(at + 1)
    } else if (character === ",") endAt(at)
  }
  return end === 0 ? Option.none() : parse(text.slice(0, end) + open.slice(0, depth).toReversed().join(""))
}

/**
 * Whether a text that is not JSON is a message: not HTML, and not the beginning of an object or an array with the content
 * type of JSON.
 */
const isMessage = (text: string, contentType: string | undefined): boolean => {
  if (/^\s*</.test(text)) return false
  return /^text\/plain/i.test(contentType ?? "") ||
    (/^(?:$|application\/(?:[\w.-]+\+)?json)/i.test(contentType ?? "") && !/^\s*[[{]/.test(text))
}

const errorsIn = (text: string, contentType: string | undefined): ReadonlyArray<Fields> =>
  Option.match(Option.orElse(parse(text), () => parseTruncated(text)), {
    onNone: () => isMessage(text, contentType) ? [{ message: text }] : [],
    onSome: body => toList([body].flat())
  })

/** A truncated body may end in the middle of a character, so the last decoder call is a streaming one too. */
const decode = (chunks: ReadonlyArray<Uint8Array>): string => {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  try {
    return chunks.map(chunk => decoder.decode(chunk, { stream: true })).join("")
  } catch {
    return ""
  }
}

/** Sanitizes each text of a body only once, since several fields can use it. */
const makeSanitize = (containsSecret: ContainsSecret): Sanitize => {
  const known = new Map<string, string | undefined>()
  return text => {
    if (text === undefined) return undefined
    if (!known.has(text)) known.set(text, sanitize(text, maxText, containsSecret))
    return known.get(text)
  }
}

/**
 * Reads at most 16 details, with shortened and sanitized texts; none from a body of an unknown form, such as HTML. From a
 * truncated body it reads the complete part of the JSON, or the beginning of the text.
 */
export const read = (
  { chunks, headers }: Pick<Response, "chunks" | "headers">,
  containsSecret: ContainsSecret
): ReadonlyArray<ErrorDetail> => {
  const sanitized = makeSanitize(containsSecret)
  const errors = errorsIn(decode(chunks), header(headers, "content-type"))
  const [only] = errors
  const details = only === undefined || errors.length > 1 ? [] : toDetails(listed(only), sanitized)
  return details.length > 0 ? details : toDetails(errors, sanitized)
}
