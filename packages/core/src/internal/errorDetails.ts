/** What the service says about a refused request, in the shapes it is known to use, read into one. */
import * as Either from "effect/Either"
import { ErrorDetail } from "../SignalWireError.ts"
import { toText } from "./decode.ts"
import { clean, type Taint } from "./serverText.ts"

const maxDetails = 16
const maxText = 256

const property = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `{type, code, message, attribute, url}`, and `{detail, status, title, code}`, which some endpoints send. */
const toDetail = (value: unknown, taint: Taint): ErrorDetail | undefined => {
  const text = (...keys: ReadonlyArray<string>): string | undefined =>
    keys.map(key => clean(property(value, key), maxText, taint)).find(found => found !== undefined)
  const found = {
    type: text("type", "title"),
    code: text("code"),
    message: text("message", "detail"),
    attribute: text("attribute"),
    url: text("url")
  }
  const said = Object.entries(found).filter(([, value]) => value !== undefined)
  return said.length === 0 ? undefined : new ErrorDetail(Object.fromEntries(said))
}

/** Empty where the body is none of the known shapes. A body of which only a part arrived is none of them. */
export const read = (chunks: ReadonlyArray<Uint8Array>, taint: Taint): ReadonlyArray<ErrorDetail> => {
  const body = parse(Either.getOrElse(toText(chunks), () => ""))
  const errors = property(body, "errors")
  return (Array.isArray(errors) ? errors.slice(0, maxDetails) : [body])
    .map(value => toDetail(value, taint))
    .filter(detail => detail !== undefined)
}
