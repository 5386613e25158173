/** What the service says about a refused request, in the shapes it is known to use, read into one. */
import { ErrorDetail } from "../../SignalWireError.ts"
import { header, type Response } from "./collector.ts"
import { type ContainsSecret, sanitize } from "./serverText.ts"

const maxDetails = 16
const maxText = 256

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const textAt = (fields: Fields, key: string): string | undefined => {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined
  return typeof value === "number" && key === "code" ? String(value) : typeof value === "string" ? value : undefined
}

/** An error of a list is an object or a text alone, and may be listed by its parameter. */
const toFields = (value: unknown, attribute?: string): Fields =>
  isFields(value) ? { attribute, ...value } : typeof value === "string" ? { attribute, message: value } : {}

const toList = (values: ReadonlyArray<unknown>, attribute?: string): ReadonlyArray<Fields> =>
  values.slice(0, maxDetails).map(value => toFields(value, attribute))

/** `{type, code, message, attribute, url}`, and what other endpoints and gateways call the same. */
const toDetail = (fields: Fields, containsSecret: ContainsSecret): ErrorDetail | undefined => {
  const text = (...keys: ReadonlyArray<string>): string | undefined => {
    for (const key of keys) {
      const found = sanitize(textAt(fields, key), maxText, containsSecret)
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
  const said = Object.entries(found).filter(([, value]) => value !== undefined)
  return said.length === 0 ? undefined : new ErrorDetail(Object.fromEntries(said))
}

const toDetails = (errors: ReadonlyArray<Fields>, containsSecret: ContainsSecret): ReadonlyArray<ErrorDetail> =>
  errors.slice(0, maxDetails).map(fields => toDetail(fields, containsSecret)).filter(detail => detail !== undefined)

const isOneError = (fields: Fields): boolean =>
  ["code", "message", "detail", "title"].some(key => textAt(fields, key) !== undefined)

/** `{"errors": [...]}`, `{"errors": {"id": ["is invalid"]}}`, and the same or one object as `error`. */
const listed = (body: Fields): ReadonlyArray<Fields> => {
  const errors = body["errors"] ?? body["error"]
  if (Array.isArray(errors)) return toList(errors)
  if (!isFields(errors)) return []
  return isOneError(errors)
    ? [errors]
    : Object.entries(errors).slice(0, maxDetails).flatMap(([attribute, said]) =>
      typeof said === "string" || Array.isArray(said) ? toList([said].flat(), attribute) : []
    )
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is whole of the objects in a JSON that was cut off. */
const wholeObjects = (text: string): ReadonlyArray<Fields> =>
  (text.match(/\{[^{}]*\}/g) ?? []).slice(0, maxDetails).map(parse).filter(isFields)

const readable = /^(?:text\/plain|application\/(?:[\w.-]+\+)?json)/i

const errorsIn = (text: string, contentType: string | undefined): ReadonlyArray<Fields> => {
  const body = parse(text)
  if (body !== undefined) return toList([body].flat())
  const start = text.trimStart()
  if (start.startsWith("{") || start.startsWith("[")) return wholeObjects(text)
  return start.startsWith("<") || !readable.test(contentType ?? "text/plain") ? [] : [{ message: text }]
}

/** The end may be in the middle of a character, where a body was cut off. */
const decode = (chunks: ReadonlyArray<Uint8Array>): string => {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  try {
    return chunks.map(chunk => decoder.decode(chunk, { stream: true })).join("")
  } catch {
    return ""
  }
}

/**
 * At most 16, each text cut and cleaned; none where the body is of no known shape, such as HTML. Of a body of which only a part
 * arrived, the errors count that are whole, or the beginning of its text.
 */
export const read = (
  { chunks, headers }: Pick<Response, "chunks" | "headers">,
  containsSecret: ContainsSecret
): ReadonlyArray<ErrorDetail> => {
  const errors = errorsIn(decode(chunks), header(headers, "content-type"))
  const [only] = errors
  const details = only === undefined || errors.length > 1 ? [] : toDetails(listed(only), containsSecret)
  return details.length > 0 ? details : toDetails(errors, containsSecret)
}
